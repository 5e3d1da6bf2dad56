/** Checks the table of rooms with dependency-cruiser, and that it really looked at the source. */
import { readdirSync } from 'node:fs';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import configuration from '../../.dependency-cruiser.mjs';

const files = readdirSync('src', { recursive: true }).filter(
  (name) => name.endsWith('.ts') && !name.startsWith('detect/kernel/'),
);
const { output } = await cruise(
  ['src'],
  { ...configuration.options, ruleSet: { forbidden: configuration.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);

const seen = output.modules.filter((module) => module.source.startsWith('src/')).length;
for (const { rule, from, to } of output.summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
console.log(`boundaries: ${seen} modules, ${output.summary.violations.length} violations`);
// A cruiser that cannot read TypeScript passes with nothing seen: that is a failure.
if (seen < files.length) console.error(`boundaries: saw ${seen} of ${files.length} modules`);
process.exitCode = output.summary.violations.length > 0 || seen < files.length ? 1 : 0;
