/** Appends an exception to the user's configuration, keeping every comment and every line as it is. */
import { isMap, isSeq, parseDocument, stringify } from 'yaml';
import { AppError } from '../core/errors.ts';
import type { AllowEntry } from '../policy/schema.ts';
import { readYaml } from './place.ts';
import { fileSchema } from './schema.ts';

/** Writes one list item in block style at an indentation. */
function itemText(entry: AllowEntry, indent: string): string {
  const fields = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
  const lines = stringify(fields, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
    .trimEnd()
    .split('\n');
  return lines.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}\n`).join('');
}

/** The offset after the last line that belongs to a node ending at `end`. */
function endOfLine(text: string, end: number): number {
  const at = text.lastIndexOf('\n', end - 1) === end - 1 ? end : text.indexOf('\n', end);
  return at === end ? end : at === -1 ? text.length : at + 1;
}

/** Inserts the item after the last one of an `allow:` list in block style; undefined when there is none. */
function intoList(text: string, entry: AllowEntry): string | undefined {
  const document = parseDocument(text, { logLevel: 'error' });
  const root = document.contents;
  const list = isMap(root) ? root.get('allow', true) : undefined;
  if (!isSeq(list) || list.flow === true || list.range === undefined || list.range === null) return undefined;
  const begins = list.range[0];
  const lineStart = text.lastIndexOf('\n', begins - 1) + 1;
  const indent = text.slice(lineStart, begins);
  if (!/^ *$/.test(indent)) return undefined;
  const last = list.items.at(-1);
  const lastEnd =
    typeof last === 'object' && last !== null && 'range' in last && Array.isArray(last.range)
      ? Number(last.range[1])
      : list.range[1];
  const at = endOfLine(text, lastEnd);
  const before = text.slice(0, at);
  return before + (before.endsWith('\n') ? '' : '\n') + itemText(entry, indent) + text.slice(at);
}

/** Where there is no list in block style: a new one at the end, or a rewritten flow list. */
function asNewList(text: string, entry: AllowEntry): string {
  const document = parseDocument(text, { logLevel: 'error' });
  const list = isMap(document.contents) ? document.contents.get('allow', true) : undefined;
  if (isSeq(list)) {
    list.flow = false;
    list.add(document.createNode(entry));
    return document.toString({ lineWidth: 0 });
  }
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  return `${text}${gap}allow:\n${itemText(entry, '  ')}`;
}

/**
 * Returns the text of a configuration file with one more `allow:` entry. Writing it is the caller's; `--dry-run` prints
 * what {@link exceptionText} gives.
 * @throws AppError `ERR_CONFIG_INVALID` when the file is not valid, or would not be afterwards.
 */
export function withException(text: string, file: string, entry: AllowEntry): string {
  const before = readYaml(text, file, fileSchema).value.allow ?? [];
  const edited = intoList(text, entry) ?? asNewList(text, entry);
  const after = readYaml(edited, file, fileSchema).value.allow ?? [];
  const isAsMeant = JSON.stringify(after) === JSON.stringify([...before, entry]);
  if (!isAsMeant) {
    throw new AppError('ERR_CONFIG_INVALID', `${file}: the exception cannot be added without changing other lines`, {
      hint: 'add the entry that `--dry-run` prints by hand',
    });
  }
  return edited;
}

/** The entry as YAML, as it would stand in the file. */
export function exceptionText(entry: AllowEntry): string {
  return `allow:\n${itemText(entry, '  ')}`;
}
