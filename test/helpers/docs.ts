/** The reference tables of the README, generated from the code: `npm run docs` writes them, a test checks them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { toSchemaNode, type SchemaNode } from '../../src/config/json-schema.ts';
import { envTable } from '../../src/config/env-table.ts';
import { profiles } from '../../src/config/profiles.ts';
import { configSchema, fileSchema } from '../../src/config/schema.ts';
import { errorCodes } from '../../src/core/errors.ts';
import { metricTable } from '../../src/observe/metrics.ts';

/** Formats a Markdown table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const errorTable = (): string =>
  table(
    ['code', 'exit', 'next step'],
    Object.entries(errorCodes).map(([code, { exit, hint }]) => [`\`${code}\``, String(exit), hint]),
  );

const valueAt = (root: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), root);

/** What a setting of an optional section is unless said, where the section is there. */
function schemaDefault(path: readonly string[]): string | undefined {
  const node = path.reduce<SchemaNode | undefined>((at, key) => at?.properties?.[key], toSchemaNode(configSchema));
  // A whole object would be wider than any page: its description says it.
  return typeof node?.default === 'object' ? undefined : JSON.stringify(node?.default);
}

/** A setting's default, or that of each profile where they differ: as code, since an asterisk is none in Markdown. */
function defaultOf(path: readonly string[]): string {
  const code = (value: string | undefined): string | undefined => (value === undefined ? undefined : `\`${value}\``);
  const values = Object.entries(profiles).map(
    ([name, profile]) => [name, code(JSON.stringify(valueAt(profile, path)))] as const,
  );
  const different = new Set(values.map(([, value]) => value));
  if (different.size === 1) return values[0]?.[1] ?? code(schemaDefault(path)) ?? '';
  return values.map(([name, value]) => `${name}: ${value ?? 'none'}`).join('; ');
}

function configTable(): string {
  const scalar = envTable.map(({ name, path, description }) => [
    `\`${path.join('.')}\``,
    defaultOf(path),
    `\`${name}\``,
    description,
  ]);
  const named = new Set(envTable.map(({ path }) => path.join('.')));
  const lists = Object.entries(toSchemaNode(fileSchema).properties ?? {}).flatMap(([key, node]) => {
    const inner =
      node.properties === undefined
        ? [[[key], node] as const]
        : Object.entries(node.properties).map(([name, child]) => [[key, name], child] as const);
    return inner
      .filter(([path]) => !named.has(path.join('.')))
      .map(([path, child]) => [`\`${path.join('.')}\``, defaultOf(path), '', child.description ?? '']);
  });
  return table(['setting', 'default', 'variable', 'what it is'], [...scalar, ...lists]);
}

const metricsTable = (): string =>
  table(
    ['metric', 'type', 'labels', 'meaning'],
    Object.entries(metricTable).map(([name, { type, labels, help }]) => [`\`${name}\``, type, labels.join(', '), help]),
  );

/** The generated sections by name, and the file each stands in. */
export const sections: readonly { readonly name: string; readonly file: string; readonly content: () => string }[] = [
  { name: 'config', file: 'README.md', content: configTable },
  { name: 'errors', file: 'README.md', content: errorTable },
  { name: 'metrics', file: 'README.md', content: metricsTable },
];

/** Returns a document with one generated section replaced, formatted as the project formats Markdown. */
export async function withSection(document: string, name: string, content: string): Promise<string> {
  const [before, rest] = document.split(`<!-- generated:${name} -->`);
  const after = rest?.split(`<!-- /generated:${name} -->`)[1];
  if (before === undefined || after === undefined) throw new Error(`no section ${name}`);
  const whole = `${before}<!-- generated:${name} -->\n\n${content}\n\n<!-- /generated:${name} -->${after}`;
  return format(whole, { ...(await resolveConfig('README.md')), parser: 'markdown' });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, file, content } of sections) {
    writeFileSync(file, await withSection(readFileSync(file, 'utf8'), name, content()));
  }
}
