/** Runs the automata from anchors: drops those of which they say for certain that they lead nowhere. */
import {
  begin,
  boundaryReach,
  cells,
  end,
  flagsAt,
  isEnd,
  isStart,
  isStartOf,
  isTextEnd,
  isTextStart,
  parameter,
  rules,
  trails,
} from './_memory';

/** A rule's record, in i32. */
const ruleBytes: i32 = 64;
const hasRuns: i32 = 0;
/** How it may begin: see `isStartOf`. */
const anchorStart: i32 = 4;
const backwardInitials: i32 = 8;
const backwardClasses: i32 = 12;
const backwardReach: i32 = 16;
const backwardStart: i32 = 20;
const forwardInitials: i32 = 24;
const forwardClasses: i32 = 28;
const forwardReach: i32 = 32;
const trailOf: i32 = 36;
/** The classes that stand for the ends of the text. */
const forwardEnd: i32 = 40;
const backwardEnd: i32 = 44;

/** A run leaves its state behind every so many bytes, for later ones to stop at. */
const trailStep: i32 = 16;
const trailCount: i32 = 32;
const trailSlots: i32 = 2048;
const trailBytes: i32 = 16 + trailSlots * 4;

/** The next trail to be taken from whoever has it. */
let nextTrail: i32 = 0;

/** Forgets what runs in the block before have left behind. */
export function forgetTrails(): void {
  const base = parameter(trails);
  for (let i = 0; i < trailCount; i++) store<i32>(base + i * trailBytes, -1);
}

/** Whether what precedes an anchor may fit. */
function mayPrecede(rule: i32, at: i32): bool {
  const row = load<i32>(rule + backwardInitials);
  const table = parameter(cells);
  const classes = load<i32>(rule + backwardClasses);
  const start = load<i32>(rule + backwardStart);
  let state = load<i32>(row + ((flagsAt(at) & 3) << 2));
  if (state < 0) return true;
  const least = at - load<i32>(rule + backwardReach) - 1;
  const limit = max(least, begin());
  let p = at;
  while (p > limit) {
    const byte = load<u8>(p - 1);
    if (byte == 0x0a && isTextStart(p)) return mayAccept(table, state, load<i32>(rule + backwardEnd));
    const transition = load<i32>(table + ((state + load<u8>(classes + byte)) << 2));
    if (transition < 0) return true;
    if ((transition & 1) != 0 && isStartOf(p, start)) return true;
    state = transition >> 3;
    if (state == 0) return false;
    p--;
  }
  if (p > begin()) return false;
  return !isStart() || mayAccept(table, state, load<i32>(rule + backwardEnd));
}

/** Whether a state may accept where the text ends; -1 is not known yet. */
@inline
function mayAccept(table: i32, state: i32, endClass: i32): bool {
  return (load<i32>(table + ((state + endClass) << 2)) & 1) != 0;
}

/** Whether a match may begin at an anchor. */
function mayFollow(rule: i32, at: i32): bool {
  const row = load<i32>(rule + forwardInitials);
  const table = parameter(cells);
  const classes = load<i32>(rule + forwardClasses);
  const flags = at == begin() ? 2 : flagsAt(at - 1) & 3;
  let state = load<i32>(row + (flags << 2));
  if (state < 0) return true;
  const windowEnd = at + load<i32>(rule + forwardReach) + 1;
  const limit = min(windowEnd, end());
  const early = min(limit, at + trailStep);
  let p = at;
  while (p < early) {
    const byte = load<u8>(p);
    if (byte == 0x0a && isTextEnd(p)) return mayAccept(table, state, load<i32>(rule + forwardEnd));
    const transition = load<i32>(table + ((state + load<u8>(classes + byte)) << 2));
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
      const byte = load<u8>(p);
      if (byte == 0x0a && isTextEnd(p)) {
        store<i32>(trail + 8, 0);
        return mayAccept(table, state, load<i32>(rule + forwardEnd));
      }
      const transition = load<i32>(table + ((state + load<u8>(classes + byte)) << 2));
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
  if (limit == windowEnd) return false;
  return !isEnd() || mayAccept(table, state, load<i32>(rule + forwardEnd));
}

/** The trail of a rule: owner, first mark, end(), state at the end(), then a ring of marks. */
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
export function isAlive(index: i32, at: i32): bool {
  // What stands before the block is known where the text begins with it, and else only by its last bytes.
  if (at < begin()) return !isStart();
  if (!isStart() && at - begin() < boundaryReach) return true;
  const rule = parameter(rules) + index * ruleBytes;
  if (load<i32>(rule + hasRuns) == 0) return true;
  if (!isStartOf(at, load<i32>(rule + anchorStart))) return false;
  if (load<i32>(rule + backwardInitials) != 0 && !mayPrecede(rule, at)) return false;
  return mayFollow(rule, at);
}

