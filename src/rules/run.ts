/** Runs every rule's own examples: what it must find, and what it must leave alone. */
import { createMatcher } from '../detect/matcher.ts';
import { fillExample, randomFrom } from './examples.ts';
import type { PackRule } from './pack.ts';

/** One example that did not do what it says. */
export interface ExampleFailure {
  readonly rule: string;
  readonly place: string;
  /** `match`: the rule should have found something. `ignore`: it should not have. */
  readonly expected: 'match' | 'ignore';
  /** The example as written, unfilled. */
  readonly example: string;
}

/** How many fillings of each example are tried. */
const rounds = 5;

/**
 * Runs the examples of rules; the same seed gives the same texts. Specific rules do not disturb each other and are
 * compiled together; a generic rule, which would give way to them, is run alone.
 *
 * @returns how many examples ran and which failed.
 */
export function runExamples(
  rules: readonly PackRule[],
  seed = 1,
): { readonly ran: number; readonly failures: readonly ExampleFailure[] } {
  const failures: ExampleFailure[] = [];
  let ran = 0;
  const specific = createMatcher(rules.flatMap(({ rule }) => (rule.isGeneric ? [] : [rule])));
  for (const { rule, examples, place } of rules) {
    const matcher = rule.isGeneric ? createMatcher([rule]) : specific;
    const random = randomFrom(seed + hashOf(rule.id));
    const finds = (example: string): boolean => {
      const text = new TextEncoder().encode(fillExample(example, rule, random));
      return matcher.scan(text, 0, true).matches.some((match) => match.rule === rule);
    };
    for (const expected of ['match', 'ignore'] as const) {
      for (const example of examples[expected]) {
        ran++;
        const isRight = Array.from({ length: rounds }, () => finds(example)).every(
          (found) => found === (expected === 'match'),
        );
        if (!isRight) failures.push({ rule: rule.id, place, expected, example });
      }
    }
  }
  return { ran, failures };
}

function hashOf(text: string): number {
  let hash = 0;
  for (const char of text) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0;
  return hash >>> 0;
}
