/** Escapes as programs and terminals write them: how far one reaches, and which character it stands for. */

const backslash = 0x5c;
const escapeByte = 0x1b;

/** What the letters behind a backslash stand for. */
const codes: Readonly<Record<string, number>> = {
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  b: 0x08,
  f: 0x0c,
  v: 0x0b,
  e: escapeByte,
  E: escapeByte,
};
const letterCodes = new Int16Array(256).fill(-1);
for (const [letter, code] of Object.entries(codes)) letterCodes[letter.charCodeAt(0)] = code;

/** An escape that begins with a backslash. */
export interface Escape {
  /** The code of its character. */
  readonly code: number;
  /** Where it ends. */
  readonly end: number;
}

/** The escape that begins with the backslash at a place: `\n`, `\e`, `\u000a`, `\x1b`, `\033`. */
export function escapedCode(text: Uint8Array, at: number): Escape | undefined {
  if (text[at] !== backslash) return undefined;
  const byte = text[at + 1] ?? 0;
  const code = letterCodes[byte] ?? -1;
  if (code >= 0) return { code, end: at + 2 };
  if (byte === 0x75) return numbered(text, at + 2, 4, 16);
  if (byte === 0x78) return numbered(text, at + 2, 2, 16);
  // Higher octal codes are letters and digits, or the groups of a regular expression.
  return byte === 0x30 ? numbered(text, at + 1, 3, 8) : undefined;
}

function numbered(text: Uint8Array, from: number, count: number, radix: number): Escape | undefined {
  let code = 0;
  for (let at = from; at < from + count; at++) {
    const digit = digitOf(text[at]);
    if (digit < 0 || digit >= radix) return undefined;
    code = code * radix + digit;
  }
  return { code, end: from + count };
}

/** What a hexadecimal digit stands for; -1 for any other byte. */
export function digitOf(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** How long what stands between `ESC [` and the letter that ends a control sequence may be: two colours in 24 bits take 34. */
export const longestParameters = 40;

/** Whether a byte may stand between `ESC [` and the letter: digits, `;`, `:`, `?`. */
export function isParameter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x3b) || byte === 0x3f);
}

/** Where a terminal's control sequence ends, `at` being behind its ESC; `at` itself where there is none. */
export function csiEnd(text: Uint8Array, at: number): number {
  if (text[at] !== 0x5b) return at;
  let end = at + 1;
  while (end - at <= longestParameters && isParameter(text[end])) end++;
  const last = text[end] ?? 0;
  return (last >= 0x41 && last <= 0x5a) || (last >= 0x61 && last <= 0x7a) ? end + 1 : at;
}
