/** What is generated from the rule packs: `npm run docs` writes it, a test checks it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { checkTable } from '../../src/detect/checks/registry.ts';
import { loadPackRules } from '../../src/rules/load.ts';
import type { PackRule } from '../../src/rules/pack.ts';
import { packJsonSchema } from '../../src/rules/schema.ts';
import { accuracyTable } from './accuracy.ts';
import { table, withSection } from './docs.ts';

const readme = 'rules/README.md';
const schema = 'rules/schema.json';

/** `rules/schema.json` as it should be. */
export async function freshSchema(): Promise<string> {
  return format(JSON.stringify(packJsonSchema()), { ...(await resolveConfig(schema)), parser: 'json' });
}

/** What a reader must know of a rule besides its name. */
function noteOf({ rule, preset }: PackRule): string {
  const notes = [...(preset === 'recommended' ? [] : [preset]), ...(rule.action === 'forward' ? ['recorded'] : [])];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}

/** `rules/README.md` as it should be. */
export async function freshReadme(): Promise<string> {
  const rules = loadPackRules(['secrets', 'regulated/*']);
  const packs = [...new Set(rules.map(({ rule }) => rule.pack))];
  const ruleTable = table(
    ['pack', 'rules'],
    packs.map((pack) => [
      `\`${pack}\``,
      rules
        .filter(({ rule }) => rule.pack === pack)
        .map((entry) => `\`${entry.rule.id}\`${noteOf(entry)}`)
        .join(', '),
    ]),
  );
  const checks = table(
    ['check', 'holds when'],
    checkTable.map(({ name, about }) => [`\`${name}\``, about]),
  );
  const withRules = await withSection(readFileSync(readme, 'utf8'), 'rules', `${rules.length} rules.\n\n${ruleTable}`);
  const withChecks = await withSection(withRules, 'checks', checks);
  return withSection(withChecks, 'accuracy', accuracyTable());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(schema, await freshSchema());
  writeFileSync(readme, await freshReadme());
}
