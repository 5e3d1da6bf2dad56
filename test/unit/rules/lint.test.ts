/** What an author of rules is told of. */
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../../src/rules/lint.ts';
import { parsePack } from '../../../src/rules/pack.ts';

const fine = {
  id: 'acme-token',
  title: 'Acme token',
  category: 'secret',
  severity: 'high',
  pattern: String.raw`\bacme_(?<value>[a-z0-9]{32})\b`,
  kind: 'ACME_TOKEN',
  action: 'mask',
  examples: { match: ['acme_{{hex:32}}'], ignore: ['acme_none'] },
};

function problemsOf(...rules: readonly object[]): readonly string[] {
  return lintRules(parsePack(JSON.stringify({ pack: 'test', rules }), 'test.yaml')).map(
    ({ rule, problem }) => `${rule}: ${problem}`,
  );
}

describe('a rule', () => {
  it('that is well made is none of its business', () => {
    expect(problemsOf(fine)).toEqual([]);
  });

  it.each([
    ['has keywords that it does not need', { keywords: ['other'] }, 'keywords that a match need not contain'],
    [
      'is looked for at the end of every word',
      {
        pattern: String.raw`["=:,]\s{0,3}(?<value>[a-z]{4}[ ][a-z]{4}[ ][a-z]{4})"`,
        examples: { match: ['"abcd efgh ijkl"'], ignore: ['none'] },
      },
      'nothing in it is rare',
    ],
    ['is of no law', { category: 'regulated' }, 'a regulated kind without a regime'],
    ['misses its example', { examples: { match: ['acme'], ignore: ['x'] } }, 'finds nothing in an example'],
    [
      'finds what it should not',
      { examples: { match: ['acme_{{hex:32}}'], ignore: ['acme_{{hex:32}}'] } },
      'matches what it should ignore',
    ],
  ])('that %s is told of', (_, changes, problem) => {
    const problems = problemsOf({ ...fine, ...changes });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`acme-token: ${problem}`);
  });

  it('that is there twice is told of', () => {
    expect(problemsOf(fine, { ...fine, id: 'acme-again' }).join()).toContain(
      'acme-again: the same pattern as acme-token',
    );
  });
});
