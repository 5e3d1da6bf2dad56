/** The second signal of a rule: one of its words beside the value, above its column, or nothing else in the text at all. */
import { Buffer } from 'node:buffer';
import { latin1 } from '../core/bytes.ts';
import { fold, mayHoldWord, spellingsOf, unjoined } from './context-words.ts';
import { delimiters, Headings } from './headings.ts';

/** What a rule asks of a value's surroundings, with its words as {@link fold} makes them. */
export interface ContextRule {
  readonly words: readonly string[];
  /** How many bytes to each side are searched. */
  readonly within: number;
  /** Whether a value that is all its text holds needs no word: a cell, a field. */
  readonly isAloneEnough: boolean;
}

/** What was found: no word, a word, or a value on its own. `unresolved`: bytes that are still to come decide. */
export type ContextVerdict = 'none' | 'word' | 'alone' | 'unresolved';

/** How much white space may stand around a value that is on its own. */
const margin = 32;
/** How many bytes before a word tell whether it begins there: an escape has two. */
const leadLength = 2;
/** How many characters behind a short word tell whether it ends there: the last may be cut in two. */
const tailLength = 3;
/** A word of up to so many letters must end where the text's word does; a longer one may be its beginning. */
const wholeLength = 4;

/** Looks at what stands around a value. @param headings what is known already of those in this text */
export function contextAround(
  text: Uint8Array,
  start: number,
  end: number,
  isOpen: boolean,
  rule: ContextRule,
  headings = new Headings(),
): ContextVerdict {
  const { words, within } = rule;
  const isCut = isOpen && end + within > text.length;
  if (holdsWordIn(text, start - within, start, words) || holdsWordIn(text, end, end + within, words, isCut))
    return 'word';
  if (isCut) return 'unresolved';
  const heading = headingOf(text, start, end, headings);
  if (heading !== undefined && holdsWord(heading, words)) return 'word';
  return rule.isAloneEnough ? standsAlone(text, start, end, isOpen, within) : 'none';
}

/**
 * Whether one of the words begins and ends between two places of a text, which may lie outside it.
 *
 * @param isCut whether more of the text is to come within that: a word that it may go on is none yet
 */
function holdsWordIn(text: Uint8Array, from: number, to: number, words: readonly string[], isCut = false): boolean {
  const start = Math.max(0, from);
  const end = Math.min(text.length, to);
  if (!mayHoldWord(text, start, end, words)) return false;
  // What stands before the first place tells whether a word begins there.
  const lead = latin1(text, Math.max(0, start - leadLength), start).replaceAll(/[\x80-\xff]/g, '\ufffd');
  return holdsWord(lead + decoded(text, start, end), words, lead.length, isCut);
}

/**
 * Whether one of the words stands in text from a place on: not as the tail of another, but as a part of `cardNumber` or
 * `card_number`.
 */
function holdsWord(text: string, words: readonly string[], from = 0, isCut = false): boolean {
  const folded = unjoined(fold(text));
  // Folding keeps places but for a few letters; where it does not, humps are not told apart.
  const original = folded.length === text.length ? text : folded;
  return spellingsOf(words).some((word) => {
    for (let at = folded.indexOf(word, from); at >= 0; at = folded.indexOf(word, at + 1)) {
      if (isWordAt(original, at, word, isCut)) return true;
    }
    return false;
  });
}

/** Scripts that write no spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\u1100-\u11ff]/u;

function isWordAt(text: string, at: number, word: string, isCut: boolean): boolean {
  if (unspaced.test(word)) return true;
  const before = text[at - 1] ?? ' ';
  const isHump = /[a-z]/.test(before) && /[A-Z]/.test(text[at] ?? '');
  if (/\p{L}/u.test(before) && !isHump && !isEscapeLetter(text, at - 1)) return false;
  if (word.length > wholeLength) return true;
  const end = at + word.length;
  if (isCut && text.length - end < tailLength) return false;
  const isUpper = !/[a-z]/.test(text.slice(at, end));
  const rest = text.slice(end, end + 2).replace(/^s(?![a-z])/i, '');
  return !(isUpper ? /^\p{L}/u : /^\p{Ll}/u).test(rest);
}

/** Whether a letter ends an escape (`\n`, `\t`) that stands in the text as two characters. */
function isEscapeLetter(text: string, at: number): boolean {
  return text[at - 1] === '\\' && /[nrtbf]/.test(text[at] ?? '');
}

/** The heading of the column that a value stands in, where the lines above it are rows of a table. */
function headingOf(text: Uint8Array, start: number, end: number, headings: Headings): string | undefined {
  const delimiter = delimiterBefore(text, start) ?? delimiterAfter(text, start, end);
  return delimiter === undefined ? undefined : headings.find(text, start, delimiter);
}

/** Every heading that a value from `start` on, of at most so many bytes, can stand under: its end decides. */
export function headingsFor(text: Uint8Array, start: number, mostBytes: number, headings: Headings): readonly string[] {
  const before = delimiterBefore(text, start);
  if (before === undefined && !isLineStart(text, start)) return [];
  const rest = decoded(text, start, Math.min(text.length, start + mostBytes + padding + 1));
  const possible = before === undefined ? delimiters.filter((delimiter) => rest.includes(delimiter)) : [before];
  return possible.flatMap((delimiter) => headings.find(text, start, delimiter) ?? []);
}

/** How many quotes, blanks and backslashes may stand between a value and what separates it from the next. */
const padding = 3;

/** The byte before a value and what pads it; a line break at the start of the text. */
function leftOf(text: Uint8Array, start: number): number {
  let left = start - 1;
  while (left >= start - padding && isPadding(text[left])) left--;
  return left;
}

/** What separates a value from the cell before it. */
function delimiterBefore(text: Uint8Array, start: number): string | undefined {
  const before = String.fromCharCode(text[leftOf(text, start)] ?? 0);
  return delimiters.includes(before) ? before : undefined;
}

function isLineStart(text: Uint8Array, start: number): boolean {
  const left = leftOf(text, start);
  return left < 0 || text[left] === 0x0a || (text[left] === 0x6e && text[left - 1] === 0x5c);
}

/** In the first column, what separates a value from the cell after it. */
function delimiterAfter(text: Uint8Array, start: number, end: number): string | undefined {
  if (!isLineStart(text, start)) return undefined;
  let right = end;
  while (right < end + padding && isPadding(text[right])) right++;
  const after = String.fromCharCode(text[right] ?? 0);
  return delimiters.includes(after) ? after : undefined;
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x5c;
}

/** What else may stand in a text that holds nothing but values: a further one, and what joins it. */
const furtherValue =
  /^(?=(?:\D*\d){4})[A-Za-z0-9](?:[A-Za-z0-9./-]{3,30}[A-Za-z0-9])$|^(?:and|or|und|oder|et|ou|y|e|o|en|og|och|ve|to|&)$/;

/** Whether nothing else stands in the text, or nothing but more of its kind behind it: `4111… and 5500…`. */
function standsAlone(
  text: Uint8Array,
  start: number,
  end: number,
  isOpen: boolean,
  within: number,
): 'alone' | 'none' | 'unresolved' {
  if (start > margin || text.length > end + within || !/^\s*$/.test(decoded(text, 0, start))) return 'none';
  const after = decoded(text, end, text.length);
  const isBlank = /^\s*$/.test(after);
  if (isBlank ? text.length > end + margin : !/^[\s,;]/.test(after)) return 'none';
  // The last word of a text that may grow is not judged: it may grow too.
  const words = (isOpen ? after.replace(/[^\s,;]+$/, '') : after).split(/[\s,;]+/);
  if (!words.every((word) => word === '' || furtherValue.test(word))) return 'none';
  return isOpen ? 'unresolved' : 'alone';
}

function decoded(text: Uint8Array, start: number, end: number): string {
  return Buffer.from(text.buffer, text.byteOffset + start, end - start).toString('utf8');
}
