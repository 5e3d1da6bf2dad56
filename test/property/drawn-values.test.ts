/** Values as generators draw them: of every rule nearly all are found, whichever characters come up. */
import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { createMatcher } from '../../src/detect/matcher.ts';
import { fillExample, randomFrom } from '../../src/rules/examples.ts';
import { loadPackRules } from '../../src/rules/load.ts';

const base = Number(process.env['SLUICE_PROPERTY_SEED'] ?? 20_261_121);
const draws = 12;

it('finds secrets of every kind though their random part holds letters only', { timeout: 120_000 }, () => {
  const packs = loadPackRules(['secrets']);
  const matcher = createMatcher(packs.map(({ rule }) => rule));
  const shares = packs.map(({ rule, examples }) => {
    const texts = examples.match.flatMap((example) =>
      // What examples call random holds each kind of character; what is drawn may not.
      Array.from({ length: draws }, (_, draw) =>
        fillExample(example.replaceAll('{{random:', '{{letters:'), rule, randomFrom(base + draw * 7919)),
      ),
    );
    const missed = texts.filter((text) => matcher.scan(Buffer.from(text), 0, true).matches.length === 0);
    return { id: rule.id, missed: missed.length, made: texts.length };
  });
  const sum = (of: 'missed' | 'made'): number => shares.reduce((total, share) => total + share[of], 0);

  expect(shares.filter(({ missed, made }) => missed > made / 3)).toEqual([]);
  expect(sum('missed') / sum('made')).toBeLessThan(0.003);
});
