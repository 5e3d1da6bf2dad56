/**
 * The hot loops of the matcher: finds where rules are to be asked and drops every place of which their automata say that
 * it leads nowhere. What it cannot tell (a transition not built yet, the end of the block) it hands on: it never drops
 * what the matcher would have found. Memory is laid out by `src/detect/prefilter-kernel.ts`; all addresses are of bytes.
 */

/** Where the parameters begin; each is an i32. */
const parameters: usize = 64;
const stage: i32 = 0;
const slots: i32 = 1;
const slotMask: i32 = 2;
const lists: i32 = 3;
const entries: i32 = 4;
const rules: i32 = 5;
const initials: i32 = 6;
const cells: i32 = 7;
const scratch: i32 = 8;
const out: i32 = 9;
const outPairs: i32 = 10;
const trails: i32 = 11;
const flagsOf: i32 = 12;
const resume: i32 = 13;
const reserve: i32 = 14;
const answers: i32 = 15;
const reaches: i32 = 34;
const clusters: i32 = 16;

/** What a byte is. */
const isWord: i32 = 1;
const isEscapeLetter: i32 = 4;
const isHex: i32 = 8;

/** A rule's record, in i32. */
const ruleBytes: i32 = 64;
const hasRuns: i32 = 0;
const needsBoundary: i32 = 4;
const backwardInitials: i32 = 8;
const backwardClasses: i32 = 12;
const backwardReach: i32 = 16;
const backwardBoundary: i32 = 20;
const forwardInitials: i32 = 24;
const forwardClasses: i32 = 28;
const forwardReach: i32 = 32;
const trailOf: i32 = 36;

/** A cluster table's record, in i32: of each of three kinds. */
const clusterBytes: i32 = 24;
const clusterCount: i32 = 4;
const clusterClassOf: i32 = 8;
const clusterClasses: i32 = 12;
const clusterMasks: i32 = 16;
const clusterVectors: i32 = 20;

const fold: u32 = 0x20202020;
const multiplier: u32 = 0x9e3779b1;
/** The first table has 2^19 bytes: 0 where nothing hashes to, 255 where several things do, else seven bits of the hash. */
const stageShift: u32 = 13;
/** How many bytes the first look takes in one go: its hits stay in the nearest cache. */
const stretch: i32 = 4096;

/** A run leaves its state behind every so many bytes, for later ones to stop at. */
const trailStep: i32 = 16;
const trailCount: i32 = 32;
const trailSlots: i32 = 2048;
const trailBytes: i32 = 16 + trailSlots * 4;

/** A text that repeats itself at a greater distance is judged anew. */
const longestPeriod: i64 = 1024;
/** How many bytes may be compared for each byte of the text. */
const comparedPerByte: i32 = 4;
/** How many bytes before a place its answer may depend on. */
const answerBehind: i32 = 256;
const unknown: i32 = 0;
const isDead: i32 = 1;
const isLive: i32 = 2;

const clusterForward: i32 = 16;
const clusterBackward: i32 = 16;

let begin: i32 = 0;
let end: i32 = 0;
let isStart: bool = false;
let count: i32 = 0;
/** The next trail to be taken from whoever has it. */
let nextTrail: i32 = 0;

@inline
function parameter(index: i32): i32 {
  return load<i32>(parameters + (index << 2));
}

@inline
function flagsAt(at: i32): i32 {
  return load<u8>(parameter(flagsOf) + load<u8>(at));
}

/** Takes up a block: its bytes stand from `first` to `last`; whether the text begins with it. */
export function open(first: i32, last: i32, isTextStart: i32): void {
  begin = first;
  end = last;
  isStart = isTextStart != 0;
  const base = parameter(trails);
  for (let i = 0; i < trailCount; i++) store<i32>(base + i * trailBytes, -1);
}

@inline
function isHexRun(at: i32): bool {
  return (flagsAt(at) & flagsAt(at + 1) & flagsAt(at + 2) & flagsAt(at + 3) & isHex) != 0;
}

function isWordBefore(at: i32): bool {
  const back = at - begin;
  if (back == 0) return false;
  const flags = flagsAt(at - 1);
  if ((flags & isWord) == 0) return false;
  if (back >= 2 && (flags & isEscapeLetter) != 0 && load<u8>(at - 2) == 0x5c) return false;
  if (back >= 6 && load<u8>(at - 6) == 0x5c && load<u8>(at - 5) == 0x75) return !isHexRun(at - 4);
  return true;
}

function isBoundary(at: i32): bool {
  return isWordBefore(at) != (at < end && (flagsAt(at) & isWord) != 0);
}

/** Whether what precedes an anchor may fit. */
function mayPrecede(rule: i32, at: i32): bool {
  const row = load<i32>(rule + backwardInitials);
  const table = parameter(cells);
  const classes = load<i32>(rule + backwardClasses);
  const checks = load<i32>(rule + backwardBoundary) != 0;
  let state = load<i32>(row + ((flagsAt(at) & 3) << 2));
  if (state < 0) return true;
  const least = at - load<i32>(rule + backwardReach) - 1;
  const limit = max(least, begin);
  let p = at;
  while (p > limit) {
    const transition = load<i32>(table + ((state + load<u8>(classes + load<u8>(p - 1))) << 2));
    if (transition < 0) return true;
    if ((transition & 1) != 0 && (!checks || isBoundary(p))) return true;
    state = transition >> 3;
    if (state == 0) return false;
    p--;
  }
  return limit > least || p == begin;
}

/** Whether a match may begin at an anchor. */
function mayFollow(rule: i32, at: i32): bool {
  const row = load<i32>(rule + forwardInitials);
  const table = parameter(cells);
  const classes = load<i32>(rule + forwardClasses);
  const flags = at == begin ? 2 : flagsAt(at - 1) & 3;
  let state = load<i32>(row + (flags << 2));
  if (state < 0) return true;
  const windowEnd = at + load<i32>(rule + forwardReach) + 1;
  const limit = min(windowEnd, end);
  const early = min(limit, at + trailStep);
  let p = at;
  while (p < early) {
    const transition = load<i32>(table + ((state + load<u8>(classes + load<u8>(p))) << 2));
    if (transition < 0 || (transition & 1) != 0) return true;
    state = transition >> 3;
    if (state == 0) return false;
    p++;
  }
  if (p < limit) {
    // Long runs are rare but in floods, where each comes to what the one before it came to.
    const trail = trailFor(rule);
    const marks = trail + 16;
    let mark = -1;
    while (p < limit) {
      if ((p & (trailStep - 1)) == 0) {
        const slot = marks + (((p >> 4) & (trailSlots - 1)) << 2);
        const last = load<i32>(trail + 8);
        if (p >= load<i32>(trail + 4) && p < last && last <= limit && load<i32>(slot) == state) {
          if (mark < 0) mark = p;
          state = load<i32>(trail + 12);
          p = last;
          if (state == 0) break;
          continue;
        }
        if (mark < 0) mark = p;
        store<i32>(slot, state);
      }
      const transition = load<i32>(table + ((state + load<u8>(classes + load<u8>(p))) << 2));
      if (transition < 0 || (transition & 1) != 0) {
        // The marks on the way are of this run: nobody may take them for the last one's.
        store<i32>(trail + 8, 0);
        return true;
      }
      state = transition >> 3;
      p++;
      if (state == 0) break;
    }
    if (mark >= 0) {
      store<i32>(trail + 4, mark);
      store<i32>(trail + 8, p);
      store<i32>(trail + 12, state);
    }
    if (state == 0) return false;
  }
  return limit < windowEnd;
}

/** The trail of a rule: owner, first mark, end, state at the end, then a ring of marks. */
function trailFor(rule: i32): i32 {
  const base = parameter(trails);
  const own = base + load<i32>(rule + trailOf) * trailBytes;
  if (load<i32>(own) == rule) return own;
  const trail = base + nextTrail * trailBytes;
  store<i32>(rule + trailOf, nextTrail);
  nextTrail = (nextTrail + 1) & (trailCount - 1);
  store<i32>(trail, rule);
  store<i32>(trail + 8, 0);
  return trail;
}

/** Whether a rule may match with its anchor at an address. */
function isAlive(index: i32, at: i32): bool {
  // What stands before the block is known where the text begins with it, and else only by its last bytes.
  if (at < begin) return !isStart;
  if (!isStart && at - begin < 8) return true;
  const rule = parameter(rules) + index * ruleBytes;
  if (load<i32>(rule + hasRuns) == 0) return true;
  if (load<i32>(rule + needsBoundary) != 0 && !isBoundary(at)) return false;
  if (load<i32>(rule + backwardInitials) != 0 && !mayPrecede(rule, at)) return false;
  return mayFollow(rule, at);
}

@inline
function emit(at: i32, list: i32): void {
  const pair = parameter(out) + (count << 3);
  store<i32>(pair, at);
  store<i32>(pair, list, 4);
  count++;
}

// What is known of the text repeating itself: see `src/detect/repetition.ts`. Places are counted over all calls.
let base: i64 = 0;
let previous: i32 = 0;
let credit: i32 = 0;
let period: i32 = 0;
let same: i32 = 0;
let upTo: i32 = 0;

/** To be called before the first place of a pass. */
function beginPass(from: i32): void {
  count = 0;
  base += 0x10000000;
  previous = from;
  credit = 0;
  period = 0;
}

/** Extends what is known to repeat; returns whether it reaches as far as asked. */
function extend(stop: i32): bool {
  const limit = min(stop, upTo + credit);
  let p = upTo;
  while (p < limit && load<u8>(p) == load<u8>(p - period)) p++;
  credit -= p - upTo;
  upTo = p;
  return p >= stop;
}

/** The answer for a list at a place where the text has repeated itself for long enough, so that it is known. */
function answerAt(at: i32, list: i32, answer: i32): i32 {
  credit += (at - previous) * comparedPerByte;
  previous = at;
  const here = base + i64(at);
  const distance = here - load<i64>(answer);
  store<i64>(answer, here);
  const stop = at + load<i32>(parameter(reaches) + (list << 2));
  if (stop > end) return unknown;
  const isHeld = period > 0 && upTo > at && (stop <= upTo || extend(stop) || credit <= 0);
  if (!isHeld) {
    if (distance > longestPeriod || distance > i64(at - begin)) return unknown;
    period = i32(distance);
    same = at;
    upTo = at;
    extend(stop);
  }
  if (upTo < stop || at - answerBehind < same) return unknown;
  const lastLive = load<i64>(answer, 8);
  const earlier = here - i64(period);
  return lastLive < earlier ? isDead : lastLive == earlier ? isLive : unknown;
}

/** Hands a place on if any rule of its list may match there. */
function ask(at: i32, list: i32): void {
  const answer = parameter(answers) + (list << 4);
  const known = answerAt(at, list, answer);
  if (known == isDead) return;
  if (known == isLive) {
    store<i64>(answer, base + i64(at), 8);
    emit(at, list);
    return;
  }
  const head = parameter(lists) + (list << 3);
  let entry = parameter(entries) + (load<i32>(head) << 3);
  const last = entry + (load<i32>(head, 4) << 3);
  for (; entry < last; entry += 8) {
    if (isAlive(load<i32>(entry), at - load<i32>(entry, 4))) {
      store<i64>(answer, base + i64(at), 8);
      emit(at, list);
      return;
    }
  }
}

/** Asks the rules that wait for the window at an address. */
function probe(at: i32): void {
  const key = load<u32>(at) | fold;
  const mask = parameter(slotMask);
  const base = parameter(slots);
  let slot = (key * multiplier) >>> clz(mask);
  for (;;) {
    const address = base + (slot << 3);
    const list = load<i32>(address, 4);
    if (list < 0) return;
    if (load<u32>(address) == key) {
      ask(at, list);
      return;
    }
    slot = (slot + 1) & mask;
  }
}

@inline
function look(table: i32, at: i32, hit: i32, shift: u32): i32 {
  const hash = ((load<u32>(at) | fold) * multiplier) >>> shift;
  store<i32>(hit, at);
  return hit + (i32(load<u8>(table + hash) != 0) << 2);
}

/**
 * Finds the windows from `from` to `to` (three bytes stand behind them); returns how many pairs of address and list were
 * written. Where it stopped for want of room is the parameter `resume`.
 */
export function windows(from: i32, to: i32): i32 {
  beginPass(from);
  const table = parameter(stage);
  const room = parameter(outPairs) - stretch;
  const hits = parameter(scratch);
  // The last windows are looked for themselves: their neighbours would reach beyond the bytes.
  const last = min(to, end - windowTail);
  let at = from;
  let probed = from - 1;
  while (at < last) {
    if (count > room) {
      store<i32>(parameters + (resume << 2), at);
      return count;
    }
    const stop = min(last, at + stretch);
    let hit = hits;
    // A window that begins at an odd address is seen by a neighbour of it.
    let p = at & ~1;
    for (; p + 8 <= stop; p += 8) {
      hit = look(table, p, hit, stageShift);
      hit = look(table, p + 2, hit, stageShift);
      hit = look(table, p + 4, hit, stageShift);
      hit = look(table, p + 6, hit, stageShift);
    }
    for (; p <= stop; p += 2) hit = look(table, p, hit, stageShift);
    // Most of what is found is chance: thrown out without a branch that would be guessed wrong.
    let kept = hits;
    for (let each = hits; each < hit; each += 4) {
      const place = load<i32>(each);
      const hash = (load<u32>(place) | fold) * multiplier;
      const tag = load<u8>(table + (hash >>> stageShift));
      store<i32>(kept, place);
      kept += (i32(tag == 255) | i32(tag == (u8(hash >> 5) | 128) - 1)) << 2;
    }
    for (let each = hits; each < kept; each += 4) {
      const place = load<i32>(each);
      const least = max(place - 1, probed + 1);
      probed = min(place + 1, stop - 1);
      for (let p = least; p <= probed; p++) probe(p);
    }
    at = stop;
    probed = stop - 1;
  }
  for (; at < to; at++) probe(at);
  store<i32>(parameters + (resume << 2), to);
  return count;
}

/** How many bytes behind a window's start are needed to look at it and its neighbour. */
const windowTail: i32 = 5;

/** Finds a byte from `from` to `to`, with the list of those who wait for it. As {@link windows}. */
export function bytes(from: i32, to: i32, wanted: i32, list: i32): i32 {
  beginPass(from);
  const room = parameter(outPairs) - 16;
  const each = i8x16.splat(<i8>wanted);
  let at = from;
  for (; at < to && count <= room; at += 16) {
    let mask = i8x16.bitmask(i8x16.eq(v128.load(at), each));
    while (mask != 0) {
      const place = at + ctz(mask);
      if (place < to) ask(place, list);
      mask &= mask - 1;
    }
  }
  store<i32>(parameters + (resume << 2), min(at, to));
  return count;
}

let digitMask: u64 = 0;
let upperMask: u64 = 0;
let alnumMask: u64 = 0;
let wordMask: u64 = 0;
let backslashMask: u64 = 0;

/** Classifies 64 bytes; those behind the end count as whatever would let a cluster go on. */
function classify(at: i32): void {
  digitMask = 0;
  upperMask = 0;
  alnumMask = 0;
  wordMask = 0;
  backslashMask = 0;
  for (let i = 0; i < 64; i += 16) {
    const bytes = v128.load(at + i);
    const digit = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10));
    const upper = v128.or(digit, i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x41)), i8x16.splat(26)));
    const alnum = v128.or(upper, i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x61)), i8x16.splat(26)));
    const word = v128.or(alnum, i8x16.eq(bytes, i8x16.splat(0x5f)));
    digitMask |= u64(i8x16.bitmask(digit)) << i;
    upperMask |= u64(i8x16.bitmask(upper)) << i;
    alnumMask |= u64(i8x16.bitmask(alnum)) << i;
    wordMask |= u64(i8x16.bitmask(word)) << i;
    backslashMask |= u64(i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x5c)))) << i;
  }
  if (at + 64 > end) {
    const inside: u64 = at >= end ? 0 : ~(<u64>-1 << (end - at));
    digitMask &= inside;
    backslashMask &= inside;
    upperMask |= ~inside;
    alnumMask |= ~inside;
  }
}

@inline
function shifted(low: u64, high: u64, by: u64): u64 {
  return (low >> by) | (high << (64 - by));
}

/** Finds where clusters begin, from `from` to `to`, and asks whom the bytes around leave. As {@link windows}. */
export function clusterStarts(from: i32, to: i32): i32 {
  beginPass(from);
  const digitTable = parameters + (clusters << 2);
  const upperTable = digitTable + clusterBytes;
  const alnumTable = upperTable + clusterBytes;
  const hasDigit = load<i32>(digitTable + clusterCount) > 0;
  const hasUpper = load<i32>(upperTable + clusterCount) > 0;
  const hasAlnum = load<i32>(alnumTable + clusterCount) > 0;
  const room = parameter(outPairs) - parameter(reserve);
  // An escape that ends at the first place begins six bytes before it.
  let at = max(begin, from - 8);
  let wasDigit: u64 = at > begin ? u64(load<u8>(at - 1) - 0x30 < 10) : 0;
  let wasWord: u64 = at > begin ? u64(flagsAt(at - 1) & isWord) : 0;
  let afterCode: u64 = 0;
  let afterEscape: u64 = 0;
  classify(at);
  let nextDigit = digitMask;
  let nextUpper = upperMask;
  let nextAlnum = alnumMask;
  let nextWord = wordMask;
  let nextBackslash = backslashMask;
  for (; at < to; at += 64) {
    const digit = nextDigit;
    const upper = nextUpper;
    const alnum = nextAlnum;
    const word = nextWord;
    let backslash = nextBackslash;
    classify(at + 64);
    nextDigit = digitMask;
    nextUpper = upperMask;
    nextAlnum = alnumMask;
    nextWord = wordMask;
    nextBackslash = backslashMask;

    let code = afterCode;
    let escape = afterEscape;
    afterCode = 0;
    afterEscape = 0;
    while (backslash != 0) {
      const place = ctz(backslash);
      backslash &= backslash - 1;
      const follower = at + i32(place) + 1;
      if (follower >= end) break;
      if (load<u8>(follower) == 0x75) {
        if (follower + 5 > end || !isHexRun(follower + 1)) continue;
        if (place + 6 < 64) code |= (<u64>1) << (place + 6);
        else afterCode |= (<u64>1) << (place + 6 - 64);
      } else if ((flagsAt(follower) & isEscapeLetter) != 0) {
        if (place + 2 < 64) escape |= (<u64>1) << (place + 2);
        else afterEscape |= (<u64>1) << (place + 2 - 64);
      }
    }

    let digits: u64 = 0;
    let uppers: u64 = 0;
    let alnums: u64 = 0;
    if (hasDigit) digits = digit & (~((digit << 1) | wasDigit) | code);
    if (hasUpper || hasAlnum) {
      const start = ~((word << 1) | wasWord) | code | escape;
      if (hasUpper) {
        const two = upper & shifted(upper, nextUpper, 1);
        const twoAfter = nextUpper & (nextUpper >> 1);
        const four = two & shifted(two, twoAfter, 2);
        uppers = start & four & shifted(two, twoAfter, 4);
      }
      if (hasAlnum) {
        const two = alnum & shifted(alnum, nextAlnum, 1);
        const twoAfter = nextAlnum & (nextAlnum >> 1);
        const four = two & shifted(two, twoAfter, 2);
        const fourAfter = twoAfter & (twoAfter >> 2);
        const eight = four & shifted(four, fourAfter, 4);
        alnums = start & eight & shifted(two, twoAfter, 8);
      }
    }
    wasDigit = digit >> 63;
    wasWord = word >> 63;

    let any = digits | uppers | alnums;
    while (any != 0) {
      const place = ctz(any);
      any &= any - 1;
      const p = at + i32(place);
      if (p < from) continue;
      if (p >= to) break;
      if (count > room) {
        store<i32>(parameters + (resume << 2), p);
        return count;
      }
      const bit: u64 = (<u64>1) << place;
      if ((digits & bit) != 0) narrow(<i32>digitTable, p);
      if ((uppers & bit) != 0) narrow(<i32>upperTable, p);
      if ((alnums & bit) != 0) narrow(<i32>alnumTable, p);
    }
  }
  store<i32>(parameters + (resume << 2), to);
  return count;
}

@inline
function narrowed(alive: v128, rows: i32, at: i32, classOf: i32, stride: i32): v128 {
  if (at < begin || at >= end) return alive;
  return v128.and(alive, v128.load(rows + <i32>load<u8>(classOf + load<u8>(at)) * stride));
}

/** Asks the rules of a table that the bytes around a place leave. */
function narrow(table: i32, at: i32): void {
  const classOf = load<i32>(table + clusterClassOf);
  const vectors = load<i32>(table + clusterVectors);
  const stride = vectors << 4;
  const depth = load<i32>(table + clusterClasses) * stride;
  const masks = load<i32>(table + clusterMasks);
  const first = load<i32>(table);
  for (let vector = 0; vector < vectors; vector++) {
    let rows = masks + (vector << 4);
    // Most clusters end after a digit or two: the neighbours refute nearly all of them at once.
    let alive = narrowed(i8x16.splat(-1), rows, at + 1, classOf, stride);
    alive = narrowed(alive, rows + depth, at - 1, classOf, stride);
    if (!v128.any_true(alive)) continue;
    rows += depth * 2;
    alive = narrowed(alive, rows, at, classOf, stride);
    rows += depth;
    for (let i = 2; i < clusterForward; i++) {
      alive = narrowed(alive, rows, at + i, classOf, stride);
      if (!v128.any_true(alive)) break;
      rows += depth;
    }
    if (!v128.any_true(alive)) continue;
    for (let i = 0; i < clusterBackward; i++) {
      alive = narrowed(alive, rows, at - 2 - i, classOf, stride);
      if (!v128.any_true(alive)) break;
      rows += depth;
    }
    askEach(at, first + (vector << 7), i64x2.extract_lane(alive, 0));
    askEach(at, first + (vector << 7) + 64, i64x2.extract_lane(alive, 1));
  }
}

function askEach(at: i32, list: i32, alive: u64): void {
  while (alive != 0) {
    ask(at, list + i32(ctz(alive)));
    alive &= alive - 1;
  }
}
