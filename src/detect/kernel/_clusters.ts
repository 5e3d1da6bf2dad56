/** Finds where clusters of digits, capitals or letters begin, and asks the rules that the bytes around leave. */
import { isKnownNear, isUnknownAround, leftByContext } from './_context';
import {
  begin,
  boundaryReach,
  clusters,
  count,
  end,
  flagsAt,
  isEscapeLetter,
  isHexPair,
  isHexRun,
  isOctalPair,
  isWord,
  outPairs,
  parameter,
  parameters,
  reserve,
  resumeAt,
  sequenceEnd,
} from './_memory';
import { alnumAt, capitalsAt, digitsAt, equalAt, inside, namingAt, shifted, tellingAt } from './_masks';
import { ask, beginPass } from './_repetition';

/** A cluster table's record, in i32: of each of three kinds. */
const clusterBytes: i32 = 32;
const clusterCount: i32 = 4;
const clusterClassOf: i32 = 8;
const clusterClasses: i32 = 12;
const clusterMasks: i32 = 16;
const clusterVectors: i32 = 20;
const clusterShapes: i32 = 24;
/** Whether its rules are told by the words around: of one table at most. */
const clusterHasContext: i32 = 28;

const clusterForward: i32 = 16;
const clusterBackward: i32 = 16;

/** Where the escape ends whose letter stands at a place, with the control sequence that it begins; 0 where none does. */
function escapeEnd(letter: i32): i32 {
  const byte = load<u8>(letter);
  let codeEnd = 0;
  let isEscape = false;
  if (byte == 0x75) {
    if (letter + 5 > end() || !isHexRun(letter + 1)) return 0;
    codeEnd = letter + 5;
    isEscape = (load<u32>(letter + 1) | 0x20000000) == 0x62313030;
  } else if (byte == 0x78) {
    if (letter + 3 > end() || !isHexPair(letter + 1)) return 0;
    codeEnd = letter + 3;
    isEscape = (load<u16>(letter + 1) | 0x2000) == 0x6231;
  } else if (byte == 0x30) {
    if (letter + 3 > end() || !isOctalPair(letter + 1)) return 0;
    codeEnd = letter + 3;
    isEscape = load<u16>(letter + 1) == 0x3333;
  } else {
    return (byte | 0x20) == 0x65 ? sequenceEnd(letter + 1) : 0;
  }
  const sequence = isEscape ? sequenceEnd(codeEnd) : 0;
  return sequence != 0 ? sequence : codeEnd;
}

/** Which of the runs begin a word; `\n` and its like end before one. */
@inline
function begins(start: u64, runs: u64, afterLetter: u64, at: i32): u64 {
  let found = runs & start;
  let maybe = runs & afterLetter & ~start;
  while (maybe != 0) {
    if ((flagsAt(at + i32(ctz(maybe)) - 1) & isEscapeLetter) != 0) found |= maybe & -maybe;
    maybe &= maybe - 1;
  }
  return found;
}

/** Finds where clusters begin. */
export function clusterStarts(from: i32, to: i32): i32 {
  beginPass(from);
  const digitTable = parameters + (clusters << 2);
  const upperTable = digitTable + clusterBytes;
  const alnumTable = upperTable + clusterBytes;
  const hasDigit = load<i32>(digitTable, clusterCount) > 0;
  const hasUpper = load<i32>(upperTable, clusterCount) > 0;
  const hasAlnum = load<i32>(alnumTable, clusterCount) > 0;
  const hasWords = hasUpper || hasAlnum;
  const room = parameter(outPairs) - parameter(reserve);
  // An escape that ends at the first place begins so many bytes before it.
  let at = max(begin(), from - boundaryReach);
  let wasDigit: u64 = at > begin() ? u64(load<u8>(at - 1) - 0x30 < 10) : 0;
  let wasWord: u64 = at > begin() ? u64(flagsAt(at - 1) & isWord) : 0;
  let wasBackslash: u64 = 0;
  let wasEscaped: u64 = 0;
  let afterCode: u64 = 0;
  // Behind the end a cluster may go on with anything.
  let nextUpper: u64 = hasUpper ? capitalsAt(at) | ~inside(at) : 0;
  let nextAlnum: u64 = hasWords ? alnumAt(at) | ~inside(at) : 0;
  for (; at < to; at += 64) {
    const within = inside(at);
    const digit = digitsAt(at) & within;
    const backslash = equalAt(at, 0x5c) & within;

    // Where an escape that names a code, or a control sequence, has just ended.
    let code = afterCode;
    afterCode = 0;
    const escaped = (backslash << 1) | wasBackslash;
    wasBackslash = backslash >> 63;
    if (escaped != 0) {
      let named = escaped & namingAt(at);
      while (named != 0) {
        const letter = at + i32(ctz(named));
        named &= named - 1;
        const place = u64(<u32>(escapeEnd(letter) - at));
        if (place < 64) code |= (<u64>1) << place;
        else if (place < 128) afterCode |= (<u64>1) << (place - 64);
      }
    }
    let tells = tellingAt(at) & within;
    while (tells != 0) {
      const teller = at + i32(ctz(tells));
      tells &= tells - 1;
      let stop = teller + 1;
      if (load<u8>(teller) == 0x1b) stop = sequenceEnd(stop);
      else if (teller < begin() + 2 || load<u16>(teller - 2) != 0x333d) continue;
      const place = u64(<u32>(stop - at));
      if (place < 64) code |= (<u64>1) << place;
      else if (place < 128) afterCode |= (<u64>1) << (place - 64);
    }

    let digits: u64 = 0;
    let uppers: u64 = 0;
    let alnums: u64 = 0;
    if (hasDigit) digits = digit & (~((digit << 1) | wasDigit) | code);
    wasDigit = digit >> 63;
    if (hasWords) {
      const upper = nextUpper;
      const alnum = nextAlnum;
      if (hasUpper) nextUpper = capitalsAt(at + 64) | ~inside(at + 64);
      nextAlnum = alnumAt(at + 64) | ~inside(at + 64);
      const word = (alnum & within) | equalAt(at, 0x5f);
      const start = ~((word << 1) | wasWord) | code;
      // Behind the letter of an escape too.
      const afterLetter = (escaped << 1) | wasEscaped;
      wasWord = word >> 63;
      if (hasUpper) {
        const two = upper & shifted(upper, nextUpper, 1);
        const twoAfter = nextUpper & (nextUpper >> 1);
        const four = two & shifted(two, twoAfter, 2);
        uppers = begins(start, four & shifted(two, twoAfter, 4), afterLetter, at);
      }
      if (hasAlnum) {
        const two = alnum & shifted(alnum, nextAlnum, 1);
        const twoAfter = nextAlnum & (nextAlnum >> 1);
        const four = two & shifted(two, twoAfter, 2);
        const fourAfter = twoAfter & (twoAfter >> 2);
        const eight = four & shifted(four, fourAfter, 4);
        const eightAfter = fourAfter & (fourAfter >> 4);
        alnums = begins(start, eight & shifted(eight, eightAfter, 8), afterLetter, at);
      }
    }

    wasEscaped = escaped >> 63;

    let any = digits | uppers | alnums;
    while (any != 0) {
      const place = ctz(any);
      any &= any - 1;
      const p = at + i32(place);
      if (p < from) continue;
      if (p >= to) break;
      if (count() > room) return resumeAt(p);
      const bit: u64 = (<u64>1) << place;
      if ((digits & bit) != 0) narrow(<i32>digitTable, p);
      if ((uppers & bit) != 0) narrow(<i32>upperTable, p);
      if ((alnums & bit) != 0) narrow(<i32>alnumTable, p);
    }
  }
  return resumeAt(to);
}

@inline
function shapeAt(at: i32): i32 {
  return (flagsAt(at) >> 4) & 7;
}

/** Which vectors of a table the shape of the neighbours leaves: most clusters end after a digit or two. */
@inline
function shapesLeave(table: i32, at: i32): i32 {
  if (at < begin() + 3 || at + 3 >= end()) return -1;
  const shape =
    (flagsAt(at - 3) & isWord) |
    (shapeAt(at - 2) << 1) |
    (shapeAt(at - 1) << 4) |
    (shapeAt(at + 1) << 7) |
    (shapeAt(at + 2) << 10) |
    (shapeAt(at + 3) << 13);
  return load<u8>(load<i32>(table + clusterShapes) + shape);
}

@inline
function narrowed(alive: v128, rows: i32, at: i32, classOf: i32, stride: i32): v128 {
  return v128.and(alive, v128.load(rows + <i32>load<u8>(classOf + load<u8>(at)) * stride));
}

@inline
function narrowedInside(alive: v128, rows: i32, at: i32, classOf: i32, stride: i32, isInside: bool): v128 {
  return isInside || (at >= begin() && at < end()) ? narrowed(alive, rows, at, classOf, stride) : alive;
}

/** Asks the rules of a table that the bytes around a place leave. */
function narrow(table: i32, at: i32): void {
  const left = shapesLeave(table, at);
  if (left == 0) return;
  const classOf = load<i32>(table + clusterClassOf);
  const vectors = load<i32>(table + clusterVectors);
  const stride = vectors << 4;
  const depth = load<i32>(table + clusterClasses) * stride;
  const masks = load<i32>(table + clusterMasks);
  const first = load<i32>(table);
  const isTold = load<i32>(table + clusterHasContext) != 0 && !isUnknownAround(at);
  const isInside = at - 2 - clusterBackward >= begin() && at + clusterForward < end();
  for (let vector = 0; vector < vectors; vector++) {
    if (((left >> min(vector, 7)) & 1) == 0) continue;
    let rows = masks + (vector << 4);
    let alive = narrowedInside(i8x16.splat(-1), rows, at + 1, classOf, stride, isInside);
    alive = narrowedInside(alive, rows + depth, at - 1, classOf, stride, isInside);
    rows += depth * 2;
    alive = narrowed(alive, rows, at, classOf, stride);
    if (!v128.any_true(alive)) continue;
    const isEarly = isTold && isKnownNear(at);
    if (isEarly) {
      alive = leftByContext(alive, at, vector);
      if (!v128.any_true(alive)) continue;
    }
    rows += depth;
    for (let i = 2; i < clusterBackward + 2; i += 2) {
      if (i < clusterForward) {
        alive = narrowedInside(alive, rows, at + i, classOf, stride, isInside);
        alive = narrowedInside(alive, rows + depth, at + i + 1, classOf, stride, isInside);
        rows += depth * 2;
      }
      alive = narrowedInside(alive, rows, at - i, classOf, stride, isInside);
      alive = narrowedInside(alive, rows + depth, at - i - 1, classOf, stride, isInside);
      if (!v128.any_true(alive)) break;
      rows += depth * 2;
    }
    if (!v128.any_true(alive)) continue;
    if (isTold && !isEarly) alive = leftByContext(alive, at, vector);
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
