/** The packs that ship prove themselves, and what is generated from them is fresh. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../../src/rules/lint.ts';
import { loadPackRules, loadRules } from '../../../src/rules/load.ts';
import { runExamples } from '../../../src/rules/run.ts';
import { freshReadme, freshSchema } from '../../helpers/rule-docs.ts';

const rules = loadPackRules(['secrets', 'regulated/*']);

describe('the packs that ship', () => {
  it.each([1, 300])('match and ignore what their examples say (seed %i)', (seed) => {
    const result = runExamples(rules, seed);

    expect(result.failures).toEqual([]);
    expect(result.ran).toBeGreaterThan(500);
  });

  it('have nothing that the linter finds', () => {
    expect(lintRules(rules)).toEqual([]);
  });

  it('find 250 kinds of secrets and more', () => {
    expect(loadRules(['secrets'], { preset: 'recommended' }).length).toBeGreaterThan(350);
  });

  it('leave rules on trial to preset canary, and public keys to preset strict', () => {
    const ids = (preset: 'recommended' | 'canary' | 'strict'): ReadonlySet<string> =>
      new Set(loadRules(['secrets'], { preset }).map(({ id }) => id));

    const [recommended, canary, strict] = [ids('recommended'), ids('canary'), ids('strict')];
    for (const { rule, preset } of rules.filter((entry) => entry.rule.category === 'secret')) {
      expect([recommended.has(rule.id), canary.has(rule.id), strict.has(rule.id)]).toEqual([
        preset === 'recommended',
        preset !== 'strict',
        true,
      ]);
    }
    expect(strict.has('stripe-publishable-key')).toBe(true);
    expect(recommended.has('stripe-publishable-key')).toBe(false);
  });

  it('stand in files named as their pack', () => {
    for (const { rule, place } of rules) expect(place).toMatch(new RegExp(`^rules/${rule.pack}\\.yaml:\\d+:\\d+$`));
  });

  it('are listed in rules/README.md (npx tsx test/helpers/rule-docs.ts)', async () => {
    expect(readFileSync('rules/README.md', 'utf8')).toBe(await freshReadme());
  });

  it('have a schema that is fresh (npx tsx test/helpers/rule-docs.ts)', async () => {
    expect(readFileSync('rules/schema.json', 'utf8')).toBe(await freshSchema());
  });
});
