/** The reference tables of the README, generated from the code: `npm run docs` writes them, a test checks them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { errorCodes } from '../../src/core/errors.ts';

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

/** The generated sections by name, and the file each stands in. */
export const sections: readonly { readonly name: string; readonly file: string; readonly content: () => string }[] = [
  { name: 'errors', file: 'README.md', content: errorTable },
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
