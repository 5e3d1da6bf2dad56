/** Context words as they may stand in a text: without case and accents, in parts or in one, and how they begin. */
import { isAscii } from 'node:buffer';

/** Lower case without accents, as words are kept and texts are made before they are looked for: `NÚMERO`, `numero`. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return /[^\0-\x7f]/.test(lower) ? lower.normalize('NFD').replaceAll(/\p{Mn}/gu, '') : lower;
}

/** What joins the parts of a name, each as one blank: `tax id`, `tax_id`, `tax-id` and `tax.id` are one. */
export function unjoined(text: string): string {
  return text.replaceAll(/[-_.'\u2019]/g, ' ');
}

/** What is known of the words of rules: they are asked for again and again. */
const spellingsByWords = new WeakMap<readonly string[], readonly string[]>();
const keysByWords = new WeakMap<readonly string[], readonly number[]>();

/** How a rule's words may stand in a text that is folded and unjoined: with blanks, or in one (`taxId`). */
export function spellingsOf(words: readonly string[]): readonly string[] {
  let spellings = spellingsByWords.get(words);
  if (spellings === undefined) {
    const apart = words.map(unjoined);
    spellings = [...new Set([...apart, ...apart.map((word) => word.replaceAll(' ', ''))])];
    spellingsByWords.set(words, spellings);
  }
  return spellings;
}

/** How many keys of three letters there are, five bits each. */
export const keyCount = 2 ** 15;

/** Five bits of each of three bytes: equal for both cases of a letter. */
function keyOf(first: number, second: number, third: number): number {
  return ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);
}

/** Any byte, and what may stand for a blank between the parts of a word, as far as a key tells them apart. */
const any: readonly number[] = Array.from({ length: 32 }, (_, bits) => bits);
const joints: readonly number[] = Array.from(" -_.'", (joint) => joint.charCodeAt(0));

/** The keys of three letters with which words begin, in ASCII: what is written otherwise has bytes beyond it. */
export function keysOfWords(words: readonly string[]): readonly number[] {
  let keys = keysByWords.get(words);
  if (keys === undefined) keysByWords.set(words, (keys = [...new Set(spellingsOf(words).flatMap(keysOf))]));
  return keys;
}

function keysOf(spelling: string): readonly number[] {
  const [first = any, second = any, third = any] = Array.from(spelling.slice(0, 3), bytesOf);
  return first.flatMap((a) => second.flatMap((b) => third.map((c) => keyOf(a, b, c))));
}

function bytesOf(char: string): readonly number[] {
  if (char === ' ') return joints;
  return char > '\x7f' ? [] : [char.charCodeAt(0)];
}

/** A set of keys, as bits. */
export type KeySet = Uint8Array;

export function keySetOf(keys: readonly number[]): KeySet {
  const set = new Uint8Array(keyCount / 8);
  for (const key of keys) set[key >> 3] = (set[key >> 3] ?? 0) | (1 << (key & 7));
  return set;
}

const keySets = new WeakMap<readonly string[], KeySet>();

/** Whether one of the words may stand in a range of a text: seldom wrong when it says so, never when it does not. */
export function mayHoldWord(text: Uint8Array, from: number, to: number, words: readonly string[]): boolean {
  let keys = keySets.get(words);
  if (keys === undefined) keySets.set(words, (keys = keySetOf(keysOfWords(words))));
  // Beyond ASCII keys say nothing.
  return !isAscii(text.subarray(from, to)) || someBeginning(text, from, to, keys, () => true);
}

/** Asks about each key of a set with which a word may begin in a range, until the answer is yes; whether it was. */
export function someBeginning(
  text: Uint8Array,
  from: number,
  to: number,
  keys: KeySet,
  ask: (key: number) => boolean,
): boolean {
  let key = keyOf(0, text[from] ?? 0, text[from + 1] ?? 0);
  for (let at = from; at < to; at++) {
    key = ((key << 5) & (keyCount - 1)) | ((text[at + 2] ?? 0) & 31);
    if ((((keys[key >> 3] ?? 0) >>> (key & 7)) & 1) === 1 && isBeginning(text, at) && ask(key)) return true;
  }
  return false;
}

/** Whether a word may begin at a place: behind no letter, at a hump, or behind an escape. */
function isBeginning(text: Uint8Array, at: number): boolean {
  const before = text[at - 1] ?? 0;
  const letter = (before | 0x20) - 0x61;
  if (letter < 0 || letter > 25 || text[at - 2] === 0x5c) return true;
  return before > 0x60 && (text[at] ?? 0) < 0x60;
}
