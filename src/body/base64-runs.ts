/** Finds runs of base64 characters: what may be an encoded text. */
import { blockBytes, leastForKernel, textKernel } from '../detect/text-kernel.ts';
import type { Range } from './range.ts';

/** The least run of base64 or hex that is looked at: shorter ones hold fewer than 15 (10) bytes. */
export const leastRun = 20;

/** 1: base64 (either alphabet), 2: also a hex digit. */
const runClass = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  runClass[char.charCodeAt(0)] = 1;
}
for (const char of '0123456789abcdefABCDEF') runClass[char.charCodeAt(0)] = 3;

/** Whether a byte is a hex digit. */
export function isHexDigit(byte: number | undefined): boolean {
  return runClass[byte ?? 0] === 3;
}

/** Whether a byte is a character of base64, in either alphabet: padding is none. */
export function isBase64(byte: number | undefined): boolean {
  return runClass[byte ?? 0] !== 0;
}

/** Where the run of base64 characters ends that `at` belongs to, looked at up to `limit`. */
export function runEnd(text: Uint8Array, at: number, limit: number): number {
  const last = Math.min(limit, text.length);
  let end = at;
  while (end < last && runClass[text[end] ?? 0] !== 0) end += 1;
  return end;
}

/** The end of a run with its padding. */
export function paddedEnd(text: Uint8Array, end: number): number {
  let padded = end;
  while (padded < end + 2 && text[padded] === 0x3d) padded += 1;
  return padded;
}

/** The run of base64 characters around an offset, begun at `from` at the earliest. */
export function runAround(text: Uint8Array, offset: number, from: number): Range {
  let start = offset;
  while (start > from && runClass[text[start - 1] ?? 0] !== 0) start -= 1;
  let end = offset;
  while (end < text.length && runClass[text[end] ?? 0] !== 0) end += 1;
  return { start, end };
}

/** Calls `found` with each maximal run of base64 characters of at least {@link leastRun}. */
export function eachRun(text: Uint8Array, found: (start: number, end: number) => void): void {
  const { length } = text;
  let start = 0;
  // From the back of each window of twenty: a character that ends a run moves the window past it, so that words and
  // code are mostly skipped.
  while (start + leastRun <= length) {
    let at = start + leastRun - 1;
    while (at >= start && runClass[text[at] ?? 0] !== 0) at -= 1;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + leastRun;
    while (end < length && runClass[text[end] ?? 0] !== 0) end += 1;
    found(start, end);
    start = end + 1;
  }
}

/**
 * As {@link eachRun}, by the kernel where it is to be had and the text is long: it leaves out runs that certainly hold
 * no text. Returns whether there may be a percent sign.
 */
export function eachLikelyRun(text: Uint8Array, found: (start: number, end: number) => void): boolean {
  const { length } = text;
  const kernel = length >= leastForKernel ? textKernel() : undefined;
  if (kernel === undefined) {
    eachRun(text, found);
    return true;
  }
  let hasPercent = 0;
  for (let from = 0; from < length;) {
    // A block ends where a run begins, if one stands across its end.
    const end = from + blockBytes < length ? runAround(text, from + blockBytes, from).start : length;
    if (end === from) {
      from = runAround(text, from, from).end;
      found(end, from);
      continue;
    }
    kernel.load(text, from, end - from);
    const result = kernel.findRuns(end - from);
    hasPercent |= result & 1;
    // Copied: what is found may be read with the kernel's help.
    const runs = kernel.runs.slice(0, result & ~1);
    for (let index = 0; index < runs.length; index += 2)
      found(from + (runs[index] ?? 0), from + (runs[index + 1] ?? 0));
    from = end;
  }
  return hasPercent === 1;
}
