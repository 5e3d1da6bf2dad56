/** Finds where texts may begin in a run of base64 characters that is mostly none: what cannot be part of one is skipped. */
import { leastRun } from './base64-runs.ts';
import { letterA, mayBeWide, sextets } from './run-beginnings.ts';
import { isTextByte } from './text-bytes.ts';

/** What a byte is in UTF-8 text: 0 nothing, 1 a character, 2 a continuation, 3 and more the lead of one or more. */
export const textClass = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  if (byte < 0x80) textClass[byte] = isTextByte(byte) ? 1 : 0;
  else if (byte < 0xc0) textClass[byte] = 2;
  else if (byte >= 0xc2 && byte < 0xf5) textClass[byte] = byte < 0xe0 ? 3 : byte < 0xf0 ? 4 : 5;
}

/** Where the text ends that base64 from `start` on decodes to, at the end of a quantum. */
export function textEnd(text: Uint8Array, start: number, end: number): number {
  let settled = start;
  let continuations = 0;
  for (let at = start; at + 4 <= end; at += 4) {
    const second = sextets[text[at + 1] ?? 0] ?? 0;
    const third = sextets[text[at + 2] ?? 0] ?? 0;
    const a = textClass[((sextets[text[at] ?? 0] ?? 0) << 2) | (second >> 4)] ?? 0;
    if ((a === 2) !== continuations > 0 || a === 0) break;
    const b = textClass[((second & 15) << 4) | (third >> 2)] ?? 0;
    const c = textClass[((third & 3) << 6) | (sextets[text[at + 3] ?? 0] ?? 0)] ?? 0;
    if (a === 1 && b === 1 && c === 1) {
      settled = at + 4;
      continue;
    }
    continuations = a < 3 ? continuations - a + 1 : a - 2;
    if ((b === 2) !== continuations > 0 || b === 0) break;
    continuations = b < 3 ? continuations - b + 1 : b - 2;
    if ((c === 2) !== continuations > 0 || c === 0) break;
    continuations = c < 3 ? continuations - c + 1 : c - 2;
    if (continuations === 0) settled = at + 4;
  }
  return settled;
}

/** Whether a text of some length begins in base64 at `start`. */
export function beginsText(text: Uint8Array, start: number, end: number): boolean {
  return textEnd(text, start, end) - start >= leastRun;
}

/** Whether a quantum can be a part of UTF-8 text, whatever stands around it. */
function mayBePart(text: Uint8Array, at: number): boolean {
  const second = sextets[text[at + 1] ?? 0] ?? 0;
  const third = sextets[text[at + 2] ?? 0] ?? 0;
  const a = textClass[((sextets[text[at] ?? 0] ?? 0) << 2) | (second >> 4)] ?? 0;
  const b = textClass[((second & 15) << 4) | (third >> 2)] ?? 0;
  const c = textClass[((third & 3) << 6) | (sextets[text[at + 3] ?? 0] ?? 0)] ?? 0;
  return a !== 0 && mayFollow(a, b) && mayFollow(b, c);
}

/** Whether a byte of one class can stand behind one of another: continuations behind leads and continuations only. */
function mayFollow(before: number, after: number): boolean {
  if (after === 0 || before === 2) return after !== 0;
  return (after === 2) === before > 2;
}

/**
 * The first place at or after `from`, so many whole quanta further, where a text of {@link leastRun} may begin; `end` where
 * none may. The last quantum that it must have is looked at first: if that can be no part, no text begins up to there.
 */
function nextInPhase(text: Uint8Array, from: number, end: number): number {
  for (let at = from; at + leastRun <= end;) {
    let quantum = at + leastRun - 4;
    while (quantum >= at && mayBePart(text, quantum)) quantum -= 4;
    if (quantum < at) return at;
    at = quantum + 4;
  }
  return end;
}

/** The first place at or after `from` where UTF-16 may begin; `end` where it may nowhere. */
function nextWide(text: Uint8Array, from: number, end: number): number {
  const run = text.subarray(0, end);
  for (let zero = run.indexOf(letterA, from + 3); zero >= 0; zero = run.indexOf(letterA, zero + 1)) {
    for (const at of [zero - 4, zero - 3]) {
      if (at >= from && at + leastRun <= end && mayBeWide(text, at)) return at;
    }
  }
  return end;
}

/**
 * Searches a run that ends at `end`: the search returns the first place at or after another where a text of at least
 * {@link leastRun} characters or UTF-16 may begin, `end` where none may. To be asked in ascending order.
 */
export function createBeginnings(text: Uint8Array, end: number): (from: number) => number {
  // What each way of dividing the run into quanta came to last.
  const inPhase = [-1, -1, -1, -1];
  let wide = -1;
  return (from) => {
    if (wide < from) wide = nextWide(text, from, end);
    let first = wide;
    for (let at = from; at < from + 4; at += 1) {
      if ((inPhase[at & 3] ?? -1) < at) inPhase[at & 3] = nextInPhase(text, at, end);
      first = Math.min(first, inPhase[at & 3] ?? end);
    }
    return first;
  };
}
