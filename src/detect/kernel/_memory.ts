/**
 * What all parts of the scan kernel share: the parameters, the block that is looked at, and what its bytes are. Memory is
 * laid out by `src/detect/prefilter-kernel.ts`; all addresses are of bytes.
 */

/** Where the parameters begin; each is an i32. */
export const parameters: usize = 64;
export const stage: i32 = 0;
export const slots: i32 = 1;
export const slotMask: i32 = 2;
export const lists: i32 = 3;
export const entries: i32 = 4;
export const rules: i32 = 5;
export const cells: i32 = 7;
export const scratch: i32 = 8;
export const out: i32 = 9;
export const outPairs: i32 = 10;
export const trails: i32 = 11;
export const flagsOf: i32 = 12;
export const resume: i32 = 13;
export const reserve: i32 = 14;
export const answers: i32 = 15;
/** Three records of tables of clusters follow: see `_clusters.ts`. */
export const clusters: i32 = 16;
/** Nine of the context follow: see `_context.ts`. */
export const arounds: i32 = 49;
export const reaches: i32 = 6;

/** What a byte is. */
export const isWord: i32 = 1;
export const isEscapeLetter: i32 = 4;
export const isHex: i32 = 8;

/** Where the block begins and ends, and whether the text does with it. */
let first: i32 = 0;
let last: i32 = 0;
let isFirst: bool = false;
let isLast: bool = false;
/** Whether the block is many texts: then a line break, a byte of zero and a line break stand around each. */
let isMany: bool = false;
/** How many places the pass has written. */
let written: i32 = 0;

@inline
export function parameter(index: i32): i32 {
  return load<i32>(parameters + (index << 2));
}

@inline
export function flagsAt(at: i32): i32 {
  return load<u8>(parameter(flagsOf) + load<u8>(at));
}

@inline
export function begin(): i32 {
  return first;
}

@inline
export function end(): i32 {
  return last;
}

@inline
export function isStart(): bool {
  return isFirst;
}

@inline
export function count(): i32 {
  return written;
}

/** Whether the text ends with the block: else there is more of it, or may come. */
@inline
export function isEnd(): bool {
  return isLast;
}

export function setBlock(from: i32, to: i32, isTextStart: bool, isTextEnd: bool, hasMany: bool): void {
  first = from;
  last = to;
  isFirst = isTextStart;
  isLast = isTextEnd;
  isMany = hasMany;
}

/** Whether the block is many texts. */
@inline
export function isManyTexts(): bool {
  return isMany;
}

@inline
export function beginOutput(): void {
  written = 0;
}

/** Writes down a place, the number of the list to ask there, and which of its first 32 entries, by bits. */
@inline
export function emit(at: i32, list: i32, alive: i32): void {
  const record = parameter(out) + written * 12;
  store<i32>(record, at);
  store<i32>(record, list, 4);
  store<i32>(record, alive, 8);
  written++;
}

/** Whether two addresses are of one text. */
export function isOneText(from: i32, to: i32): bool {
  if (!isMany) return true;
  for (let at = max(from, first); at < to; at++) if (load<u8>(at) == 0) return false;
  return true;
}

/** Whether a line break at an address ends one of many texts. */
@inline
export function isTextEnd(at: i32): bool {
  return isMany && load<u8>(at, 1) == 0;
}

/** Whether one of many texts begins at an address, behind a line break. */
@inline
export function isTextStart(at: i32): bool {
  return isMany && load<u8>(at - 2) == 0;
}

/** Where a pass is to go on. */
@inline
export function resumeAt(at: i32): i32 {
  store<i32>(parameters + (resume << 2), at);
  return written;
}

@inline
export function isHexRun(at: i32): bool {
  return (flagsAt(at) & flagsAt(at + 1) & flagsAt(at + 2) & flagsAt(at + 3) & isHex) != 0;
}

function isWordBefore(at: i32): bool {
  const back = at - first;
  if (back == 0) return false;
  const flags = flagsAt(at - 1);
  if ((flags & isWord) == 0) return false;
  if (back >= 2 && (flags & isEscapeLetter) != 0 && load<u8>(at - 2) == 0x5c) return false;
  if (back >= 6 && load<u8>(at - 6) == 0x5c && load<u8>(at - 5) == 0x75) return !isHexRun(at - 4);
  return true;
}

/** Whether a word begins or ends at a place; what stands before it is read with escapes in mind. */
export function isBoundary(at: i32): bool {
  return isWordBefore(at) != (at < last && (flagsAt(at) & isWord) != 0);
}
