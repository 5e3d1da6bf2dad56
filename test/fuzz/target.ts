/** What a fuzz target is: a maker of inputs and the laws that every input must keep. */
import type { Random } from '../../src/rules/examples.ts';

export interface Target {
  readonly name: string;
  /** Makes an input; any bytes are one, so that a failing input can be cut down. */
  make(random: Random): Uint8Array;
  /**
   * Throws when a law is broken. Everything besides the input (chunk edges, routes, values) comes from `random`, which
   * begins anew for each check of the same case.
   */
  check(input: Uint8Array, random: Random): void;
}

/** A broken law. Its message never holds the input. */
class BrokenLaw extends Error {
  override readonly name = 'BrokenLaw';
}

/** States a law. */
export function law(holds: boolean, text: string): void {
  if (!holds) throw new BrokenLaw(text);
}
