/** Boundaries in text that may itself be escaped: a literal `\n` or a colour before a token is no word character. */
import { digitOf, isParameter, longestParameters } from './escapes.ts';
import { wordSet } from './regex/syntax.ts';
import type { TokenStart } from './token-prefix.ts';

const backslash = 0x5c;

/** Letters that end a two-byte escape in JSON and in program text. */
const isEscapeLetter = flagsOf('nrtbfv');
/** Letters that end a terminal's control sequence: colours, erasing, moving, showing and hiding the cursor. */
export const sequenceLetters = 'ABCDEFGHJKhlm';
const isSequenceLetter = flagsOf(sequenceLetters);

function flagsOf(letters: string): Uint8Array {
  const flags = new Uint8Array(256);
  for (const letter of letters) flags[letter.charCodeAt(0)] = 1;
  return flags;
}

function isHex(byte: number | undefined): boolean {
  return digitOf(byte) >= 0;
}

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}

/** How far before a position {@link isWordBefore} looks: `\u001b[`, parameters, the letter. */
export const boundaryReach = 6 + 1 + longestParameters + 1;

/**
 * Whether the byte before a position belongs to a word: it does not when it ends an escape (`\n`, `\u0022`, `\x20`,
 * `\040`, `=3D` as mail writes `=`) or a terminal's control sequence, whose ESC may be spelled as an escape too.
 */
export function isWordBefore(text: Uint8Array, at: number): boolean {
  const byte = text[at - 1] ?? 0;
  if (at === 0 || wordSet[byte] !== 1) return false;
  if (isEscapeLetter[byte] === 1 && text[at - 2] === backslash) return false;
  if (isHex(byte) && endsCode(text, at)) return false;
  return isSequenceLetter[byte] !== 1 || !endsSequence(text, at);
}

/** Whether an escape that names a code ends at a position, whose last byte is known to be a hexadecimal digit. */
function endsCode(text: Uint8Array, at: number): boolean {
  const third = text[at - 3];
  if (third === 0x78) return text[at - 4] === backslash && isHex(text[at - 2]);
  if (third === 0x30 && text[at - 4] === backslash) return isOctal(text[at - 2]) && isOctal(text[at - 1]);
  if (third === 0x3d) return text[at - 2] === 0x33 && text[at - 1] === 0x44;
  return (
    text[at - 5] === 0x75 && text[at - 6] === backslash && isHex(text[at - 2]) && isHex(third) && isHex(text[at - 4])
  );
}

/** Whether a control sequence ends at a position, whose last byte is known to be a letter that can end one. */
function endsSequence(text: Uint8Array, at: number): boolean {
  let bracket = at - 2;
  while (at - 2 - bracket < longestParameters && isParameter(text[bracket])) bracket--;
  if (text[bracket] !== 0x5b) return false;
  const last = text[bracket - 1];
  if (last === 0x1b) return true;
  if (last === 0x65 || last === 0x45) return text[bracket - 2] === backslash;
  if (last === 0x33) return isAt(text, bracket, '\\033');
  if (last !== 0x62 && last !== 0x42) return false;
  return text[bracket - 2] === 0x31 && (isAt(text, bracket - 2, '\\x') || isAt(text, bracket - 2, '\\u00'));
}

/** Whether some letters stand right before a position. */
function isAt(text: Uint8Array, end: number, letters: string): boolean {
  const start = end - letters.length;
  for (let i = 0; i < letters.length; i++) if (text[start + i] !== letters.charCodeAt(i)) return false;
  return true;
}

/** Whether a position stands inside an escape, between the backslash and its last character. */
export function isInsideEscape(text: Uint8Array, at: number): boolean {
  if (at === 0 || at >= text.length) return false;
  if (text[at - 1] === backslash) return isEscapeLetter[text[at] ?? 0] === 1 || text[at] === 0x75 || text[at] === 0x78;
  for (let back = 2; back <= 5 && back <= at; back++) {
    if (text[at - back] !== backslash) continue;
    const letter = text[at - back + 1];
    if (letter === 0x78) return back <= 3 && isHex(text[at - back + 2]) && isHex(text[at - back + 3]);
    return letter === 0x75 && isHexRun(text, at - back + 2);
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

/**
 * Whether a match may begin at a position. One of a token with a prefix of its own may also behind `_`, behind any byte that
 * mail or a URL names by its code, and one that begins with capitals behind a letter in lower case.
 */
export function isStartOf(text: Uint8Array, at: number, start: TokenStart): boolean {
  if (start === 'word') return isBoundary(text, at);
  if (!isWordBefore(text, at)) return true;
  const byte = text[at - 1] ?? 0;
  if (byte === 0x5f) return true;
  if ((text[at - 3] === 0x3d || text[at - 3] === 0x25) && isHex(text[at - 2]) && isHex(byte)) return true;
  return start === 'capitals' && byte >= 0x61 && byte <= 0x7a;
}
