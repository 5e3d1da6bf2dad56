/** Finds what `xxd`, `hexdump` and `od` print of a file: its bytes in hex, in octal or one by one, and beside them as characters. */
import { latin1 } from '../core/bytes.ts';
import { isHexDigit } from './base64-runs.ts';
import { dumpForms, type DumpForm } from './dump-lines.ts';
import { numberRegions } from './number-regions.ts';
import type { Range } from './range.ts';
import { applySplices, type Splice } from './splice.ts';
import type { View } from './views.ts';

/** The most of a line: `xxd -c 256` takes about a thousand characters. */
const longestLine = 1200;
/** How a line of either kind goes on behind the last digit of an offset, which mostly is a multiple of sixteen. */
const marks = ['0: ', '0  '];
/** Shorter texts hold no line with enough bytes to matter. */
const leastDump = 40;
/** Digits that an offset has at least. */
const leastOffset = 6;

/** The most that stands before an offset. */
const longestLead = 32;
/** What offsets are counted in. */
const radixes = [
  { radix: 16, digits: /^[0-9a-f]+$/i },
  { radix: 8, digits: /^[0-7]+$/ },
  { radix: 10, digits: /^[0-9]+$/ },
];
/** How many bytes a line may show: the numbers of tables grow by one, or by any number. */
const leastStep = 4;
const mostStep = 256;

const none: readonly Dump[] = [];

/** One line of a dump. */
interface DumpLine {
  /** With its line end. */
  readonly range: Range;
  readonly lead: string;
  readonly offset: string;
  /** What stands between the offset and the cells. */
  readonly gap: string;
  readonly cells: string;
  readonly bytes: Buffer;
  readonly form: DumpForm;
  /** The whole line, without its end. */
  readonly text: string;
}

/** Lines that follow one another, all but the last of one width. */
interface Dump {
  readonly lines: readonly DumpLine[];
  readonly width: number;
  /** What its offsets are counted in. */
  readonly radix: number;
  readonly range: Range;
}

/** Where the line that begins at an offset ends, its line end excluded; -1 when it is too long. */
function lineEnd(text: Uint8Array, start: number): number {
  const most = Math.min(text.length, start + longestLine);
  for (let at = start; at < most; at += 1) if (text[at] === 0x0a || text[at] === 0x0d) return at;
  return most === text.length ? most : -1;
}

function lineAt(text: Uint8Array, start: number, forms = dumpForms): DumpLine | undefined {
  const end = lineEnd(text, start);
  if (end === -1) return undefined;
  const line = latin1(text, start, end);
  for (const form of forms) {
    const [, lead = '', offset = '', gap = '', cells = ''] = form.pattern.exec(line) ?? [];
    if (cells === '') continue;
    let next = end;
    if (text[next] === 0x0d) next += 1;
    if (text[next] === 0x0a) next += 1;
    return { range: { start, end: next }, lead, offset, gap, cells, bytes: form.read(cells), form, text: line };
  }
  return undefined;
}

/** The dump whose first line begins at an offset. */
function dumpAt(text: Uint8Array, start: number): Dump | undefined {
  const first = lineAt(text, start);
  if (first === undefined) return undefined;
  const lines = [first];
  const width = first.bytes.length;
  let { radixes } = first.form;
  for (let last = first; last.bytes.length === width;) {
    const next = lineAt(text, last.range.end, [first.form]);
    if (next === undefined || next.bytes.length > width) break;
    const own = radixes.filter(
      (one) => Number.parseInt(next.offset, one) === Number.parseInt(last.offset, one) + width,
    );
    if (own.length === 0) break;
    radixes = own;
    lines.push(next);
    last = next;
  }
  const [radix = 16] = radixes;
  return { lines, width, radix, range: { start, end: lines.at(-1)?.range.end ?? start } };
}

/** Where the line begins whose offset ends before `at`; -1 when no offset stands there. */
function lineStart(text: Uint8Array, at: number, from: number): number {
  let start = at;
  while (start > from && isHexDigit(text[start - 1])) start -= 1;
  if (at - start < leastOffset) return -1;
  const least = Math.max(from, start - 32);
  while (start > least && text[start - 1] !== 0x0a && text[start - 1] !== 0x0d) start -= 1;
  return start === 0 || start === from || text[start - 1] === 0x0a || text[start - 1] === 0x0d ? start : -1;
}

/** Whether the offset of a line is behind what the one before it shows. */
function goesOn({ offset, bytes }: DumpLine, next: DumpLine): boolean {
  return radixes.some(
    ({ radix }) => Number.parseInt(next.offset, radix) - Number.parseInt(offset, radix) === bytes.length,
  );
}

/** Where the dump begins whose later line begins at `start`: lines before it belong to it as far as they follow. */
function dumpStart(text: Uint8Array, start: number, from: number): number {
  let first = start;
  for (let line = lineAt(text, start); line !== undefined && first > from;) {
    let before = first - 1;
    while (before > from && text[before - 1] !== 0x0a && first - before < longestLine) before -= 1;
    const previous = lineAt(text, before, [line.form]);
    if (previous?.range.end !== first || !goesOn(previous, line)) break;
    first = before;
    line = previous;
  }
  return first;
}

/** The dumps in a text, in order. @param regions where numbers stand in it */
function dumpsIn(bytes: Uint8Array, regions: readonly Range[]): readonly Dump[] {
  if (bytes.length < leastDump) return none;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const dumps: Dump[] = [];
  const add = (start: number): number => {
    const dump = start === -1 ? undefined : dumpAt(text, start);
    if (dump === undefined) return -1;
    dumps.push(dump);
    return dump.range.end;
  };
  for (const mark of marks) {
    let from = 0;
    for (let at = text.indexOf(mark); at !== -1;) {
      from = Math.max(from, add(lineStart(text, at + 1, from)));
      at = text.indexOf(mark, Math.max(at + 1, from - 1));
    }
  }
  let reached = 0;
  for (const { start, end } of regions) {
    for (let line = Math.max(reached, lineOf(text, start)); line !== -1 && line < end;) {
      const next = isDumpLine(text, line, end) ? add(dumpStart(text, line, reached)) : -1;
      if (next !== -1) reached = line = next;
      else line = nextLine(text, line);
    }
  }
  const sorted = dumps.sort((a, b) => a.range.start - b.range.start);
  let end = 0;
  return sorted.filter(({ range }) => {
    const isApart = range.start >= end;
    if (isApart) ({ end } = range);
    return isApart;
  });
}

/** Where the line of an offset begins. */
function lineOf(text: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < longestLine && text[start - 1] !== 0x0a) start -= 1;
  return start;
}

/** Where the next line begins; -1 behind the last. */
function nextLine(text: Buffer, at: number): number {
  const end = text.indexOf(0x0a, at);
  return end === -1 ? -1 : end + 1;
}

/** The offset that a line may begin with, behind its number or a sign: six digits or more, and a blank or the line's end. */
function offsetAt(text: Uint8Array, start: number): string | undefined {
  for (let at = start; at < start + longestLead;) {
    let end = at;
    while (isHexDigit(text[end])) end += 1;
    if (end - at >= leastOffset) return text[end] === 0x20 || text[end] === 0x0a ? latin1(text, at, end) : undefined;
    const isLead = end === at || text[end] === 0x09 || text[end] === 0xe2;
    if (!isLead || text[end] === 0x0a) return undefined;
    at = end + 1;
  }
  return undefined;
}

/**
 * Whether a line may be of a dump: it has an offset, and the next one, if there is one, that of a line further on or of
 * another dump's first.
 */
function isDumpLine(text: Buffer, start: number, end: number): boolean {
  const offset = offsetAt(text, start);
  if (offset === undefined) return false;
  const next = nextLine(text, start);
  if (next === -1 || next >= end) return true;
  const following = offsetAt(text, next);
  if (following?.length !== offset.length) return false;
  return /^0+$/.test(following) || radixes.some((radix) => isStep(offset, following, radix));
}

function isStep(offset: string, following: string, { radix, digits }: (typeof radixes)[number]): boolean {
  if (!digits.test(offset) || !digits.test(following)) return false;
  const step = Number.parseInt(following, radix) - Number.parseInt(offset, radix);
  return step >= leastStep && step <= mostStep;
}

/** What stands before the offset of a line; of one behind the last, what would: the next number. */
function leadOf(lines: readonly DumpLine[], index: number): string {
  const own = lines[index]?.lead;
  if (own !== undefined) return own;
  const beyond = index - lines.length + 1;
  const next = (digits: string): string => String(Number(digits) + beyond).padStart(digits.length);
  return (lines.at(-1)?.lead ?? '').replace(/ *\d+/, next);
}

/** Writes bytes as the lines of a dump from one of its lines on. */
function written(text: Uint8Array, { lines, width, radix }: Dump, index: number, bytes: Uint8Array): Buffer {
  const [first] = lines;
  const from = lines[index];
  if (first === undefined || from === undefined) return Buffer.alloc(0);
  const end = latin1(text, first.range.start, first.range.end).replace(/^[^\r\n]*/, '') || '\n';
  const origin = Number.parseInt(from.offset, radix);
  // `hexdump`, which alone has seven digits of hex for an offset, fills a short line up with blanks.
  const isFilled = lines.at(-1)?.text.endsWith(' ') === true || (radix === 16 && from.offset.length === 7);
  let all = '';
  for (let at = 0; at < bytes.length; at += width) {
    const piece = bytes.subarray(at, at + width);
    const offset = (origin + at).toString(radix).padStart(from.offset.length, '0');
    const cells = first.form.write(piece, first.cells);
    const beside = first.form.beside(piece, first.text);
    const rest = beside === '' && !isFilled ? 0 : Math.max(0, first.cells.length - cells.length);
    all += `${leadOf(lines, index + at / width)}${offset}${first.gap}${cells}${' '.repeat(rest)}${beside}${end}`;
  }
  const isLast = text.length === lines.at(-1)?.range.end && text.at(-1) !== 0x0a && text.at(-1) !== 0x0d;
  return Buffer.from(isLast ? all.slice(0, -end.length) : all, 'latin1');
}

function dumpView(text: Uint8Array, dump: Dump): View {
  const { lines, width, range } = dump;
  const last = lines.length - 1;
  const lineOf = (at: number): number => Math.min(last, Math.floor(at / width));
  const bytes = Buffer.concat(lines.map((line) => line.bytes));
  return {
    encoding: 'hex-dump',
    range,
    text: bytes,
    toOuter: (start, end) => ({
      start: lines[lineOf(start)]?.range.start ?? range.start,
      end: lines[lineOf(Math.max(start, end - 1))]?.range.end ?? range.end,
    }),
    toSplices(inner: readonly Splice[]) {
      const [first] = inner;
      if (first === undefined) return [];
      const index = lineOf(first.start);
      const from = index * width;
      const tail = Buffer.concat([...applySplices([bytes.subarray(from)], inner, from)]);
      const start = lines[index]?.range.start ?? range.start;
      return [{ start, end: range.end, replacement: written(text, dump, index, tail) }];
    },
  };
}

/** The bytes that are shown as dumps in a text. What is replaced in one is shown from its line on to the dump's end. */
export function dumpViews(text: Uint8Array, regions = numberRegions(text)): readonly View[] {
  return dumpsIn(text, regions).map((dump) => dumpView(text, dump));
}

/** Where dumps stand in a text that may go on: one that may go on with it ends behind it. */
export function dumpRanges(text: Uint8Array, regions = numberRegions(text)): readonly Range[] {
  return dumpsIn(text, regions).map(({ range: { start, end } }) => ({
    start,
    end: text.length - end <= longestLine ? text.length + 1 : end,
  }));
}
