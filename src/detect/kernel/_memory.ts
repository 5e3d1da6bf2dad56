/**
 * What all parts of the scan kernel share: the parameters, the block that is looked at, and what its bytes are. Memory is
 * laid out by `src/detect/kernel-memory.ts`; all addresses are of bytes.
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
/** A letter that ends a terminal's control sequence. */
const isSequenceLetter: i32 = 128;
/** The most bytes between `ESC [` and that letter. */
const longestParameters: i32 = 40;
/** How far before a place its boundary depends on what stands there. */
export const boundaryReach: i32 = 48;

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

@inline
export function isHexPair(at: i32): bool {
  return (flagsAt(at) & flagsAt(at + 1) & isHex) != 0;
}

@inline
export function isOctalPair(at: i32): bool {
  return (load<u8>(at) & 0xf8) == 0x30 && (load<u8>(at + 1) & 0xf8) == 0x30;
}

@inline
function isParameter(byte: i32): bool {
  return (byte >= 0x30 && byte <= 0x3b) || byte == 0x3f;
}

/** Where the control sequence ends whose bracket stands at a place; 0 where none does. */
export function sequenceEnd(at: i32): i32 {
  if (at >= last || load<u8>(at) != 0x5b) return 0;
  let p = at + 1;
  while (p < last && p - at <= longestParameters && isParameter(load<u8>(p))) p++;
  return p < last && (flagsAt(p) & isSequenceLetter) != 0 ? p + 1 : 0;
}

function isWordBefore(at: i32): bool {
  const back = at - first;
  if (back == 0) return false;
  const flags = flagsAt(at - 1);
  if ((flags & isWord) == 0) return false;
  if (back >= 2 && (flags & isEscapeLetter) != 0 && load<u8>(at - 2) == 0x5c) return false;
  if ((flags & isHex) != 0 && back >= 3 && endsCode(at, back)) return false;
  return (flags & isSequenceLetter) == 0 || !endsSequence(at);
}

/** Whether an escape that names a code ends at a place, whose last byte is a hexadecimal digit. */
function endsCode(at: i32, back: i32): bool {
  const third = load<u8>(at - 3);
  if (third == 0x3d) return load<u8>(at - 2) == 0x33 && load<u8>(at - 1) == 0x44;
  if (back < 4) return false;
  if (third == 0x78) return load<u8>(at - 4) == 0x5c && isHexPair(at - 2);
  if (third == 0x30 && load<u8>(at - 4) == 0x5c) return isOctalPair(at - 2);
  return back >= 6 && load<u8>(at - 5) == 0x75 && load<u8>(at - 6) == 0x5c && isHexRun(at - 4);
}

/** Whether a control sequence ends at a place, whose last byte is a letter that can end one. */
function endsSequence(at: i32): bool {
  let bracket = at - 2;
  while (bracket > first && at - 2 - bracket < longestParameters && isParameter(load<u8>(bracket))) bracket--;
  if (bracket <= first || load<u8>(bracket) != 0x5b) return false;
  const escape = load<u8>(bracket - 1);
  if (escape == 0x1b) return true;
  const back = bracket - first;
  if (escape == 0x65 || escape == 0x45) return back >= 2 && load<u8>(bracket - 2) == 0x5c;
  if (back < 4 || (escape != 0x33 && escape != 0x62 && escape != 0x42)) return false;
  if (escape == 0x33) return load<u32>(bracket - 4) == 0x3333305c;
  if (load<u8>(bracket - 2) != 0x31) return false;
  if (load<u16>(bracket - 4) == 0x785c) return true;
  return back >= 6 && load<u32>(bracket - 6) == 0x3030755c;
}

/** Whether a word begins or ends at a place; what stands before it is read with escapes in mind. */
export function isBoundary(at: i32): bool {
  return isWordBefore(at) != (at < last && (flagsAt(at) & isWord) != 0);
}

/** How a match may begin, as `token-prefix.ts` has it: 0 anywhere, 1 a word, 2 a token, 3 a token in capitals. */
const word: i32 = 1;
const capitals: i32 = 3;

/** Whether a match may begin at a place: see `isStartOf` in `src/detect/boundary.ts`. */
export function isStartOf(at: i32, start: i32): bool {
  if (start == 0) return true;
  if (start == word) return isBoundary(at);
  if (!isWordBefore(at)) return true;
  const byte = load<u8>(at - 1);
  if (byte == 0x5f) return true;
  const sign = load<u8>(at - 3);
  if ((sign == 0x3d || sign == 0x25) && isHexPair(at - 2)) return true;
  return start == capitals && byte >= 0x61 && byte <= 0x7a;
}
