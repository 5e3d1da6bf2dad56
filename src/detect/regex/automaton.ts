/** A deterministic automaton over a program, built state by state as texts need them: one table load per byte. */
import { initialsPerAutomaton, type Arena } from './arena.ts';
import { classesOf, sampleBytes } from './byte-classes.ts';
import { alnumSet, setOf, wordSet, type Assertion, type ByteSet } from './syntax.ts';
import type { Program } from './program.ts';

/** What stands before the next byte, for assertions. */
const afterWord = 1;
export const afterLineStart = 2;

/** A byte that could belong to several parts of the pattern. */
const mixed = 3;

interface State {
  /** Entries of the program in order of preference. */
  readonly kernel: readonly number[];
  readonly flags: number;
}

/** The offset 0 of the table is the state from which nothing matches. */
export const deadState = 0;

/**
 * Transitions are `(next state << 3) | (summary << 1) | accepts`. `accepts` says that a match ends before the byte
 * consumed: an end is known one byte late, when its assertions are. The summary says which part of the pattern, as seen
 * from the group named `value`, the byte belongs to: 0 before it, 1 inside, 2 after, 3 when that is not yet known.
 */
export interface Automaton {
  /** Its number in the arena. */
  readonly number: number;
  /** The class of each byte. */
  readonly classOf: Uint8Array;
  /** The class that stands for the end of the text. */
  readonly endClass: number;
  /** The state to begin with. */
  initial(flags: number): number;
  /** Builds the transition of a state for a class. */
  step(state: number, byteClass: number): number;
}

/**
 * @param arena holds the transitions: states are offsets in it
 * @param isLongest every end is reported, not only those that the pattern's order of preference allows.
 */
export function createAutomaton(program: Program, arena: Arena, isLongest: boolean): Automaton {
  const { code } = program;
  const hasAssertions = code.some((instruction) => instruction.op === 'assert');
  const phases = new Set(code.map((instruction) => (instruction.op === 'set' ? instruction.phase : 1)));
  const hasPhases = phases.size > 1;
  const { classOf, count } = classify(program, hasAssertions);
  const samples = sampleBytes(classOf, count);
  const stride = count + 1;
  const endClass = count;

  const number = arena.register();
  let states = new Map<number, State>();
  let numbers = new Map<string, number>();
  let generation = arena.generation();
  const isSeen = new Uint8Array(code.length);

  /** Forgets the states that the arena has forgotten. */
  const keepUp = (): void => {
    if (generation === arena.generation()) return;
    generation = arena.generation();
    states = new Map();
    numbers = new Map();
  };

  const numberOf = (state: State): number => {
    keepUp();
    if (state.kernel.length === 0) return deadState;
    const key = `${state.flags}:${state.kernel.join()}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const offset = arena.allocate(stride);
    keepUp();
    states.set(offset, state);
    numbers.set(key, offset);
    return offset;
  };

  /** Follows splits and assertions from a kernel; returns the byte-consuming entries in order. */
  const follow = (state: State, next: number): { readonly entries: readonly number[]; readonly accepts: boolean } => {
    const entries: number[] = [];
    let accepts = false;
    isSeen.fill(0);
    const stack = state.kernel.toReversed();
    for (;;) {
      const at = stack.pop();
      if (at === undefined) break;
      if (isSeen[at] === 1) continue;
      isSeen[at] = 1;
      const instruction = code[at];
      if (instruction === undefined) continue;
      if (instruction.op === 'set') {
        entries.push(at);
      } else if (instruction.op === 'split') {
        stack.push(instruction.second, instruction.first);
      } else if (instruction.op === 'assert') {
        if (holds(instruction.assertion, state.flags, next)) stack.push(instruction.next);
      } else {
        accepts = true;
        if (!isLongest) break;
      }
    }
    return { entries, accepts };
  };

  const step = (offset: number, byteClass: number): number => {
    const state = states.get(offset);
    if (state === undefined) return deadState;
    const byte = byteClass === endClass ? -1 : (samples[byteClass] ?? 0);
    const { entries, accepts } = follow(state, byte);
    const kernel: number[] = [];
    let summary = -1;
    if (byte >= 0) {
      isSeen.fill(0);
      for (const at of entries) {
        const instruction = code[at];
        if (instruction?.op !== 'set' || instruction.set[byte] !== 1) continue;
        summary = summary === -1 || summary === instruction.phase ? instruction.phase : mixed;
        if (isSeen[instruction.next] === 1) continue;
        isSeen[instruction.next] = 1;
        kernel.push(instruction.next);
      }
    }
    const flags = hasAssertions ? flagsAfter(byte) : 0;
    const before = generation;
    let from = offset;
    let target = numberOf({ kernel, flags });
    if (generation !== before) {
      // The arena was full and is empty now: there is room for both.
      from = numberOf(state);
      target = numberOf({ kernel, flags });
    }
    const transition = (target << 3) | (hasPhases && summary > 0 ? summary << 1 : 0) | (accepts ? 1 : 0);
    arena.cells()[from + byteClass] = transition;
    return transition;
  };

  const initial = (flags: number): number => {
    const slot = number * initialsPerAutomaton + flags;
    const known = arena.initials()[slot] ?? -1;
    if (known >= 0) return known;
    const offset = numberOf({ kernel: [program.start], flags: hasAssertions ? flags : 0 });
    arena.initials()[slot] = offset;
    return offset;
  };

  return { number, classOf, endClass, initial, step };
}

/** The flags that hold after a byte. */
export function flagsAfter(byte: number): number {
  return (wordSet[byte] === 1 ? afterWord : 0) | (byte === 0x0a ? afterLineStart : 0);
}

/** Whether an assertion holds between what the flags say and the next byte (-1: the end of the text). */
export function holds(assertion: Assertion, flags: number, next: number): boolean {
  const isWordBefore = (flags & afterWord) !== 0;
  const isWordAfter = next >= 0 && wordSet[next] === 1;
  switch (assertion) {
    case 'word-boundary':
      return isWordBefore !== isWordAfter;
    case 'not-word-boundary':
      return isWordBefore === isWordAfter;
    case 'token-end':
      return isWordBefore ? next < 0 || alnumSet[next] !== 1 : isWordAfter;
    case 'line-start':
      return (flags & afterLineStart) !== 0;
    case 'line-end':
      return next === -1 || next === 0x0a;
  }
}

/** Groups the bytes that no set of the program tells apart. */
function classify(program: Program, hasAssertions: boolean): { readonly classOf: Uint8Array; readonly count: number } {
  const sets = new Set<ByteSet>();
  for (const instruction of program.code) if (instruction.op === 'set') sets.add(instruction.set);
  if (hasAssertions) sets.add(wordSet).add(alnumSet).add(setOf(0x0a));
  return classesOf(sets);
}
