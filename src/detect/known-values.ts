/** Known values: exact literals that are found wherever they stand, in all their escaped and encoded forms. */
import { isWordBefore } from './boundary.ts';
import type { KnownMatch, KnownValue, KnownValues } from './match.ts';
import { formsOf } from './known-values-forms.ts';
import { LiteralIndex } from './known-values-index.ts';
import { cutLines, matchLines, startOfLines, type Lines } from './known-values-lines.ts';

/** Below this a value that is one word must stand alone: `hunter2x` is not masked inside `hunter2xyz`. */
const aloneBelow = 16;
/** Bytes after an occurrence that its boundary may need. */
const boundaryAhead = 1;
/** A stream that grows by single bytes is looked at once so many are new. */
const stepAtLeast = 256;

const noMatches: readonly KnownMatch[] = [];

/** A value as it is held: replaced when the same bytes are added with more said about them. */
interface Held {
  value: KnownValue;
}

interface Target {
  readonly held: Held;
  readonly encoding: readonly string[];
  readonly before: number;
  readonly after: number;
  /** Whether it must stand between boundaries. */
  readonly isAlone: boolean;
  /** Set for the anchor line of a value of several lines. */
  readonly lines?: Lines;
}

function isWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a) || byte === 0x5f;
}

function isHexDigit(byte: number | undefined): boolean {
  return isWord(byte) && /[0-9a-f]/i.test(String.fromCharCode(byte ?? 0));
}

/** Whether a word begins here: `%20` before it is an escape, as `\n` is. */
function isAloneAt(text: Uint8Array, start: number, end: number): boolean {
  if (isWord(text[end])) return false;
  if (!isWordBefore(text, start)) return true;
  return start >= 3 && text[start - 3] === 0x25 && isHexDigit(text[start - 2]) && isHexDigit(text[start - 1]);
}

/** Whether base64 characters (or padding) hold the value's outermost bits. */
function isBase64Char(byte: number | undefined): boolean {
  return isWord(byte) || byte === 0x2b || byte === 0x2f || byte === 0x2d;
}

/** Orders matches by start, the longer first; of equal ranges the less encoded. */
function byPlace(a: KnownMatch, b: KnownMatch): number {
  return a.start - b.start || b.end - a.end || a.encoding.length - b.encoding.length;
}

/** Drops each match that lies inside a longer one. */
function outermost(matches: KnownMatch[]): readonly KnownMatch[] {
  matches.sort(byPlace);
  let reach = -1;
  return matches.filter((match) => {
    if (match.end <= reach) return false;
    reach = match.end;
    return true;
  });
}

class GrowingKnownValues implements KnownValues {
  private readonly held = new Map<string, Held>();
  private readonly index = new LiteralIndex<Target>();
  private reach = 0;

  get size(): number {
    return this.held.size;
  }

  get longest(): number {
    return this.reach;
  }

  add(value: KnownValue): void {
    if (value.bytes.length === 0) return;
    const key = Buffer.from(value.bytes).toString('latin1');
    const known = this.held.get(key);
    if (known !== undefined) {
      if (value.isProtected && !known.value.isProtected) known.value = value;
      return;
    }
    const held: Held = { value };
    this.held.set(key, held);
    const isAlone = value.bytes.length < aloneBelow && value.bytes.every(isWord);
    for (const form of formsOf(value.bytes)) {
      const { bytes, encoding, before, after } = form;
      this.index.add(bytes, { held, encoding, before, after, isAlone: isAlone && encoding.length === 0 });
      this.reach = Math.max(this.reach, before + bytes.length + after);
    }
    const lines = cutLines(value.bytes);
    if (lines === undefined) return;
    this.index.add(lines.anchor, { held, encoding: [], before: 0, after: 0, isAlone: false, lines });
    this.reach = Math.max(this.reach, lines.longest);
  }

  scan(
    text: Uint8Array,
    from: number,
    isComplete: boolean,
  ): { readonly matches: readonly KnownMatch[]; readonly resume: number } {
    if (this.held.size === 0) return { matches: noMatches, resume: text.length };
    // What starts before `settled` stands in the text to its end, with what its boundary needs.
    const settled = isComplete ? text.length : text.length - this.reach - boundaryAhead;
    if (!isComplete && settled - from < Math.min(this.reach, stepAtLeast)) return { matches: noMatches, resume: from };

    // An occurrence that began earlier may hold one that begins here.
    const lookedAt = Math.max(0, from - this.reach);
    const found: KnownMatch[] = [];
    this.index.find(text, lookedAt, text.length, (target, start, end) => {
      const match = this.confirm(target, text, start, end);
      if (match !== undefined && match.start < settled) found.push(match);
    });
    if (found.length === 0) return { matches: noMatches, resume: settled };
    const matches = outermost(found);
    const cut = isComplete ? settled : cleanCut(matches, from, settled);
    return { matches: matches.filter(({ start }) => start >= from && start < cut), resume: cut };
  }

  private confirm(target: Target, text: Uint8Array, start: number, end: number): KnownMatch | undefined {
    const { held, encoding, lines } = target;
    if (lines !== undefined) {
      const first = startOfLines(text, start, lines);
      const last = first === -1 ? -1 : matchLines(text, first, lines.lines);
      return last < end ? undefined : { value: held.value, start: first, end: last, encoding };
    }
    if (target.isAlone && !isAloneAt(text, start, end)) return undefined;
    const before = target.before > 0 && isBase64Char(text[start - 1]) ? target.before : 0;
    const after = target.after > 0 && isBase64Char(text[end]) ? target.after : 0;
    return { value: held.value, start: start - before, end: end + after, encoding };
  }
}

/** Moves a cut to before whatever match crosses it, so that the next call sees each match whole or not at all. */
function cleanCut(matches: readonly KnownMatch[], from: number, settled: number): number {
  let cut = settled;
  for (const match of matches.toReversed()) if (match.start < cut && match.end > cut) cut = match.start;
  // A chain of overlapping matches back to the start: cut it anyway, the next call looks behind.
  return cut <= from ? settled : cut;
}

/** Makes an empty set. */
export function createKnownValues(): KnownValues {
  return new GrowingKnownValues();
}
