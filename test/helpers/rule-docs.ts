/** What is generated from the rule packs: `npm run docs` writes it, a test checks it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { checkTable } from '../../src/detect/checks/registry.ts';
import { loadRules } from '../../src/rules/load.ts';
import { packJsonSchema } from '../../src/rules/schema.ts';
import { table, withSection } from './docs.ts';

const readme = 'rules/README.md';
const schema = 'rules/schema.json';

/** `rules/schema.json` as it should be. */
export async function freshSchema(): Promise<string> {
  return format(JSON.stringify(packJsonSchema()), { ...(await resolveConfig(schema)), parser: 'json' });
}

/** `rules/README.md` as it should be. */
export async function freshReadme(): Promise<string> {
  const rules = loadRules(['secrets', 'regulated/*']);
  const packs = [...new Set(rules.map((rule) => rule.pack))];
  const ruleTable = table(
    ['pack', 'rules'],
    packs.map((pack) => [
      `\`${pack}\``,
      rules
        .filter((rule) => rule.pack === pack)
        .map((rule) => `\`${rule.id}\`${rule.action === 'forward' ? ' (recorded)' : ''}`)
        .join(', '),
    ]),
  );
  const checks = table(
    ['check', 'holds when'],
    checkTable.map(({ name, about }) => [`\`${name}\``, about]),
  );
  const withRules = await withSection(readFileSync(readme, 'utf8'), 'rules', `${rules.length} rules.\n\n${ruleTable}`);
  return withSection(withRules, 'checks', checks);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(schema, await freshSchema());
  writeFileSync(readme, await freshReadme());
}
