/** Boundaries in text that may itself be escaped: a literal `\n` before a token is no word character. */
import { wordSet } from './regex/syntax.ts';

const backslash = 0x5c;

/** Letters that end a two-byte escape in JSON and in program text. */
const escapeLetters = new Uint8Array(256);
for (const letter of 'nrtbfv') escapeLetters[letter.charCodeAt(0)] = 1;

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66));
}

/** How far before a position {@link isWordBefore} looks. */
export const boundaryReach = 6;

/** Whether the byte before a position belongs to a word: it does not when it ends an escape (`\n`, `\u0022` …). */
export function isWordBefore(text: Uint8Array, at: number): boolean {
  if (at === 0 || wordSet[text[at - 1] ?? 0] !== 1) return false;
  if (at >= 2 && text[at - 2] === backslash && escapeLetters[text[at - 1] ?? 0] === 1) return false;
  if (at >= 6 && text[at - 6] === backslash && text[at - 5] === 0x75) {
    return !(isHex(text[at - 4]) && isHex(text[at - 3]) && isHex(text[at - 2]) && isHex(text[at - 1]));
  }
  return true;
}

/** Whether a position stands inside an escape, between the backslash and its last character. */
export function isInsideEscape(text: Uint8Array, at: number): boolean {
  if (at === 0 || at >= text.length) return false;
  if (text[at - 1] === backslash) return escapeLetters[text[at] ?? 0] === 1 || text[at] === 0x75;
  for (let back = 2; back <= 5 && back <= at; back++) {
    if (text[at - back] === backslash) return text[at - back + 1] === 0x75 && isHexRun(text, at - back + 2);
  }
  return false;
}

function isHexRun(text: Uint8Array, at: number): boolean {
  return isHex(text[at]) && isHex(text[at + 1]) && isHex(text[at + 2]) && isHex(text[at + 3]);
}

/** Whether a word begins or ends at a position; what stands before it is read with escapes in mind. */
export function isBoundary(text: Uint8Array, at: number): boolean {
  const isWordAfter = at < text.length && wordSet[text[at] ?? 0] === 1;
  return isWordBefore(text, at) !== isWordAfter;
}
