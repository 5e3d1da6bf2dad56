import { describe, expect, it } from 'vitest';
import { findOverlaps } from '../../../src/rules/overlap.ts';
import { parsePack } from '../../../src/rules/pack.ts';

interface Given {
  readonly id: string;
  readonly pattern: string;
  readonly kind?: string;
  readonly generic?: boolean;
}

function overlapsOf(...given: readonly Given[]) {
  const rules = given.map(({ id, pattern, kind, generic }) => ({
    id,
    title: `Rule ${id}`,
    category: 'secret',
    severity: 'high',
    pattern,
    kind: kind ?? id.toUpperCase(),
    action: 'mask',
    generic: generic ?? false,
    examples: { match: ['key {{valid}}'], ignore: ['none'] },
  }));
  return findOverlaps(parsePack(JSON.stringify({ pack: 'test', rules }), 'test.yaml')).map(
    ({ entry, other }) => `${entry.rule.id} ${other.rule.id}`,
  );
}

describe('rules that speak for the same values', () => {
  const narrow = { id: 'narrow', pattern: String.raw`\b(?<value>acme_a[0-9a-f]{20})\b` };
  const wide = { id: 'wide', pattern: String.raw`\b(?<value>acme_[0-9a-z]{21})\b` };

  it('are the narrow one and the wide one, in that order only', () => {
    expect(overlapsOf(narrow, wide)).toEqual(['narrow wide']);
  });

  it.each([
    ['one gives way', narrow, { ...wide, generic: true }],
    ['both have the same kind', { ...narrow, kind: 'ACME' }, { ...wide, kind: 'ACME' }],
    ['one finds a part of the other', narrow, { id: 'part', pattern: String.raw`\b(?<value>acme_[0-9a-z]{8})` }],
    ['they share nothing', narrow, { id: 'other', pattern: String.raw`\b(?<value>emca_[0-9a-z]{21})\b` }],
  ])('are none where %s', (_, first, second) => {
    expect(overlapsOf(first, second)).toEqual([]);
  });
});
