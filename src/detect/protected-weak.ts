/** Weak protected values: found only as the value of their own variable, or as the password of a URL. */
import { utf8 } from '../core/bytes.ts';
import { isWordBefore } from './boundary.ts';
import { formsOf } from './known-values-forms.ts';
import { isAt, LiteralIndex } from './known-values-index.ts';
import type { KnownMatch, KnownValue, KnownValues } from './match.ts';
import type { WeakValue } from './protected.ts';

/** Bytes between a name and its value: quotes, blanks, the sign, at whatever depth of escaping. */
const signAtMost = 24;
/** Bytes of a URL before its password. */
const userAtMost = 256;

/** The value's own bytes and JSON escapes; in other encodings a weak value is not looked for. */
interface Spelling {
  readonly bytes: Uint8Array;
  readonly encoding: readonly string[];
}

interface Held {
  readonly value: KnownValue;
  readonly spellings: readonly Spelling[];
}

/** What a literal of the index stands for. */
type Anchor =
  { readonly kind: 'name'; readonly held: Held } | ({ readonly kind: 'userinfo'; readonly held: Held } & Spelling);

const noMatches: readonly KnownMatch[] = [];

function isWord(byte: number | undefined): boolean {
  return byte !== undefined && /\w/.test(String.fromCharCode(byte));
}

function among(byte: number | undefined, characters: string): boolean {
  return byte !== undefined && characters.includes(String.fromCharCode(byte));
}

/** Skips what stands between a name and its value; -1 when that is no assignment. */
function skipSign(text: Uint8Array, from: number): number {
  let at = from;
  let signs = 0;
  const limit = from + signAtMost;
  while (at < limit && among(text[at], ' \t"\'`\\=:>]),')) {
    if (among(text[at], '=:,')) signs++;
    at++;
  }
  return signs >= 1 && signs <= 2 ? at : -1;
}

class WeakValues implements KnownValues {
  private readonly index = new LiteralIndex<Anchor>();
  private count = 0;
  private reach = 0;

  constructor(values: readonly WeakValue[]) {
    for (const value of values) this.add(value);
  }

  get size(): number {
    return this.count;
  }

  get longest(): number {
    return this.reach;
  }

  add(value: KnownValue & { readonly isNamed?: boolean }): void {
    if (value.bytes.length === 0 || value.name === undefined) return;
    const spellings = formsOf(value.bytes).filter(({ encoding }) => encoding.every((layer) => layer === 'json'));
    const held = { value, spellings };
    const name = utf8(value.name);
    if (value.isNamed !== false) this.index.add(name, { kind: 'name', held });
    for (const { bytes, encoding } of formsOf(value.bytes)) {
      if (!encoding.every((layer) => layer === 'json' || layer === 'percent')) continue;
      const literal = Buffer.concat([utf8(':'), bytes, utf8('@')]);
      this.index.add(literal, { kind: 'userinfo', held, bytes, encoding });
    }
    const longest = Math.max(...spellings.map(({ bytes }) => bytes.length));
    this.reach = Math.max(this.reach, name.length + signAtMost + longest, userAtMost + 3 * longest + 2) + 2;
    this.count++;
  }

  scan(
    text: Uint8Array,
    from: number,
    isComplete: boolean,
  ): { readonly matches: readonly KnownMatch[]; readonly resume: number } {
    if (this.count === 0) return { matches: noMatches, resume: text.length };
    const settled = isComplete ? text.length : text.length - this.reach;
    if (settled <= from) return { matches: noMatches, resume: isComplete ? text.length : from };
    const found: KnownMatch[] = [];
    let cut = settled;
    // A name or a scheme may stand before `from` with its value after it.
    this.index.find(text, Math.max(0, from - this.reach), text.length, (anchor, start, end) => {
      const match = anchor.kind === 'name' ? assigned(anchor.held, text, start, end) : userinfo(anchor, text, start);
      if (match !== undefined && match.start >= from && match.start < settled) found.push(match);
      // A name whose value is still to come is kept for the next call.
      if (!isComplete && start < cut && end + signAtMost >= settled) cut = Math.max(start, from);
    });
    if (cut === from) cut = settled;
    const matches = found.filter(({ start }) => start < cut);
    return { matches: matches.sort((a, b) => a.start - b.start || b.end - a.end), resume: cut };
  }
}

/** The value after `NAME=`, `"NAME": "`, `NAME => '` …, ending at a boundary. */
function assigned(held: Held, text: Uint8Array, nameAt: number, nameEnd: number): KnownMatch | undefined {
  if (isWordBefore(text, nameAt) || isWord(text[nameEnd])) return undefined;
  const limit = skipSign(text, nameEnd);
  if (limit === -1) return undefined;
  // The value itself may begin with what was skipped as a quote: the earliest place counts.
  for (let start = nameEnd + 1; start <= limit; start++) {
    for (const { bytes, encoding } of held.spellings) {
      const end = start + bytes.length;
      if (!isAt(text, start, bytes) || isWord(text[end])) continue;
      return { value: held.value, start, end, encoding };
    }
  }
  return undefined;
}

/** The password in `scheme://user:password@`. */
function userinfo(
  anchor: Spelling & { readonly held: Held },
  text: Uint8Array,
  colonAt: number,
): KnownMatch | undefined {
  let at = colonAt;
  const limit = Math.max(0, colonAt - userAtMost);
  while (at > limit && !among(text[at - 1], '/@ \t\n"\'')) at--;
  const isUrl = text[at - 1] === 0x2f && (text[at - 2] === 0x2f || (text[at - 2] === 0x5c && text[at - 3] === 0x2f));
  if (!isUrl) return undefined;
  const start = colonAt + 1;
  return { value: anchor.held.value, start, end: start + anchor.bytes.length, encoding: anchor.encoding };
}

/** Makes the set of weak values; it is asked like any other set of known values. */
export function createWeakValues(values: readonly WeakValue[]): KnownValues {
  return new WeakValues(values);
}
