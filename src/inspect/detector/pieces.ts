/** Cuts a long text into pieces that a detector can be asked about, the same way every time. */
import type { Range } from '../../body/range.ts';

/** How far a piece reaches back into the one before it, in bytes: what a cut would divide stands whole in one of them. */
const overlapBytes = 256;

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The nearest beginning of a character at `at` or before. */
function characterStart(text: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && ((text[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}

/** Where a piece ends: behind the last line break between two offsets, else behind the last blank. */
function endWithin(text: Uint8Array, least: number, most: number): number {
  let blank = 0;
  for (let end = most; end > least; end -= 1) {
    const before = text[end - 1];
    if (before === 0x0a) return end;
    if (blank === 0 && isBlank(before)) blank = end;
  }
  return blank === 0 ? characterStart(text, most) : blank;
}

/** Where the next piece begins: behind the first blank from an offset on, else at it. */
function startWithin(text: Uint8Array, from: number, end: number): number {
  for (let start = from; start < end; start += 1) if (isBlank(text[start])) return start + 1;
  return characterStart(text, from);
}

/**
 * Returns the ranges of a text's pieces: ordered, overlapping, together all of it. They depend on what stands before
 * them only, so that a text that grows keeps the pieces it had.
 *
 * @param text UTF-8 @param mostBytes the size of a piece, at least 16
 */
export function pieces(text: Uint8Array, mostBytes: number): readonly Range[] {
  if (text.length <= mostBytes) return [{ start: 0, end: text.length }];
  const overlap = Math.min(overlapBytes, mostBytes >> 2);
  const ranges: Range[] = [];
  let start = 0;
  while (text.length - start > mostBytes) {
    const end = endWithin(text, start + (mostBytes >> 1), start + mostBytes);
    ranges.push({ start, end });
    start = startWithin(text, end - overlap, end);
  }
  ranges.push({ start, end: text.length });
  return ranges;
}
