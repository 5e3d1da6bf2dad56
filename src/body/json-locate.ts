/** Finds where values stand in a JSON text, so that they can be replaced without writing the rest anew. */
import type { JsonPath } from './json-path.ts';

/** Offsets of a value in its text, quotes and brackets included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const blank = /[ \t\r\n]*/y;
const scalar = /[^,\]}\s]*/y;

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

/** The offset after the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** The offset after the value that begins at `at`. */
function valueEnd(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return stringEnd(text, at);
  if (first !== '{' && first !== '[') return skip(scalar, text, at);
  let depth = 0;
  let next = at;
  while (next < text.length) {
    const char = text[next];
    if (char === '"') {
      next = stringEnd(text, next);
      continue;
    }
    if (char === '{' || char === '[') depth += 1;
    if (char === '}' || char === ']') depth -= 1;
    next += 1;
    if (depth === 0) return next;
  }
  return text.length;
}

/** The start of the member `key` of the object at `at`: of several, the last, which is the one parsers keep; or -1. */
function memberStart(text: string, at: number, key: string): number {
  let found = -1;
  let next = skip(blank, text, at + 1);
  while (next < text.length && text[next] === '"') {
    const nameEnd = stringEnd(text, next);
    const raw = text.slice(next + 1, nameEnd - 1);
    const name: unknown = raw.includes('\\') ? JSON.parse(`"${raw}"`) : raw;
    const start = skip(blank, text, skip(blank, text, nameEnd) + 1);
    if (name === key) found = start;
    next = skip(blank, text, valueEnd(text, start));
    if (text[next] === ',') next = skip(blank, text, next + 1);
  }
  return found;
}

/** The start of the item `index` of the list at `at`, or -1. */
function itemStart(text: string, at: number, index: number): number {
  let next = skip(blank, text, at + 1);
  for (let i = 0; i < index; i++) {
    next = skip(blank, text, valueEnd(text, next));
    if (text[next] !== ',') return -1;
    next = skip(blank, text, next + 1);
  }
  return text[next] === ']' ? -1 : next;
}

/** Where the value at `path` stands in a text that is valid JSON; undefined when there is none. */
export function locate(text: string, path: JsonPath): Span | undefined {
  let at = skip(blank, text, 0);
  for (const step of path) {
    const opening = typeof step === 'number' ? '[' : '{';
    if (text[at] !== opening) return undefined;
    at = typeof step === 'number' ? itemStart(text, at, step) : memberStart(text, at, step);
    if (at === -1) return undefined;
  }
  return { start: at, end: valueEnd(text, at) };
}

/** Replaces spans (in order, without overlaps) by JSON texts. */
export function replaceSpans(text: string, changes: readonly (Span & { readonly json: string })[]): string {
  let result = '';
  let at = 0;
  for (const change of changes) {
    result += text.slice(at, change.start) + change.json;
    at = change.end;
  }
  return result + text.slice(at);
}
