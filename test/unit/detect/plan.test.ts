/** What is worked out of a pattern once. */
import { describe, expect, it } from 'vitest';
import { Packer } from '../../../src/detect/packed.ts';
import { packPlan, planOf, rememberPlans, type PackedPlan } from '../../../src/detect/plan.ts';
import { PatternError } from '../../../src/detect/regex/parse.ts';

const facts = {
  keywords: [],
  isBounded: false,
  isMatchStart: true,
  looksBehind: false,
  startsBefore: false,
  before: 0,
  tail: 0,
  lead: 0,
};

describe('the plan of a pattern', () => {
  it.each([
    [
      String.raw`\b(?<value>ghp_[A-Za-z0-9]{36})\b`,
      { cut: 1, keywords: ['ghp_'], isBounded: true, reach: 40, offsets: [0] },
    ],
    // The value begins before the anchor: what stands there is read backward.
    [
      String.raw`(?<value>[a-z]{2,8}-zqxj[0-9]{4})`,
      {
        cut: 1,
        keywords: ['-zqxj'],
        reach: 9,
        offsets: [1],
        before: 8,
        startsBefore: true,
        looksBehind: true,
        isMatchStart: false,
      },
    ],
    // What may be absent before the anchor says nothing.
    [
      String.raw`[a-z]{0,5}zqxj=(?<value>[0-9]{4})`,
      { cut: 1, keywords: ['zqxj='], reach: 9, offsets: [0], before: 5, lead: 5, isMatchStart: false },
    ],
    // The width of what follows the value is known only where it is fixed.
    [String.raw`zqxj(?<value>[0-9]{4})[;,]`, { cut: 0, keywords: ['zqxj'], reach: 9, offsets: [0], lead: 4, tail: 1 }],
    [
      String.raw`zqxj(?<value>[0-9]{4})\s{0,3}[;,]`,
      { cut: 0, keywords: ['zqxj'], reach: 12, offsets: [0], lead: 4, tail: undefined },
    ],
    // What is unbounded is bounded.
    [String.raw`zqxj[0-9]+`, { cut: 0, keywords: ['zqxj'], reach: 16_384, offsets: [0] }],
  ])('of %s has these facts', (pattern, expected) => {
    expect({ tail: undefined, ...planOf(pattern).facts }).toMatchObject({ ...facts, ...expected });
  });

  it.each([
    ['an empty match', 'a*', /empty text/],
    ['no anchor', '[a-z]{5}', /cannot be anchored/],
    ['the value in an alternative', '(?:(?<value>abcd)|efgh)', /inside an alternation/],
  ])('is refused for %s', (_, pattern, message) => {
    expect(() => planOf(pattern)).toThrow(PatternError);
    expect(() => planOf(pattern)).toThrow(message);
  });

  it('is the same when it was written down and read, for windows and for clusters', () => {
    const patterns = [String.raw`\bghp_[A-Za-z0-9]{36}\b`, String.raw`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`];
    const workedOut = patterns.map((pattern) => ({
      facts: planOf(pattern).facts,
      anchoring: planOf(pattern).anchoring(),
    }));
    const packer = new Packer();
    const packed: readonly PackedPlan[] = JSON.parse(
      JSON.stringify(patterns.map((pattern) => packPlan(pattern, packer))),
    );

    rememberPlans(
      patterns.map((pattern, index) => [pattern, packed[index] ?? { facts: planOf(pattern).facts, anchoring: {} }]),
      packer.bytes(),
    );

    expect(workedOut[0]?.anchoring.windows.length).toBeGreaterThan(0);
    expect(workedOut[1]?.anchoring.clusters.length).toBeGreaterThan(0);
    expect(patterns.map((pattern) => planOf(pattern).facts)).toEqual(workedOut.map(({ facts }) => facts));
    expect(patterns.map((pattern) => planOf(pattern).anchoring())).toEqual(workedOut.map(({ anchoring }) => anchoring));
    // It is made of what was read, and not of what was worked out before.
    expect(planOf(patterns[0] ?? '').anchoring()).not.toBe(workedOut[0]?.anchoring);
  });
});
