/** Runs a target for a while: cases follow from the seed alone, and a failing one is cut down. */
import { randomFrom } from '../../src/rules/examples.ts';
import { shrink } from './shrink.ts';
import type { Target } from './target.ts';

interface Failure {
  /** The case: with it and the input, `check` fails again. */
  readonly seed: number;
  readonly input: Uint8Array;
  /** The broken law, or the error that nothing may throw, with its place. */
  readonly message: string;
}

export interface TargetRun {
  readonly cases: number;
  readonly failure?: Failure;
}

/** Processor time that one case may take. Inputs are kilobytes and everything is linear: this is a hundred times more. */
const slowestCaseMs = 5000;
const shrinkBudgetMs = 10_000;

/** The seed of the n-th case (a multiplicative step, so that neighbouring runs share no cases). */
function caseSeed(seed: number, index: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index, 0xc2b2ae35)) >>> 0;
}

/** What is wrong with an input, undefined when every law holds. */
export function faultOf(target: Target, seed: number, input: Uint8Array): string | undefined {
  const before = process.cpuUsage();
  try {
    // The maker has drawn from the case's own generator: the check has one of its own.
    target.check(input, randomFrom(seed ^ 0x5bd1e995));
  } catch (error: unknown) {
    if (!(error instanceof Error)) return `something that is no error was thrown: ${typeof error}`;
    const place = error.stack
      ?.split('\n')
      .find((line) => line.includes('/src/') || line.includes('/test/fuzz/targets/'));
    return error.name === 'BrokenLaw' ? error.message : `${error.name}: ${error.message} (${(place ?? '').trim()})`;
  }
  const { user, system } = process.cpuUsage(before);
  const tookMs = (user + system) / 1000;
  return tookMs > slowestCaseMs ? `one case takes more than ${slowestCaseMs} ms of processor time` : undefined;
}

/** Runs cases for so long, or until one fails. */
export function runTarget(target: Target, seed: number, budgetMs: number): TargetRun {
  const until = performance.now() + budgetMs;
  let cases = 0;
  // A few cases run whatever the machine is busy with: a target that ran none has shown nothing.
  for (; cases < 3 || performance.now() < until; cases += 1) {
    const own = caseSeed(seed, cases);
    const input = target.make(randomFrom(own));
    const message = faultOf(target, own, input);
    if (message === undefined) continue;
    const least = shrink(input, (shorter) => faultOf(target, own, shorter) === message, shrinkBudgetMs);
    return { cases: cases + 1, failure: { seed: own, input: least, message } };
  }
  return { cases };
}
