/** Finds texts that are written as lists of their bytes: `[103, 104]`, `{0x67, 0x68}`, `67:68`, `<Buffer 67 68>`. */
import { isUtf8 } from 'node:buffer';
import { latin1 } from '../core/bytes.ts';
import { numberRegions } from './number-regions.ts';
import { numberRuns } from './number-runs.ts';
import type { Range } from './range.ts';
import { applySplices, type Splice } from './splice.ts';
import type { View } from './views.ts';

/** How the numbers of a list are written. */
type Style = 'decimal' | 'hex' | 'prefixed';

/** Fewer bytes hold no value with what tells that it is one. */
const leastBytes = 20;
const number = /(0[xX])?([0-9a-fA-F]{1,3})(?![0-9a-zA-Z])/y;
/** What stands between two numbers: a mark, and a line's end with the line's number or the sign of a diff behind it. */
const gap = /[ \t]*([,:-]?)[ \t]*(?:\r?\n(?:[ \t]*\d{1,7}(?:\t|\xe2\x86\x92))?[-+>]?[ \t]*)?/y;
const wordByte = /[0-9A-Za-z.]/;

const noLists: readonly List[] = [];

/** One number of a list. */
interface Entry extends Range {
  readonly value: string;
  readonly isPrefixed: boolean;
}

interface List {
  readonly entries: readonly Entry[];
  readonly style: Style;
  readonly bytes: Buffer;
}

/** Whether a byte stands in text. */
function isTextual(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f && byte < 0xf5) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function byteOf({ value }: Entry, style: Style): number {
  return Number.parseInt(value, style === 'decimal' ? 10 : 16);
}

/** The styles in which a number is a byte of a text. */
function stylesOf(entry: Entry): readonly Style[] {
  const { value, isPrefixed } = entry;
  const styles: Style[] = isPrefixed ? ['prefixed'] : [];
  if (!isPrefixed && value.length === 2) styles.push('hex');
  if (!isPrefixed && /^\d+$/.test(value)) styles.push('decimal');
  return styles.filter((style) => isTextual(byteOf(entry, style)) && (isPrefixed ? value.length < 3 : true));
}

function entryAt(region: string, at: number): Entry | undefined {
  number.lastIndex = at;
  const found = number.exec(region);
  if (found === null) return undefined;
  const [all, prefix, value = ''] = found;
  return { start: at, end: at + all.length, value, isPrefixed: prefix !== undefined };
}

/** The list that begins at an offset of a region. */
function listAt(region: string, at: number): List | undefined {
  const first = entryAt(region, at);
  if (first === undefined) return undefined;
  const entries = [first];
  let styles = stylesOf(first);
  let between: string | undefined;
  for (let last = first; styles.length > 0;) {
    gap.lastIndex = last.end;
    const [all = '', mark = ''] = gap.exec(region) ?? [];
    const next = all === '' || mark !== (between ?? mark) ? undefined : entryAt(region, last.end + all.length);
    const both = next === undefined ? [] : stylesOf(next).filter((style) => styles.includes(style));
    if (next === undefined || both.length === 0) break;
    between = mark;
    styles = both;
    entries.push(next);
    last = next;
  }
  if (entries.length < leastBytes) return undefined;
  const isDecimal = !styles.includes('hex') || (between === ',' && styles.includes('decimal'));
  const style = styles.includes('prefixed') ? 'prefixed' : isDecimal ? 'decimal' : 'hex';
  const bytes = Buffer.from(entries.map((entry) => byteOf(entry, style)));
  return isUtf8(bytes) ? { entries, style, bytes } : undefined;
}

/** The lists of a region, in order. */
function listsIn(text: Uint8Array, region: Range): readonly List[] {
  const runs = numberRuns(text, region, leastBytes);
  if (runs.length === 0) return noLists;
  const numbers = latin1(text, region.start, region.end);
  let reached = 0;
  return runs.flatMap((run) => {
    const at = run - region.start;
    const isWord = at > 0 && wordByte.test(numbers[at - 1] ?? '');
    const list = at < reached || isWord ? undefined : listAt(numbers, at);
    reached = list?.entries.at(-1)?.end ?? reached;
    return list === undefined ? [] : [list];
  });
}

function written(byte: number, style: Style, isUpper: boolean, digitsAtLeast: number): string {
  if (style === 'decimal') return String(byte);
  const digits = byte.toString(16).padStart(digitsAtLeast, '0');
  return (style === 'prefixed' ? '0x' : '') + (isUpper ? digits.toUpperCase() : digits);
}

function listView(text: Uint8Array, base: number, { entries, style, bytes }: List): View {
  const last = entries.length - 1;
  const at = (index: number): Range => entries[Math.max(0, Math.min(last, index))] ?? { start: 0, end: 0 };
  const between = (index: number): string => latin1(text, base + at(index).end, base + at(index + 1).start);
  const gaps = entries.slice(0, -1).map((_entry, index) => between(index));
  const onLine = gaps.find((one) => !one.includes('\n')) ?? gaps[0] ?? ' ';
  const breaks = gaps.flatMap((one, index) => (one.includes('\n') && one !== onLine ? [index + 1] : []));
  // Lines of as many numbers each are kept so.
  const [first = 0, second = entries.length] = breaks;
  const width = breaks.length === 1 ? first : second - first;
  const isEven = breaks.length > 0 && breaks.every((index, line) => index === first + line * width);
  const isUpper = entries.some(({ value }) => /[A-F]/.test(value));
  const digits = entries.some(({ value }) => value.length === 1) ? 1 : 2;

  /** Writes bytes as the numbers from one of the list on. */
  function list(from: number, some: Uint8Array, isToEnd: boolean): string {
    let all = '';
    for (const [index, byte] of some.entries()) {
      const line = (from + index - first) / width;
      const isBreak = isToEnd && isEven && line >= 0 && Number.isInteger(line);
      const before = isBreak ? (gaps[(breaks[line] ?? breaks.at(-1) ?? 1) - 1] ?? onLine) : onLine;
      if (index > 0) all += before;
      all += written(byte, style, isUpper, digits);
    }
    return all;
  }

  return {
    encoding: 'byte-list',
    range: { start: base + at(0).start, end: base + at(last).end },
    text: bytes,
    toOuter: (start, end) => ({ start: base + at(start).start, end: base + at(Math.max(start, end - 1)).end }),
    toSplices(inner: readonly Splice[]) {
      const [begin] = inner;
      if (begin === undefined) return [];
      const from = begin.start;
      const tail = Buffer.concat([...applySplices([bytes.subarray(from)], inner, from)]);
      const replacement = Buffer.from(list(from, tail, true), 'latin1');
      return [{ start: base + at(from).start, end: base + at(last).end, replacement }];
    },
  };
}

/** The texts that stand as lists of bytes in a text. What is replaced in one is written anew up to the list's end. */
export function listViews(text: Uint8Array, regions = numberRegions(text)): readonly View[] {
  return regions.flatMap((region) => listsIn(text, region).map((list) => listView(text, region.start, list)));
}

/** What a list of one more number takes, with a line's end before it. */
const longestEntry = 64;

/** Where lists stand in a text that may go on: one that may go on with it, or become one, ends behind it. */
export function listRanges(text: Uint8Array, regions = numberRegions(text)): readonly Range[] {
  return regions.flatMap((region) => {
    const isOpen = text.length - region.end <= longestEntry;
    if (isOpen) return [{ start: region.start, end: text.length + 1 }];
    return listViews(text, [region]).map(({ range }) => range);
  });
}
