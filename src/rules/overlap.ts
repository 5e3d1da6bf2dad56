/** Finds rules that speak for the same values: which of the two names a placeholder would be chance. */
import { createMatcher } from '../detect/matcher.ts';
import { fillExample, randomFrom } from './examples.ts';
import type { PackRule } from './pack.ts';

/** Two specific rules, of which the second finds the very values that the first does. */
export interface Overlap {
  readonly entry: PackRule;
  readonly other: PackRule;
}

/** How many fillings of each example are tried. */
const rounds = 3;

/**
 * Rules whose every example another specific rule finds too, at the same place. Generic rules give way by themselves,
 * and rules with the same kind do not compete.
 */
export function findOverlaps(rules: readonly PackRule[]): readonly Overlap[] {
  const specific = rules.filter(({ rule }) => !rule.isGeneric);
  const matcher = createMatcher(specific.map(({ rule }) => rule));
  const byId = new Map(specific.map((entry) => [entry.rule.id, entry]));
  return specific.flatMap((entry) => {
    const random = randomFrom(1);
    const texts = entry.examples.match.flatMap((example) =>
      Array.from({ length: rounds }, () => new TextEncoder().encode(fillExample(example, entry.rule, random))),
    );
    const companions = texts.map((text) => companionsIn(matcher.scan(text, 0, true).matches, entry.rule.id));
    const [first = new Set<string>(), ...others] = companions;
    return [...first]
      .filter((id) => others.every((found) => found.has(id)))
      .flatMap((id) => {
        const other = byId.get(id);
        return other === undefined || other.rule.kind === entry.rule.kind ? [] : [{ entry, other }];
      });
  });
}

/** The rules that find a range which the rule of an id finds. */
function companionsIn(
  matches: readonly { readonly rule: { readonly id: string }; readonly start: number; readonly end: number }[],
  id: string,
): ReadonlySet<string> {
  const own = matches.filter(({ rule }) => rule.id === id);
  const same = matches.filter(
    ({ rule, start, end }) => rule.id !== id && own.some((match) => match.start === start && match.end === end),
  );
  return new Set(same.map(({ rule }) => rule.id));
}
