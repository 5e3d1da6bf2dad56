/** Values of several lines (PEM blocks) as clients show them: with line numbers, indentation or quote marks in between. */
import { isAt } from './known-values-index.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;
const space = 0x20;
const tab = 0x09;
/** U+2192, which some clients put after the number. */
const arrow = [0xe2, 0x86, 0x92] as const;

/** What may stand between two lines, at most: the break, indentation, number, separator. */
const decorationAtMost = 32;
const digitsAtMost = 7;

/** A value cut into its lines. */
export interface Lines {
  readonly lines: readonly Uint8Array[];
  /** The line to look for: the longest, which is rarely one that other values have too. */
  readonly anchor: Uint8Array;
  /** The longest occurrence, decoration included. */
  readonly longest: number;
}

/** Cuts a value into lines; undefined when it has only one, or none worth looking for. */
export function cutLines(value: Uint8Array): Lines | undefined {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (;;) {
    const end = value.indexOf(newline, start);
    const line = value.subarray(start, end === -1 ? value.length : end);
    lines.push(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line);
    if (end === -1) break;
    start = end + 1;
  }
  while (lines.length > 0 && lines.at(-1)?.length === 0) lines.pop();
  if (lines.length < 2) return undefined;
  // The first line of a PEM block is the same in all of them.
  const inner = lines.length > 2 ? lines.slice(1) : lines;
  const anchor = inner.reduce((longest, line) => (line.length > longest.length ? line : longest));
  if (anchor.length < 8) return undefined;
  const total = lines.reduce((sum, line) => sum + line.length + decorationAtMost, 0);
  return { lines, anchor, longest: total };
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function skipBlanks(text: Uint8Array, at: number): number {
  let next = at;
  while (next - at < decorationAtMost && (text[next] === space || text[next] === tab)) next++;
  return next;
}

/** Skips `\n`, `\t` … written as an escape at any depth; returns the same place when there is none. */
function skipEscape(text: Uint8Array, at: number, letter: number): number {
  let next = at;
  while (next - at < 8 && text[next] === backslash) next++;
  return next > at && text[next] === letter ? next + 1 : at;
}

/** Skips a line break, real or escaped. */
function skipBreak(text: Uint8Array, at: number): number {
  let next = text[at] === carriageReturn ? at + 1 : skipEscape(text, at, 0x72);
  if (text[next] === newline) return next + 1;
  const escaped = skipEscape(text, next, 0x6e);
  if (escaped > next) next = escaped;
  else return at;
  return next;
}

/** The places where a line may begin after its decoration: `12\t`, `12: `, ` 12 | `, `12→`, `> `, `+`, indentation. */
function lineStarts(text: Uint8Array, at: number): readonly number[] {
  const starts = [at];
  const indented = skipBlanks(text, at);
  if (indented > at) starts.push(indented);
  let mark = indented;
  while (mark - indented < digitsAtMost && isDigit(text[mark])) mark++;
  const afterNumber = skipBlanks(text, mark);
  if (mark > indented) starts.push(afterNumber);
  const escapedTab = skipEscape(text, mark, 0x74);
  if (escapedTab > mark) starts.push(escapedTab);
  if (arrow.every((byte, index) => text[afterNumber + index] === byte)) starts.push(afterNumber + 3);
  // `:`, `|`, and the marks of diffs and quotes.
  if ([0x3a, 0x7c, 0x2b, 0x2d, 0x3e].includes(text[afterNumber] ?? 0)) {
    starts.push(afterNumber + 1, skipBlanks(text, afterNumber + 1));
  }
  return starts;
}

/** Returns where the value's lines end when they begin at `start`, or -1. */
export function matchLines(text: Uint8Array, start: number, lines: readonly Uint8Array[]): number {
  let at = start;
  for (const [index, line] of lines.entries()) {
    if (index > 0) {
      const next = skipBreak(text, at);
      if (next === at) return -1;
      const begins = lineStarts(text, next).find((begin) => isAt(text, begin, line));
      if (begins === undefined) return -1;
      at = begins;
    } else if (!isAt(text, at, line)) return -1;
    at += line.length;
  }
  return at;
}

/** Returns where the value begins when one of its lines stands at `anchorAt`, or -1. */
export function startOfLines(text: Uint8Array, anchorAt: number, value: Lines): number {
  const [first] = value.lines;
  if (first === undefined) return -1;
  const from = Math.max(0, anchorAt - value.longest);
  // A text may end right after its anchor: what lies behind it in memory is not of this text.
  const to = Math.min(text.length, anchorAt + first.length);
  const before = Buffer.from(text.buffer, text.byteOffset + from, to - from);
  const at = before.lastIndexOf(first, anchorAt - from);
  return at === -1 ? -1 : from + at;
}
