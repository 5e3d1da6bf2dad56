/** Judges a flood once and not at each of its turns: see `src/detect/repetition.ts`. Then asks who waits at a place. */
import { isAlive } from './_automata';
import { answers, begin, beginOutput, emit, end, entries, isOneText, lists, parameter, reaches } from './_memory';

/** A text that repeats itself at a greater distance is judged anew. */
const longestPeriod: i64 = 1024;
/** How many bytes may be compared for each byte of the text. */
const comparedPerByte: i32 = 4;
/** How many bytes before a place its answer may depend on. */
const answerBehind: i32 = 256;
const unknown: i32 = 0;
const isDead: i32 = 1;
const isLive: i32 = 2;

// What is known of the text repeating itself: see `src/detect/repetition.ts`. Places are counted over all calls.
let base: i64 = 0;
let previous: i32 = 0;
let credit: i32 = 0;
let period: i32 = 0;
let same: i32 = 0;
let upTo: i32 = 0;

/** To be called before the first place of a pass. */
export function beginPass(from: i32): void {
  beginOutput();
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
  if (stop > end()) return unknown;
  const isHeld = period > 0 && upTo > at && (stop <= upTo || extend(stop) || credit <= 0);
  if (!isHeld) {
    if (distance > longestPeriod || distance > i64(at - begin())) return unknown;
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
export function ask(at: i32, list: i32): void {
  const answer = parameter(answers) + (list << 4);
  const known = answerAt(at, list, answer);
  if (known == isDead) return;
  if (known == isLive) {
    store<i64>(answer, base + i64(at), 8);
    emit(at, list, -1);
    return;
  }
  const head = parameter(lists) + (list << 3);
  const size = load<i32>(head, 4);
  let entry = parameter(entries) + (load<i32>(head) << 3);
  let alive = 0;
  for (let i = 0; i < size; i++, entry += 8) {
    const anchor = at - load<i32>(entry, 4);
    if (isOneText(anchor, at) && isAlive(load<i32>(entry), anchor)) alive |= 1 << min(i, 31);
  }
  if (alive == 0) return;
  store<i64>(answer, base + i64(at), 8);
  emit(at, list, alive);
}
