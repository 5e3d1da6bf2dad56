/** Rules that would bring a backtracking engine down: they run in linear time here, or are refused with what to do. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.ts';
import { AppError } from '../../src/core/errors.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import type { Rule } from '../../src/detect/rule.ts';
import { plainRule } from '../helpers/rules.ts';

const ruleOf = (pattern: string, id = 'hostile'): Rule => plainRule(id, pattern);

/** Milliseconds of CPU time that a text takes. */
function costOf(pattern: string, text: Uint8Array): number {
  const matcher = createMatcher([ruleOf(pattern)]);
  matcher.scan(text, 0, true);
  const before = process.cpuUsage();
  matcher.scan(text, 0, true);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('hostile rules', () => {
  it.each([
    ['nested repeats', 'key=(?:a+)+$b', 'key='.padEnd(200_000, 'a')],
    ['overlapping alternatives', 'key=(?:a|aa|a[a-z])*!', 'key='.padEnd(200_000, 'a')],
    ['a beginning that repeats itself', 'key=.{0,900}!', 'key='.repeat(50_000)],
    ['repeats side by side', String.raw`key=\w*\w*\w*\w*!`, 'key=a'.repeat(40_000)],
  ])('cost no more than linear time: %s', (_, pattern, text) => {
    const rule = pattern.replace('$', '');

    // A backtracking engine takes minutes to the end of time; one that is quadratic takes over ten seconds.
    expect(costOf(rule, utf8(text))).toBeLessThan(2000);
  });

  it.each([
    ['a look-ahead', 'key(?=a)', 'look-around'],
    ['a back-reference', String.raw`(k)ey\1`, 'back-reference'],
    ['repeats of repeats of repeats', 'key(?:(?:a{1000}){1000}){1000}', 'too large'],
    ['nothing to be looked for', String.raw`\w+\d*`, 'anchored'],
  ])('are refused with the reason and what to do: %s', (_, pattern, reason) => {
    let thrown: unknown;
    try {
      createMatcher([ruleOf(pattern)]);
    } catch (error: unknown) {
      thrown = error;
    }

    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'ERR_RULES_INVALID', message: expect.stringContaining(reason) });
    expect(thrown).toHaveProperty('hint');
  });

  it('may be five thousand literals, each found', () => {
    const literal = (index: number): string => `Acme${index.toString(36).padStart(4, 'q')}Zeta${String(index)}`;
    const rules = Array.from({ length: 5000 }, (_, index) => ruleOf(String.raw`\b${literal(index)}\b`, `r${index}`));
    const matcher = createMatcher(rules);
    const text = utf8(`${' '.repeat(2000)}${[0, 1234, 4999].map(literal).join(' ')}`);

    expect(matcher.scan(text, 0, true).matches.map(({ rule }) => rule.id)).toEqual(['r0', 'r1234', 'r4999']);
  });

  it('may hold two hundred alternatives, each found', () => {
    const word = (index: number): string => `vendor${String(index)}x`;
    const words = Array.from({ length: 200 }, (_, index) => word(index));
    const matcher = createMatcher([ruleOf(`(?i:${words.join('|')})=(?<value>[a-z0-9]{8,20})\\b`)]);
    const text = utf8(words.map((name) => `${name}=abcdefgh1\n`).join(''));

    expect(matcher.scan(text, 0, true).matches).toHaveLength(200);
  });
});
