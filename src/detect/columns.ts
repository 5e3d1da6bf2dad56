/** Reads tables of text: what stands in a column whose heading names a secret is judged as assigned to that name. */
import { Buffer } from 'node:buffer';
import { latin1 } from '../core/bytes.ts';
import type { Candidate, Check } from './checks/check.ts';
import { checkNamed } from './checks/registry.ts';
import { headingCheck, isSecretHeading } from './checks/secret-headings.ts';
import { delimiters, headingReach, lineStart } from './headings.ts';
import type { Match, Matcher, ScanResult } from './match.ts';
import type { Rule } from './rule.ts';

/** A row that is longer is none, in bytes. */
const mostRow = 1024;
/** The shortest and the longest cell that is judged, in bytes. */
const leastCell = 4;
const mostCell = 512;
/** The longest cell of a row of headings. */
const mostHeading = 40;

/** What the rule that finds headings finds, in a text of one character to each byte: where it begins. */
const headingWord =
  /((?:passw(?:or)?d|passphrase|passcode|passwort|secret|token|credential|(?:api|access|auth|private|signing|encryption)[ _.-]?key)[\w.-]{0,16})["'\\]{0,2} {0,40}(?=[,;|\t\r\n]|\\n|$)/gi;

/** What a cell must be: a value as strong as its name needs, or a plain password where the heading says so. */
const valueChecks = [
  ['secret-name', 'strong-for-name', 'not-words-for-name', 'not-code', 'not-placeholder'],
  ['plain-password', 'not-placeholder', 'not-default'],
];

interface Cell {
  /** Without the blanks and quotes around it. */
  readonly text: string;
  /** Where that begins, from the start of the row. */
  readonly at: number;
}

interface Row {
  readonly start: number;
  /** Where the break behind it stands, or the end of the text. */
  readonly end: number;
  /** Where the next row begins. */
  readonly next: number;
  readonly line: string;
}

/** The heading of a column. */
interface Heading {
  readonly row: Row;
  readonly column: number;
  readonly cells: number;
  readonly delimiter: string;
  readonly name: string;
}

/**
 * Lets a matcher read tables too, if one of its rules finds headings. A text without the heading of a secret costs
 * nothing: the rule is one of many that are looked for anyway. Each row belongs to one heading of a column, and is
 * reported once, with the scan that sees its end.
 */
export function withColumns(matcher: Matcher, rules: readonly Rule[]): Matcher {
  const heading = rules.find(({ require }) => require.includes(headingCheck));
  if (heading === undefined) return matcher;
  const named = (name: string): Check => checkNamed(name, heading.id);
  const kinds = valueChecks.map((names) => names.map(named));
  const confirming = heading.confirm.map(named);

  /** What a cell is, where it is all that is assigned to its heading. */
  const judge = (name: string, cell: Cell): Match | undefined => {
    const prefix = `"${name}": "`;
    const text = Buffer.from(`${prefix}${cell.text}"`, 'latin1');
    const [start, end] = [prefix.length, prefix.length + cell.text.length];
    const candidate: Candidate = { text, start, end, value: cell.text };
    const [strong = [], plain = []] = kinds;
    // Of what stands with blanks between only passphrases are secrets: the rest is prose with commas.
    const isOne = !/\s/.test(cell.text) && strong.every((check) => check.test(candidate));
    if (!isOne && !plain.every((check) => check.test(candidate))) return undefined;
    const isNamed = (match: Match): boolean =>
      !match.rule.isGeneric && match.rule.category === 'secret' && match.start >= start && match.end <= end;
    const specific = matcher.scan(text, 0, true).matches.find(isNamed);
    const at = cell.at - start;
    if (specific !== undefined) return { ...specific, start: specific.start + at, end: specific.end + at };
    const isSure = confirming.some((check) => check.test(candidate));
    return {
      rule: heading,
      start: cell.at,
      end: cell.at + cell.text.length,
      confidence: isSure ? 'probable' : 'possible',
    };
  };

  const scan = (text: Uint8Array, from: number, isComplete: boolean): ScanResult => {
    const result = matcher.scan(text, from, isComplete);
    const words = result.matches.filter(({ rule }) => rule === heading);
    const places = [...placesBefore(text, from), ...words.map(({ start }) => start)];
    if (places.length === 0) return result;
    const known = new Set(result.matches.map(keyOf));
    const cells = headingsAt(text, places).flatMap((column) =>
      cellsBelow(text, column, from, result.resume, isComplete).flatMap((cell) => judge(column.name, cell) ?? []),
    );
    const matches = [
      ...result.matches.filter(({ rule }) => rule !== heading),
      ...cells.filter((match) => !known.has(keyOf(match))),
    ];
    matches.sort((a, b) => a.start - b.start || a.end - b.end);
    return { matches, resume: result.resume };
  };

  return { ...matcher, lookBehind: Math.max(matcher.lookBehind, headingReach + mostRow), scan };
}

function keyOf({ rule, start, end }: Match): string {
  return `${rule.id} ${start} ${end}`;
}

/** Where words of headings begin that an earlier scan has seen, and whose rows this one may see the end of. */
function placesBefore(text: Uint8Array, from: number): readonly number[] {
  const first = from === 0 ? undefined : tableStart(text, from, Math.max(0, from - headingReach - mostRow));
  if (first === undefined) return [];
  const region = latin1(text, first, Math.min(text.length, from + mostHeading));
  const words = [...region.matchAll(headingWord)].filter(([, word = '']) => isSecretHeading(word));
  return words.map(({ index }) => first + index).filter((place) => place < from);
}

/**
 * Where the first row begins of those around a place that one delimiter stands in, from `least` on: a table has its
 * headings there or nowhere. Undefined where the row of the place has none.
 */
function tableStart(text: Uint8Array, place: number, least: number): number | undefined {
  let first: number | undefined;
  let shared = allDelimiters;
  for (let row = rowStart(text, place); row !== undefined; row = row > least ? rowStart(text, row - 1) : undefined) {
    const isBorder = text[row] === 0x2b || text[row] === 0x2d;
    if (!isBorder) shared &= delimitersIn(text, row);
    if (shared === 0) break;
    first = row;
  }
  return first;
}

/** The delimiters of a row, each as its flag. */
function delimitersIn(text: Uint8Array, start: number): number {
  const end = Math.min(text.length, start + mostRow);
  let found = 0;
  for (let at = start; at < end && text[at] !== 0x0a; at++) {
    if (text[at] === 0x5c && text[at + 1] === 0x6e) break;
    found |= delimiterFlag[text[at] ?? 0] ?? 0;
  }
  return found;
}

/** The headings that words stand in, each once. */
function headingsAt(text: Uint8Array, places: readonly number[]): readonly Heading[] {
  const headings = new Map<string, Heading>();
  for (const place of places) {
    const start = rowStart(text, place);
    const row = start === undefined ? undefined : rowAt(text, start, true);
    const found = row === undefined ? undefined : headingIn(row, place - row.start);
    if (found !== undefined) headings.set(`${found.row.start} ${found.column}`, found);
  }
  return [...headings.values()];
}

/** The heading that a place in a row stands in, if the row is one of headings and that one names a secret. */
function headingIn(row: Row, place: number): Heading | undefined {
  for (const delimiter of delimiters) {
    const cells = cellsOf(row.line, delimiter);
    const column = cells.findLastIndex(({ at }) => at <= place);
    if (isHeadingRow(cells) && isSecretHeading(cells[column]?.text ?? '')) {
      const name = (cells[column]?.text ?? '').replaceAll(/\W+/g, '_');
      return { row, column, cells: cells.length, delimiter, name };
    }
  }
  return undefined;
}

/** A flag for each delimiter, by its byte. */
const delimiterFlag = new Uint8Array(256);
for (const [index, delimiter] of delimiters.entries()) delimiterFlag[delimiter.charCodeAt(0)] = 1 << index;
const allDelimiters = (1 << delimiters.length) - 1;

/** Whether all that stands in a row may be headings: short, and words. */
function isHeadingRow(cells: readonly Cell[]): boolean {
  const named = cells.filter(({ text }) => text !== '');
  return (
    named.length >= 2 &&
    named.every(({ text }) => text.length <= mostHeading && /^[\w .()/#*?%\x80-\xff-]+$/.test(text) && /\D/.test(text))
  );
}

/** The cells of a column in the rows that end from one place on and before another. */
function cellsBelow(
  text: Uint8Array,
  { row: top, column, cells: count, delimiter }: Heading,
  from: number,
  to: number,
  isComplete: boolean,
): readonly Cell[] {
  const found: Cell[] = [];
  for (
    let row = rowAt(text, top.next, isComplete);
    row !== undefined && row.start > top.start && row.end <= top.start + headingReach;
    row = row.next > row.end ? rowAt(text, row.next, isComplete) : undefined
  ) {
    if (row.end >= to && !(isComplete && row.end === text.length)) break;
    if (isBorder(row.line)) continue;
    const cells = cellsOf(row.line, delimiter);
    const cell = cells[column];
    // The next heading of the column has what stands below it.
    if (cell === undefined || cells.length !== count || isSecretHeading(cell.text)) break;
    const isJudged = row.end >= from && cell.text.length >= leastCell && cell.text.length <= mostCell;
    if (isJudged && !/["\\]/.test(cell.text)) found.push({ text: cell.text, at: row.start + cell.at });
  }
  return found;
}

/** A line between rows: `| --- | --- |`, `+-----+-----+`. */
function isBorder(line: string): boolean {
  return /^[-+|:= \t]+$/.test(line) && line.includes('-');
}

/** The row that begins at a place; undefined where it is too long, or its end is still to come. */
function rowAt(text: Uint8Array, start: number, isComplete: boolean): Row | undefined {
  if (start >= text.length) return undefined;
  const limit = Math.min(text.length, start + mostRow);
  for (let at = start; at < limit; at++) {
    if (text[at] === 0x0a) return rowOf(text, start, at, at + 1);
    if (text[at] === 0x5c && text[at + 1] === 0x6e) return rowOf(text, start, at, at + 2);
  }
  return isComplete && limit === text.length ? rowOf(text, start, limit, limit) : undefined;
}

function rowOf(text: Uint8Array, start: number, end: number, next: number): Row {
  return { start, end, next, line: latin1(text, start, end) };
}

/** Where the row of a place begins; undefined where that is too far. */
function rowStart(text: Uint8Array, place: number): number | undefined {
  return lineStart(text, place, Math.max(0, place - mostRow));
}

/** The cells of a row; a delimiter within double quotes separates nothing. */
function cellsOf(line: string, delimiter: string): readonly Cell[] {
  const cells: Cell[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at <= line.length; at++) {
    if (line[at] === '"') isQuoted = !isQuoted;
    if (at < line.length && (isQuoted || line[at] !== delimiter)) continue;
    const cell = line.slice(begin, at);
    const lead = cell.length - cell.replace(/^[\s"'`\\]+/, '').length;
    cells.push({ text: cell.slice(lead).replace(/[\s"'`\\]+$/, ''), at: begin + lead });
    begin = at + 1;
  }
  return cells;
}
