/** Finds where a text may be numbers and little else: lists of bytes, and what `od` prints. */
import type { Range } from './range.ts';

/** Digits of either base, and what stands between and before numbers on several lines. */
const isNumberByte = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEFxX,:-+> \t\r\n') isNumberByte[char.charCodeAt(0)] = 1;
// The bytes of an arrow, as some tools put between a line's number and the line.
for (const byte of [0xe2, 0x86, 0x92]) isNumberByte[byte] = 1;
const isDigit = new Uint8Array(256);
for (const char of '0123456789') isDigit[char.charCodeAt(0)] = 1;

/** A region is looked for at every so many bytes: all that is longer is met. */
const stride = 64;
/** Shorter ones hold no value. */
export const leastRegion = 48;
/** How far behind a probe, over blanks, something else must stand. */
const longestBlank = 24;
/** So many bytes behind a probe tell: there is a digit among them. */
const probeBytes = 12;

/** Whether the bytes from an offset on are numbers and what stands between them. */
function areNumbers(text: Uint8Array, offset: number): boolean {
  let at = offset;
  while (at < offset + longestBlank && text[at] === 0x20) at += 1;
  let digits = 0;
  for (const end = at + probeBytes; at < end; at += 1) {
    const byte = text[at] ?? 0;
    if (isNumberByte[byte] === 0) return false;
    digits += isDigit[byte] ?? 0;
  }
  return digits > 0;
}

/** The regions of a text, in order, that are numbers and little else: words of hex letters may be among them. */
export function numberRegions(text: Uint8Array): readonly Range[] {
  const regions: Range[] = [];
  const { length } = text;
  let reached = 0;
  for (let at = stride >> 1; at < length; at += stride) {
    // Without a branch for each: most text fails at one of them.
    const first = (isNumberByte[text[at] ?? 0] ?? 0) & (isNumberByte[text[at + 2] ?? 0] ?? 0);
    if ((first & (isNumberByte[text[at + 5] ?? 0] ?? 0) & (isNumberByte[text[at + 7] ?? 0] ?? 0)) === 0) continue;
    if (at < reached || !areNumbers(text, at)) continue;
    let start = at;
    while (start > reached && isNumberByte[text[start - 1] ?? 0] === 1) start -= 1;
    let end = at;
    while (end < length && isNumberByte[text[end] ?? 0] === 1) end += 1;
    if (end - start >= leastRegion) regions.push({ start, end });
    reached = end;
  }
  return regions;
}
