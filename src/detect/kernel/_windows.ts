/** Finds the windows that rules wait for: a look at every byte, a tag, then the window itself. */
import { arounds, count, end, isEnd, outPairs, parameter, resumeAt, scratch, slotMask, slots, stage } from './_memory';
import { ask, beginPass } from './_repetition';

const fold: u32 = 0x20202020;
const multiplier: u32 = 0x9e3779b1;
/** The first table has 2^18 bytes: 0 where nothing hashes to, 255 where several things do, else seven bits of the hash. */
const stageShift: u32 = 14;
/** How many bytes the first look takes in one go: its hits stay in the nearest cache. */
const stretch: i32 = 4096;

/** Bytes as windows have them: see `src/detect/window-fold.ts`. */
@inline
function folded(bytes: v128): v128 {
  const isDigit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
  return v128.andnot(v128.or(bytes, i32x4.splat(<i32>fold)), v128.and(isDigit, i8x16.splat(0x0f)));
}

@inline
function hashes(windows: v128): v128 {
  return i32x4.shr_u(i32x4.mul(windows, i32x4.splat(<i32>multiplier)), stageShift);
}

/** Whether anything hashes to the windows of four places: their hashes stand in the same lane. */
@inline
function anyOf(table: i32, a: i32, b: i32, c: i32, d: i32): bool {
  return (load<u8>(table + a) | load<u8>(table + b) | load<u8>(table + c) | load<u8>(table + d)) != 0;
}

/** Whether a place holds one of the windows, but for chance. */
@inline
function isTagged(table: i32, window: u32): bool {
  const hash = window * multiplier;
  const tag = <i32>load<u8>(table + (hash >>> stageShift));
  return (i32(tag == 255) | i32(tag == ((hash >>> 5) & 0xff | 0x80) - 1)) != 0;
}

/** Whether the bytes before and behind a window are what its rules have there. */
@inline
function mayStandAround(at: i32, list: i32): bool {
  const around = parameter(arounds) + (list << 4);
  if (((load<u32>(at - 4) | fold) & load<u32>(around)) != load<u32>(around, 4)) return false;
  if (((load<u32>(at + 4) | fold) & load<u32>(around, 8)) == load<u32>(around, 12)) return true;
  // They may be still to come.
  return at + 8 > end() && !isEnd();
}

/** Asks the rules that wait for the window at an address. */
function probe(at: i32): void {
  const key = i32x4.extract_lane(folded(v128.load32_zero(at)), 0);
  const mask = parameter(slotMask);
  const base = parameter(slots);
  let slot = <i32>(<u32>key * multiplier >>> clz(mask));
  for (;;) {
    const address = base + (slot << 3);
    const list = load<i32>(address, 4);
    if (list < 0) return;
    if (load<i32>(address) == key) {
      if (mayStandAround(at, list)) ask(at, list);
      return;
    }
    slot = (slot + 1) & mask;
  }
}

/** Finds the windows; three bytes stand behind the last. */
export function windows(from: i32, to: i32): i32 {
  beginPass(from);
  const table = parameter(stage);
  const room = parameter(outPairs) - stretch - 16;
  const hits = parameter(scratch);
  let at = from;
  while (at < to) {
    if (count() > room) return resumeAt(at);
    const stop = min(to, at + stretch);
    // Four places are one hit; what stands behind the last place is looked at in vain, and thrown out below.
    let hit = hits;
    let ahead = folded(v128.load(at));
    for (let p = at; p < stop; p += 16) {
      const here = ahead;
      ahead = folded(v128.load(p, 16));
      const first = hashes(here);
      const second = hashes(i8x16.shuffle(here, ahead, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
      const third = hashes(i8x16.shuffle(here, ahead, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17));
      const fourth = hashes(i8x16.shuffle(here, ahead, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18));
      store<i32>(hit, p);
      hit += i32(anyOf(table, i32x4.extract_lane(first, 0), i32x4.extract_lane(second, 0), i32x4.extract_lane(third, 0), i32x4.extract_lane(fourth, 0))) << 2;
      store<i32>(hit, p + 4);
      hit += i32(anyOf(table, i32x4.extract_lane(first, 1), i32x4.extract_lane(second, 1), i32x4.extract_lane(third, 1), i32x4.extract_lane(fourth, 1))) << 2;
      store<i32>(hit, p + 8);
      hit += i32(anyOf(table, i32x4.extract_lane(first, 2), i32x4.extract_lane(second, 2), i32x4.extract_lane(third, 2), i32x4.extract_lane(fourth, 2))) << 2;
      store<i32>(hit, p + 12);
      hit += i32(anyOf(table, i32x4.extract_lane(first, 3), i32x4.extract_lane(second, 3), i32x4.extract_lane(third, 3), i32x4.extract_lane(fourth, 3))) << 2;
    }
    // Most of what is found is chance: thrown out without a branch that would be guessed wrong.
    const tagged = hits + stretch + 64;
    let kept = tagged;
    for (let each = hits; each < hit; each += 4) {
      const place = load<i32>(each);
      const eight = i64x2.extract_lane(folded(v128.load64_zero(place)), 0);
      store<i32>(kept, place);
      kept += i32(isTagged(table, u32(eight))) << 2;
      store<i32>(kept, place + 1);
      kept += i32(isTagged(table, u32(eight >> 8))) << 2;
      store<i32>(kept, place + 2);
      kept += i32(isTagged(table, u32(eight >> 16))) << 2;
      store<i32>(kept, place + 3);
      kept += i32(isTagged(table, u32(eight >> 24))) << 2;
    }
    for (let each = tagged; each < kept; each += 4) {
      const place = load<i32>(each);
      if (place < stop) probe(place);
    }
    at = stop;
  }
  return resumeAt(to);
}
