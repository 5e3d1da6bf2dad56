/**
 * Tells which rules of a table may find a context word around a place: a text of nothing but numbers asks nobody. It works
 * by segments of 64 bytes and by the first three letters of words, and never says no where `src/detect/context-gate.ts`
 * would say yes for a reason that counts. Rules are bits, as in the table; every mask has as many vectors as the table.
 */
import { equalAt, lettersAt, upperLettersAt } from './_masks';
import { begin, end, isEnd, isManyTexts, isStart, parameter } from './_memory';

/** The number of the row of masks for each key of three letters, five bits each; 0 where no word begins so. */
const keysOf: i32 = 40;
const rowsOf: i32 = 41;
/** The rules that are asked whatever stands around. */
const alwaysOf: i32 = 42;
/** The rules whose value begins before the place: where their column begins is not known here. */
const shiftedOf: i32 = 43;
const segmentsOf: i32 = 44;
const coarseOf: i32 = 45;
const textOf: i32 = 46;
const strideOf: i32 = 47;
/** How far before a place the heading of its column may begin. */
const headingReach: i32 = 48;

/** A segment's record: whether each of its masks is of this block; its own words, those near it, those in headings above. */
const segmentShift: i32 = 6;
const ownStamp: i32 = 0;
const nearStamp: i32 = 4;
const headingStamp: i32 = 8;
const recordHead: i32 = 16;
/** Headings are gathered by so many bytes. */
const coarseShift: i32 = 10;

/** How near to the start of a text a value may be all that it holds. */
const nearStart: i32 = 80;
/** How many bytes to each side of a place are near: with what a match and its words take. */
const nearBefore: i32 = 128;
const nearAfter: i32 = 192;

let epoch: i32 = 0;

/** Forgets the block before. */
export function forgetContext(): void {
  epoch++;
}

/** The record of the segment that a place stands in. */
@inline
function recordOf(at: i32): i32 {
  const segment = (at - parameter(textOf)) >> segmentShift;
  return parameter(segmentsOf) + segment * (recordHead + 3 * parameter(strideOf));
}

@inline
function addressOf(segment: i32): i32 {
  return parameter(textOf) + (segment << segmentShift);
}

function fill(mask: i32, value: v128): void {
  const stride = parameter(strideOf);
  for (let i = 0; i < stride; i += 16) v128.store(mask + i, value);
}

@inline
function add(mask: i32, other: i32): void {
  const stride = parameter(strideOf);
  for (let i = 0; i < stride; i += 16) v128.store(mask + i, v128.or(v128.load(mask + i), v128.load(other + i)));
}

/** Adds the rules of which a word begins with the three bytes at an address. */
@inline
function addWordAt(mask: i32, at: i32): void {
  const bytes = load<i32>(at);
  const key = ((bytes & 31) << 10) | ((bytes >> 3) & 0x3e0) | ((bytes >> 16) & 31);
  const row = <i32>load<u16>(parameter(keysOf) + (key << 1));
  if (row != 0) add(mask, parameter(rowsOf) + row * parameter(strideOf));
}

/** Where a word may begin in the segment at an address: at a letter behind none, at a hump, behind an escape. */
function wordStarts(at: i32): u64 {
  const letters = lettersAt(at);
  if (letters == 0) return 0;
  const upper = upperLettersAt(at);
  const backslash = equalAt(at, 0x5c);
  let wasLetter: u64 = 0;
  let wasLower: u64 = 0;
  let wasEscaped: u64 = 0;
  if (at > begin()) {
    const byte = load<u8>(at - 1);
    wasLetter = u64(isLetter(byte));
    wasLower = u64(isLetter(byte) && byte >= 0x61);
    // What the two bytes before the block are is not known, and all may begin.
    wasEscaped = at - 2 < begin() ? 3 : u64(load<u8>(at - 2) == 0x5c) | (u64(byte == 0x5c) << 1);
  }
  const afterLetter = (letters << 1) | wasLetter;
  const afterLower = ((letters & ~upper) << 1) | wasLower;
  return letters & (~afterLetter | (upper & afterLower) | (backslash << 2) | wasEscaped);
}

@inline
function isLetter(byte: u8): bool {
  return (byte | 0x20) - 0x61 < 26;
}

/** The rules of which a word begins in the segment at an address. */
function ownMask(at: i32): i32 {
  const record = recordOf(at);
  const mask = record + recordHead;
  if (load<i32>(record, ownStamp) == epoch) return mask;
  store<i32>(record, epoch, ownStamp);
  // Beyond ASCII, what a byte stands for is not told from itself; the last word goes on behind the segment.
  const bytes = v128.or(v128.or(v128.load(at), v128.load(at, 16)), v128.or(v128.load(at, 32), v128.load(at, 48)));
  if (i8x16.bitmask(bytes) != 0 || (load<u16>(at, 64) & 0x8080) != 0) {
    fill(mask, i64x2.splat(-1));
    return mask;
  }
  fill(mask, i64x2.splat(0));
  let starts = wordStarts(at);
  while (starts != 0) {
    addWordAt(mask, at + i32(ctz(starts)));
    starts &= starts - 1;
  }
  return mask;
}

/** The rules of which a word stands near the segment of a place. */
function nearMask(at: i32): i32 {
  const record = recordOf(at);
  const mask = record + recordHead + parameter(strideOf);
  if (load<i32>(record, nearStamp) == epoch) return mask;
  store<i32>(record, epoch, nearStamp);
  fill(mask, i64x2.splat(0));
  const own = addressOf((at - parameter(textOf)) >> segmentShift);
  const last = min(own + nearAfter, end());
  for (let p = max(own - nearBefore, parameter(textOf)); p < last; p += 64) add(mask, ownMask(p));
  return mask;
}

/** The rules of which a word stands where the heading of a column can, for the segment of a place. */
function headingMask(at: i32): i32 {
  const record = recordOf(at);
  const mask = record + recordHead + parameter(strideOf) * 2;
  if (load<i32>(record, headingStamp) == epoch) return mask;
  store<i32>(record, epoch, headingStamp);
  fill(mask, i64x2.splat(0));
  const text = parameter(textOf);
  const from = max(0, at - text - parameter(headingReach)) >> coarseShift;
  const to = (at - text) >> coarseShift;
  for (let each = from; each <= to; each++) add(mask, coarseMask(each));
  return mask;
}

function coarseMask(index: i32): i32 {
  const record = parameter(coarseOf) + index * (recordHead + parameter(strideOf));
  const mask = record + recordHead;
  if (load<i32>(record) == epoch) return mask;
  store<i32>(record, epoch);
  fill(mask, i64x2.splat(0));
  const from = parameter(textOf) + (index << coarseShift);
  const last = min(from + (1 << coarseShift), end());
  for (let p = from; p < last; p += 64) add(mask, ownMask(p));
  return mask;
}

/** Whether a value that begins at a place can be the cell of a table. */
function isCellStart(at: i32): bool {
  let p = at - 1;
  for (let i = 0; i < 3 && p >= begin(); i++) {
    const byte = load<u8>(p);
    if (byte != 0x20 && byte != 0x22 && byte != 0x27 && byte != 0x5c) break;
    p--;
  }
  if (p < begin()) return true;
  const byte = load<u8>(p);
  if (byte == 0x2c || byte == 0x09 || byte == 0x3b || byte == 0x7c || byte == 0x0a) return true;
  return byte == 0x6e && p > begin() && load<u8>(p - 1) == 0x5c;
}

/** Whether what stands near a place has been looked at already: then it is cheaper to ask than the bytes of the cluster. */
export function isKnownNear(at: i32): bool {
  return load<i32>(recordOf(at), nearStamp) == epoch;
}

/** Whether one of many texts may begin within `nearStart` bytes before a place. */
function isTextNear(at: i32): bool {
  const none = i8x16.splat(0);
  let found = i8x16.eq(v128.load(at - nearStart), none);
  for (let p = at - nearStart + 16; p < at; p += 16) found = v128.or(found, i8x16.eq(v128.load(p), none));
  return v128.any_true(found);
}

/** Whether so little is known around a place that nobody may be left out. */
export function isUnknownAround(at: i32): bool {
  if (at - begin() < (isStart() ? nearStart : parameter(headingReach))) return true;
  if (isManyTexts()) return isTextNear(at);
  return at + nearAfter > end() && !isEnd();
}

/** The rules of one vector that the words around a place leave. */
@inline
export function leftByContext(alive: v128, at: i32, vector: i32): v128 {
  const offset = vector << 4;
  const always = v128.load(parameter(alwaysOf) + offset);
  const asking = v128.andnot(alive, always);
  if (!v128.any_true(asking)) return alive;
  let possible = v128.or(always, v128.load(nearMask(at) + offset));
  if (!v128.any_true(v128.andnot(asking, possible))) return v128.and(alive, possible);
  const within = isCellStart(at) ? asking : v128.and(asking, v128.load(parameter(shiftedOf) + offset));
  if (v128.any_true(within)) possible = v128.or(possible, v128.and(within, v128.load(headingMask(at) + offset)));
  return v128.and(alive, possible);
}
