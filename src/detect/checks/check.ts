/** What a named check is given and says. */

import type { Assignment } from './assignment.ts';

/** How much of a value checks look at: a flood of long values must not cost a whole window each. */
export const examinedBytes = 1024;

/** A value under examination. */
export interface Candidate {
  readonly text: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The value, each byte as one character; of a long one the first {@link examinedBytes}. */
  readonly value: string;
  /** What it is assigned to, once a check has read it: see `assignmentOf`. */
  assignment?: Assignment;
}

/** Finds the end of a value that goes on behind what its pattern matches. */
export interface Extent {
  /** How many bytes behind the match it may look at. */
  readonly ahead: number;
  /**
   * Where the value ends: at `end` itself where nothing follows that belongs to it, and then there is no value.
   * `isSettled`: more text would change nothing.
   */
  readonly endOf: (text: Uint8Array, end: number) => { readonly end: number; readonly isSettled: boolean };
}

export interface Check {
  readonly name: string;
  /** One line for people: what holds when it holds. */
  readonly about: string;
  /** How many bytes after the value it may look at. */
  readonly ahead?: number;
  /** How many bytes before the value it may look at. */
  readonly back?: number;
  /** For a check that also says where the value ends: of those that a rule requires, the first such counts. */
  readonly extent?: Extent;
  readonly test: (candidate: Candidate) => boolean;
  /** Given random text that fits the pattern, returns a text for which the check holds; for generated examples. */
  readonly fix?: (value: string) => string;
}
