/** Runs a program forward from a position: where its match ends, and where the group named `value` stands in it. */
import type { Arena } from './arena.ts';
import { afterLineStart, createAutomaton, deadState, flagsAfter, holds, type Automaton } from './automaton.ts';
import type { Program } from './program.ts';

/** The program does not match there. */
export const noMatch = -1;
/** Whether it matches depends on bytes that have not come yet. */
export const unresolved = -2;

export interface ForwardRun {
  /** Forgets what earlier texts taught; to be called before the first `end` of each text. */
  begin(): void;
  /**
   * The end of the preferred match that begins at `at`, {@link noMatch}, or {@link unresolved} (only while `isOpen`, the
   * text may grow).
   */
  end(text: Uint8Array, at: number, isOpen: boolean): number;
  /** What runs it, for a kernel that runs it too. */
  readonly automaton: Automaton;
  /** The group's range, for a match found by `end`. */
  group(text: Uint8Array, at: number, end: number): Group;
}

interface Group {
  readonly start: number;
  readonly end: number;
}

/** Every so many bytes a run leaves its state behind for later runs. */
const trailStep = 16;

/**
 * @param arena holds the automaton's states @param reach the most bytes that a match is looked for in.
 * @param tail the width of what follows the group, when it is fixed.
 */
export function createForwardRun(program: Program, arena: Arena, reach: number, tail: number | undefined): ForwardRun {
  const automaton = createAutomaton(program, arena, false);
  const { classOf, endClass } = automaton;
  const hasPrefix = program.code.some((instruction) => instruction.op === 'set' && instruction.phase === 0);

  // A run that comes to the state an earlier run had at the same place can only end as that one did. So a flood of
  // beginnings (`-eyJ-eyJ-eyJ…`) costs a few bytes each instead of a whole window each. The trail is a cache: it never
  // changes a result. test/property/detect-trail.test.ts holds that.
  const trail = reach > 4 * trailStep ? new Int32Array(2 ** Math.ceil(Math.log2(reach / trailStep + 3))) : undefined;
  const trailMask = (trail?.length ?? 1) - 1;
  let trailStart = 1;
  let trailEnd = 0;
  let trailLast = noMatch;
  let trailFinal = deadState;

  let trailGeneration = arena.generation();

  const begin = (): void => {
    trailStart = 1;
    trailEnd = 0;
    trailGeneration = arena.generation();
  };

  const end = (text: Uint8Array, at: number, isOpen: boolean): number => {
    const windowEnd = at + reach + 1;
    const limit = windowEnd < text.length ? windowEnd : text.length;
    let state = automaton.initial(at === 0 ? afterLineStart : flagsAfter(text[at - 1] ?? 0));
    const generation = arena.generation();
    if (trailGeneration !== generation) begin();
    let table = arena.cells();
    let last = noMatch;
    let mark = -1;
    let p = at;
    while (p < limit) {
      if (p % trailStep === 0 && trail !== undefined && p - at >= trailStep) {
        const slot = (p / trailStep) & trailMask;
        if (p >= trailStart && p < trailEnd && trailEnd <= limit && trail[slot] === state) {
          if (mark < 0) mark = p;
          if (trailLast >= p) last = trailLast;
          state = trailFinal;
          p = trailEnd;
          if (state === deadState) break;
          continue;
        }
        if (mark < 0) mark = p;
        trail[slot] = state;
      }
      let transition = table[state + (classOf[text[p] ?? 0] ?? 0)] ?? -1;
      if (transition < 0) {
        transition = automaton.step(state, classOf[text[p] ?? 0] ?? 0);
        table = arena.cells();
        // What an earlier run left behind names states that may be others by now.
        if (generation !== arena.generation()) begin();
      }
      if ((transition & 1) !== 0) last = p;
      state = transition >> 3;
      p++;
      if (state === deadState) break;
    }
    if (arena.generation() !== generation) {
      begin();
    } else if (mark >= 0) {
      trailStart = mark;
      trailEnd = p;
      trailLast = last;
      trailFinal = state;
    }
    if (state === deadState || limit === windowEnd) return last;
    if (isOpen) return unresolved;
    const known = table[state + endClass] ?? -1;
    return ((known < 0 ? automaton.step(state, endClass) : known) & 1) !== 0 ? p : last;
  };

  const groupStart = (text: Uint8Array, at: number, end: number): number => {
    if (!hasPrefix) return at;
    let state = automaton.initial(at === 0 ? afterLineStart : flagsAfter(text[at - 1] ?? 0));
    let table = arena.cells();
    for (let p = at; p < end; p++) {
      const byteClass = classOf[text[p] ?? 0] ?? 0;
      const known = table[state + byteClass] ?? -1;
      const transition = known < 0 ? automaton.step(state, byteClass) : known;
      if (known < 0) table = arena.cells();
      const summary = (transition >> 1) & 3;
      if (summary === 1) return p;
      if (summary !== 0) return noMatch;
      state = transition >> 3;
    }
    return noMatch;
  };

  let capture: ReturnType<typeof createCapture> | undefined;
  const group = (text: Uint8Array, at: number, end: number): Group => {
    if (tail !== undefined) {
      const start = groupStart(text, at, end);
      if (start !== noMatch) return { start, end: end - tail };
    }
    capture ??= createCapture(program);
    return capture(text, at, end);
  };

  return { automaton, begin, end, group };
}

/** Steps are counted up to here, then anew. */
const mostSteps = 2 ** 31 - 1;

/**
 * Follows every thread with its own memory of the group: for the matches in which the automaton cannot tell what is the
 * group and what is not. Made when the first such match comes.
 */
function createCapture(program: Program): (text: Uint8Array, at: number, end: number) => Group {
  const { code } = program;
  // Threads in order of preference: the instruction that each waits at, and where its group begins and ends.
  let entries = new Int32Array(code.length);
  let starts = new Int32Array(code.length);
  let ends = new Int32Array(code.length);
  let nextEntries = new Int32Array(code.length);
  let nextStarts = new Int32Array(code.length);
  let nextEnds = new Int32Array(code.length);
  const stack = new Int32Array(2 * code.length + 1);
  /** The step in which an instruction was last followed, and last waited at. */
  const seenIn = new Int32Array(code.length);
  const reachedIn = new Int32Array(code.length);
  let step = 0;

  return (text, at, end) => {
    entries[0] = program.start;
    starts[0] = -1;
    ends[0] = -1;
    let count = 1;
    for (let p = at; p <= end; p++) {
      if (step === mostSteps) {
        step = 0;
        seenIn.fill(0);
        reachedIn.fill(0);
      }
      step++;
      const flags = p === 0 ? afterLineStart : flagsAfter(text[p - 1] ?? 0);
      const next = p < text.length ? (text[p] ?? 0) : -1;
      let following = 0;
      for (let thread = 0; thread < count; thread++) {
        const start = starts[thread] ?? -1;
        let depth = 1;
        stack[0] = entries[thread] ?? 0;
        while (depth > 0) {
          const entry = stack[--depth] ?? 0;
          if (seenIn[entry] === step) continue;
          seenIn[entry] = step;
          const instruction = code[entry];
          if (instruction === undefined) continue;
          if (instruction.op === 'split') {
            stack[depth++] = instruction.second;
            stack[depth++] = instruction.first;
          } else if (instruction.op === 'assert') {
            if (holds(instruction.assertion, flags, next)) stack[depth++] = instruction.next;
          } else if (instruction.op === 'match') {
            const last = ends[thread] ?? -1;
            if (p === end) return { start: start < 0 ? at : start, end: last < 0 ? end : last };
          } else if (next >= 0 && instruction.set[next] === 1 && reachedIn[instruction.next] !== step) {
            reachedIn[instruction.next] = step;
            const isInside = instruction.phase === 1;
            nextEntries[following] = instruction.next;
            nextStarts[following] = isInside && start < 0 ? p : start;
            nextEnds[following] = isInside ? p + 1 : (ends[thread] ?? -1);
            following++;
          }
        }
      }
      [entries, nextEntries] = [nextEntries, entries];
      [starts, nextStarts] = [nextStarts, starts];
      [ends, nextEnds] = [nextEnds, ends];
      count = following;
    }
    return { start: at, end };
  };
}
