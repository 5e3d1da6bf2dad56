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

export interface Check {
  readonly name: string;
  /** One line for people: what holds when it holds. */
  readonly about: string;
  /** How many bytes after the value it may look at. */
  readonly ahead?: number;
  /** How many bytes before the value it may look at. */
  readonly back?: number;
  readonly test: (candidate: Candidate) => boolean;
  /** Given random text that fits the pattern, returns a text for which the check holds; for generated examples. */
  readonly fix?: (value: string) => string;
}
