/** Finds the placeholders of one exchange in reply text, whole, split or damaged. */
import { idLength, kindOf, maxKindLength, prefixOf, type Placeholders } from './placeholders.ts';
import type { Vault, VaultEntry } from './vault.ts';

/**
 * A place where a placeholder stands, or something that was meant to be one.
 * - `exact` and `repaired`: resolved to an entry of the vault; repaired ones had another case, spaces or escapes
 *   between their parts, or had lost their tail.
 * - `foreign`: a valid placeholder that this exchange did not mask.
 * - `near`: meant to be one, but not to be resolved.
 */
export type Candidate =
  | { readonly state: 'exact' | 'repaired'; readonly start: number; readonly end: number; readonly entry: VaultEntry }
  | { readonly state: 'foreign' | 'near'; readonly start: number; readonly end: number };

export interface Finder {
  /** Whether text in which escapes still stand can hold a candidate at all: a cheap no for most. */
  mayHold(escaped: string): boolean;
  /**
   * Finds candidates that begin at `from` or later.
   *
   * @returns them in order, and `pending`: the offset from which the text may still grow into one (the text's length
   *   when `isComplete` or nothing is in flight). No candidate reaches beyond `pending`.
   */
  scan(
    text: string,
    from: number,
    isComplete: boolean,
  ): { readonly candidates: readonly Candidate[]; readonly pending: number };
}

/** The least of an id that must be there to tell a lost tail (20 bits) from a name that only begins alike. */
const leastId = 4;
/** Characters that may come between two parts where a model or a renderer broke them: at most so many in a row. */
const maxSeparators = 3;

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** `_`, backslash (an escaped underscore), space, hyphen. */
function isSeparator(code: number): boolean {
  return code === 0x5f || code === 0x5c || code === 0x20 || code === 0x2d;
}

/** A placeholder without separators and case. */
function compactOf(placeholder: string): string {
  return placeholder.replaceAll('_', '').toLowerCase();
}

/** How far a text that begins like a placeholder goes along with those of the vault. */
interface Walk {
  readonly outcome: 'whole' | 'open' | 'broken';
  /** The entries that agree with every character so far, as a range of the sorted list. */
  readonly low: number;
  readonly high: number;
  readonly depth: number;
  /** After the last character that agreed. */
  readonly end: number;
}

/** Makes the finder of one exchange. The vault must not be empty and must not change afterwards. */
export function createFinder(vault: Vault, placeholders: Pick<Placeholders, 'isValid'>): Finder {
  const known = [...vault.entries()]
    .map((entry) => ({ entry, compact: compactOf(entry.placeholder) }))
    .sort((a, b) => (a.compact < b.compact ? -1 : a.compact > b.compact ? 1 : 0));
  const prefix = prefixOf(known[0]?.entry.placeholder ?? 'SLUICE_');
  const kinds = new Set(known.map(({ entry }) => kindOf(entry.placeholder)));
  const anyCase = new RegExp(prefix, 'gi');
  const lower = prefix.toLowerCase();
  const whole = new RegExp(`${prefix}_[A-Z0-9_]{1,${maxKindLength}}_[a-z2-7]{${idLength}}`, 'y');
  const shape = new RegExp(`${prefix}_([A-Z0-9_]{1,${maxKindLength}})_([a-z2-7]{12,20})`, 'y');
  const openShape = new RegExp(`${prefix}_[A-Z0-9_]{0,${maxKindLength + 1}}[a-z2-7]{0,19}$`, 'y');

  /** Whether a start in this place counts: as it is written, or in another case where a word begins. */
  function isStart(text: string, at: number, length: number): boolean {
    if (text.startsWith(prefix.slice(0, length), at)) return true;
    return at === 0 || !isAlphanumeric(text.charCodeAt(at - 1));
  }

  /** The first entry of a range, whose characters before `depth` agree, that stands at or after `char`. */
  function firstFrom(low: number, high: number, depth: number, char: string): number {
    let from = low;
    let to = high;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((known[middle]?.compact[depth] ?? '') < char) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  function walk(text: string, start: number): Walk {
    let low = 0;
    let high = known.length;
    let depth = 0;
    let end = start;
    let separators = 0;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (isAlphanumeric(code)) {
        const char = text[at]?.toLowerCase() ?? '';
        const first = firstFrom(low, high, depth, char);
        const last = firstFrom(first, high, depth, `${char}\uffff`);
        if (first === last) return { outcome: 'broken', low, high, depth, end };
        low = first;
        high = last;
        depth += 1;
        end = at + 1;
        separators = 0;
        if (depth === known[low]?.compact.length) return { outcome: 'whole', low, high: low + 1, depth, end };
      } else if (depth >= prefix.length && isSeparator(code) && separators < maxSeparators) separators += 1;
      else return { outcome: 'broken', low, high, depth, end };
    }
    return { outcome: 'open', low, high, depth, end };
  }

  /** Judges text that does not go all the way along with an entry. */
  function judgeBroken(text: string, start: number, { low, high, depth, end }: Walk): Candidate | undefined {
    const only = known[low];
    if (only === undefined) return undefined;
    const idDepth = depth - (only.compact.length - idLength);
    // What begins anew inside it is a placeholder of its own.
    const reach = prefix.length + maxKindLength + idLength;
    const within = text.slice(start + 1, Math.max(end, start + reach) + prefix.length).indexOf(prefix);
    const anew = within === -1 ? -1 : start + 1 + within;
    if (anew !== -1 && anew < end) return idDepth >= leastId ? { state: 'near', start, end: anew } : undefined;
    const isCut = end >= text.length || !isAlphanumeric(text.charCodeAt(end));
    if (high - low === 1 && idDepth >= leastId && isCut) return { state: 'repaired', start, end, entry: only.entry };
    shape.lastIndex = start;
    const found = shape.exec(text);
    if (found !== null && (anew === -1 || anew >= shape.lastIndex)) {
      const [whole, kind = '', id = ''] = found;
      const exact = whole.slice(0, whole.length - id.length + idLength);
      if (id.length >= idLength && placeholders.isValid(exact)) {
        return { state: 'foreign', start, end: start + exact.length };
      }
      if (kinds.has(kind) || id.length === idLength) return { state: 'near', start, end: start + whole.length };
    }
    return idDepth >= leastId ? { state: 'near', start, end } : undefined;
  }

  /** The offset of a first part of the prefix at the text's end, or the text's length. */
  function openPrefix(text: string, from: number): number {
    for (let length = Math.min(lower.length - 1, text.length - from); length > 0; length--) {
      const at = text.length - length;
      if (text.slice(at).toLowerCase() === lower.slice(0, length) && isStart(text, at, length)) return at;
    }
    return text.length;
  }

  return {
    mayHold(escaped) {
      anyCase.lastIndex = 0;
      return anyCase.test(escaped) || escaped.includes('\\u') || escaped.includes('\\x');
    },
    scan(text, from, isComplete) {
      const candidates: Candidate[] = [];
      let next = from;
      anyCase.lastIndex = from;
      for (let found = anyCase.exec(text); found !== null; found = anyCase.exec(text)) {
        const start = found.index;
        if (!isStart(text, start, prefix.length)) {
          anyCase.lastIndex = start + 1;
          continue;
        }
        // As it is written, at once: most are, and the walk is ten times slower.
        whole.lastIndex = start;
        const exact = vault.get(whole.exec(text)?.[0] ?? '');
        if (exact !== undefined) {
          next = start + exact.placeholder.length;
          candidates.push({ state: 'exact', start, end: next, entry: exact });
          anyCase.lastIndex = next;
          continue;
        }
        const walked = walk(text, start);
        const entry = known[walked.low]?.entry;
        if (walked.outcome === 'whole' && entry !== undefined) {
          candidates.push({ state: 'repaired', start, end: walked.end, entry });
          next = walked.end;
        } else {
          openShape.lastIndex = start;
          if (!isComplete && (walked.outcome === 'open' || openShape.test(text))) return { candidates, pending: start };
          const judged = judgeBroken(text, start, walked);
          if (judged !== undefined) candidates.push(judged);
          next = judged?.end ?? start + prefix.length;
        }
        anyCase.lastIndex = next;
      }
      return { candidates, pending: isComplete ? text.length : openPrefix(text, next) };
    },
  };
}
