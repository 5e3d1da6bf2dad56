/** Runs a program backward from a position: how far to the left what precedes an anchor reaches. */
import { isInsideEscape, isStartOf } from '../boundary.ts';
import type { TokenStart } from '../token-prefix.ts';
import type { Arena } from './arena.ts';
import { afterLineStart, createAutomaton, deadState, flagsAfter, type Automaton } from './automaton.ts';
import { noMatch } from './forward.ts';
import type { Program } from './program.ts';

/** Finds the leftmost start, or `noMatch`. Needs no bytes after `at` but the one at it. */
export interface BackwardRun {
  readonly start: (text: Uint8Array, at: number) => number;
  /** What runs it, for a kernel that runs it too. */
  readonly automaton: Automaton;
}

/**
 * @param program compiled in reverse. @param arena holds the automaton's states.
 * @param reach the most bytes that it may take.
 * @param boundary what word boundary the start must be, if any; escapes count as such, and no start stands inside one.
 */
export function createBackwardRun(
  program: Program,
  arena: Arena,
  reach: number,
  boundary: TokenStart | undefined,
): BackwardRun {
  const automaton = createAutomaton(program, arena, true);
  const { classOf, endClass } = automaton;
  const isStart = (text: Uint8Array, p: number): boolean =>
    boundary === undefined || (isStartOf(text, p, boundary) && !isInsideEscape(text, p));

  const start = (text: Uint8Array, at: number): number => {
    let found = noMatch;
    // Read from right to left, what stands "before" is the byte at the anchor.
    let state = automaton.initial(at < text.length ? flagsAfter(text[at] ?? 0) : afterLineStart);
    const limit = Math.max(0, at - reach - 1);
    let p = at;
    for (; p > limit; p--) {
      const byteClass = classOf[text[p - 1] ?? 0] ?? 0;
      const known = arena.cells()[state + byteClass] ?? -1;
      const transition = known < 0 ? automaton.step(state, byteClass) : known;
      if ((transition & 1) !== 0 && isStart(text, p)) found = p;
      state = transition >> 3;
      if (state === deadState) return found;
    }
    if (p > 0) return found;
    const known = arena.cells()[state + endClass] ?? -1;
    const transition = known < 0 ? automaton.step(state, endClass) : known;
    return (transition & 1) !== 0 && isStart(text, 0) ? 0 : found;
  };

  return { start, automaton };
}
