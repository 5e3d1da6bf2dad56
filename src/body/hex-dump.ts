/** Finds what `xxd` and `hexdump -C` print of a file: its bytes in hex, and beside them as characters. */
import { latin1 } from '../core/bytes.ts';
import { isHexDigit } from './base64-runs.ts';
import type { Range } from './range.ts';
import { applySplices, type Splice } from './splice.ts';
import type { View } from './views.ts';

/** What may stand before an offset: blanks, the sign of a diff or a quotation. */
const lead = '[ \\t]{0,16}[-+>|]?[ \\t]{0,8}';
/** `00000010: 4b45 593d  KEY=`, the groups of any size. */
const xxdLine = new RegExp(
  `^(${lead})([0-9a-f]{6,16})(: )((?:(?:[0-9a-fA-F]{2}){1,16} )*(?:[0-9a-fA-F]{2}){1,16})(?: {2}(.*))?$`,
);
/** `00000010  4b 45 59 3d  |KEY=|`, with a gap behind eight. */
const plainLine = new RegExp(
  `^(${lead})([0-9a-f]{6,16})( {2})((?:[0-9a-fA-F]{2} {1,2})*[0-9a-fA-F]{2})(?: +\\|(.*)\\|)$`,
);
/** The most of a line: `xxd -c 256` takes about a thousand characters. */
const longestLine = 1200;
/** How a line of either kind goes on behind the last digit of an offset, which mostly is a multiple of sixteen. */
const marks = ['0: ', '0  '];
/** Shorter texts hold no line with enough bytes to matter. */
const leastDump = 40;
/** Digits that an offset has at least. */
const leastOffset = 6;

const none: readonly Dump[] = [];

/** One line of a dump. */
interface DumpLine {
  /** With its line end. */
  readonly range: Range;
  readonly lead: string;
  readonly offset: string;
  readonly hex: string;
  readonly bytes: Buffer;
  readonly isXxd: boolean;
}

/** Lines that follow one another, all but the last of one width. */
interface Dump {
  readonly lines: readonly DumpLine[];
  readonly width: number;
  readonly range: Range;
}

/** Where the line that begins at an offset ends, its line end excluded; -1 when it is too long. */
function lineEnd(text: Uint8Array, start: number): number {
  const most = Math.min(text.length, start + longestLine);
  for (let at = start; at < most; at += 1) if (text[at] === 0x0a || text[at] === 0x0d) return at;
  return most === text.length ? most : -1;
}

function lineAt(text: Uint8Array, start: number): DumpLine | undefined {
  const end = lineEnd(text, start);
  if (end === -1) return undefined;
  const line = latin1(text, start, end);
  const xxd = xxdLine.exec(line);
  const [, before = '', offset = '', , hex = ''] = xxd ?? plainLine.exec(line) ?? [];
  if (hex === '') return undefined;
  let next = end;
  if (text[next] === 0x0d) next += 1;
  if (text[next] === 0x0a) next += 1;
  return {
    range: { start, end: next },
    lead: before,
    offset,
    hex,
    bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex'),
    isXxd: xxd !== null,
  };
}

/** The dump whose first line begins at an offset. */
function dumpAt(text: Uint8Array, start: number): Dump | undefined {
  const first = lineAt(text, start);
  if (first === undefined) return undefined;
  const lines = [first];
  const width = first.bytes.length;
  for (let last = first; last.bytes.length === width;) {
    const next = lineAt(text, last.range.end);
    const offset = Number.parseInt(last.offset, 16) + width;
    if (next === undefined || next.bytes.length > width || Number.parseInt(next.offset, 16) !== offset) break;
    lines.push(next);
    last = next;
  }
  return { lines, width, range: { start, end: lines.at(-1)?.range.end ?? start } };
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

/** The dumps in a text, in order. */
function dumpsIn(bytes: Uint8Array): readonly Dump[] {
  if (bytes.length < leastDump) return none;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const dumps: Dump[] = [];
  for (const mark of marks) {
    let from = 0;
    for (let at = text.indexOf(mark); at !== -1;) {
      const start = lineStart(text, at + 1, from);
      const dump = start === -1 ? undefined : dumpAt(text, start);
      if (dump !== undefined) {
        dumps.push(dump);
        from = dump.range.end;
      }
      at = text.indexOf(mark, Math.max(at + 1, from - 1));
    }
  }
  return dumps.sort((a, b) => a.range.start - b.range.start);
}

/** Digits in the groups of a line: of as many as there are in a group of it, with the same gaps. */
function groups(bytes: Uint8Array, like: string): string {
  const digits = Buffer.from(bytes).toString('hex');
  let written = '';
  let at = 0;
  for (const char of like) {
    if (at >= digits.length) break;
    written += char === ' ' ? ' ' : (digits[at++] ?? '');
  }
  return written.trimEnd();
}

function characters(bytes: Uint8Array): string {
  return latin1(bytes, 0, bytes.length).replaceAll(/[^\x20-\x7e]/g, '.');
}

/** Writes bytes as the lines of a dump from one of its lines on. */
function written(text: Uint8Array, { lines, width }: Dump, index: number, bytes: Uint8Array): Buffer {
  const [first] = lines;
  const from = lines[index];
  if (first === undefined || from === undefined) return Buffer.alloc(0);
  const end = latin1(text, first.range.start, first.range.end).replace(/^[^\r\n]*/, '') || '\n';
  const origin = Number.parseInt(from.offset, 16);
  let all = '';
  for (let at = 0; at < bytes.length; at += width) {
    const piece = bytes.subarray(at, at + width);
    const offset = (origin + at).toString(16).padStart(from.offset.length, '0');
    const hex = groups(piece, first.hex);
    const beside = first.isXxd ? characters(piece) : `|${characters(piece)}|`;
    const gap = ' '.repeat(first.hex.length - hex.length + 2);
    all += `${from.lead}${offset}${first.isXxd ? ': ' : '  '}${hex}${gap}${beside}${end}`;
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
export function dumpViews(text: Uint8Array): readonly View[] {
  return dumpsIn(text).map((dump) => dumpView(text, dump));
}

/** Where dumps stand in a text that may go on: one that may go on with it ends behind it. */
export function dumpRanges(text: Uint8Array): readonly Range[] {
  return dumpsIn(text).map(({ range: { start, end } }) => ({
    start,
    end: text.length - end <= longestLine ? text.length + 1 : end,
  }));
}
