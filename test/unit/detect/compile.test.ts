/** Which rules of a matcher are found by clusters, and which by windows instead. */
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../src/detect/compile.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import { createArena } from '../../../src/detect/regex/arena.ts';
import type { Rule } from '../../../src/detect/rule.ts';
import { plainRule } from '../../helpers/rules.ts';

const token = plainRule('token', String.raw`\bSK[0-9a-f]{32}\b`);
const slashed = plainRule('slashed', String.raw`\b[12]/[0-9]{13}\b`);
const digits = plainRule('digits', String.raw`\b\d{16}\b`);

function clustered(rules: readonly Rule[]): readonly string[] {
  return compileRules(rules, createArena())
    .filter(({ hasClusters }) => hasClusters)
    .map(({ rule }) => rule.id);
}

describe('compileRules', () => {
  it('does without clusters where few rules are found by them and windows can do', () => {
    expect(clustered([token, slashed])).toEqual([]);
  });

  it('keeps the clusters of all where the windows of one are too common', () => {
    expect(clustered([token, digits])).toEqual(['token', 'digits']);
  });

  it('keeps them where many rules are found by them', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ ...token, id: `token-${i}` }));

    expect(clustered(many)).toHaveLength(9);
  });

  it('finds the same by windows as by clusters', () => {
    const text = Buffer.from(
      `SK${'0a1b2c3d'.repeat(4)} 1/1234567890123 task SK${'f'.repeat(32)}x 2/0000000000000, \\nSK${'9e'.repeat(16)}`,
    );
    const found = (rules: readonly Rule[]): readonly string[] =>
      createMatcher(rules)
        .scan(text, 0, true)
        .matches.map(({ rule, start, end }) => `${rule.id} ${start} ${end}`);

    expect(found([token, slashed])).toHaveLength(4);
    expect(found([token, slashed])).toEqual(found([token, slashed, digits]));
  });
});
