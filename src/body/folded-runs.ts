/** Base64 and hex folded over several lines of one width, as `base64`, `xxd -p`, mail and YAML write them: unfolded. */
import { latin1 } from '../core/bytes.ts';
import { isBase64, runEnd } from './base64-runs.ts';
import type { Range } from './range.ts';
import { applySplices, type Splice } from './splice.ts';
import type { View } from './views.ts';

/** Narrower lines are not taken for folded text: `xxd -p` writes 60, PEM 64, `base64` 76 characters. */
export const leastLine = 40;
/** The most that stands between two lines: a line's end, and line numbers, a time, a file's name before the next. */
export const longestGap = 128;
/** What may stand between the characters of a line and its end: quotes and commas of program text, and the like. */
const trailing = new Set(Buffer.from(' \t"\',+$|'));

/** What ends a text on its last line. */
const closing = new Set(Buffer.from('"\'`<>)]}&;\\'));

/** Lines of one width, but for the last. */
export interface Fold {
  /** Where the characters of each line begin. */
  readonly starts: readonly number[];
  readonly width: number;
  /** Where those of the last line end, padding included. */
  readonly end: number;
}

/** The end of a line break at `at`, raw or a literal escape at any depth of quoting; -1 for none. */
function breakEnd(text: Uint8Array, at: number): number {
  const byte = text[at];
  if (byte === 0x0a) return at + 1;
  if (byte === 0x0d) return text[at + 1] === 0x0a ? at + 2 : at + 1;
  if (byte !== 0x5c) return -1;
  let letter = at;
  while (text[letter] === 0x5c) letter += 1;
  if (text[letter] === 0x6e) return letter + 1;
  if (text[letter] === 0x0a || text[letter] === 0x0d) return breakEnd(text, letter);
  if (text[letter] !== 0x72) return -1;
  const next = text[letter + 1] === 0x5c ? breakEnd(text, letter + 1) : -1;
  return next === -1 ? letter + 1 : next;
}

/** Where the next line begins behind characters that end at `at`; -1 where the line goes on with something else. */
function nextLine(text: Uint8Array, at: number): number {
  let line = -1;
  for (let next = at; next - at < longestGap;) {
    const end = breakEnd(text, next);
    // A line in program text may end twice: `\n" +` and the line's own end.
    if (end !== -1) line = end;
    else if (!trailing.has(text[next] ?? 0)) break;
    next = end === -1 ? next + 1 : end;
  }
  return line;
}

/** Whether nothing more of a text stands on a line behind `at`. */
function isLineEnd(text: Uint8Array, at: number): boolean {
  if (closing.has(text[at] ?? 0) || nextLine(text, at) !== -1) return true;
  let end = at;
  while (trailing.has(text[end] ?? 0)) end += 1;
  return end === text.length;
}

/** Where a line's characters begin and end: those of a full line, else those that the line ends with. */
function lineRun(text: Uint8Array, line: number, width: number): Range | undefined {
  let last: Range | undefined;
  for (let at = line; at < text.length && at - line <= longestGap;) {
    if (breakEnd(text, at) !== -1) break;
    if (!isBase64(text[at])) {
      at += 1;
      continue;
    }
    const end = runEnd(text, at, at + width + 1);
    if (end - at === width) return { start: at, end };
    if (end - at > width) return undefined;
    last = { start: at, end };
    at = end;
  }
  if (last === undefined) return undefined;
  let end = last.end;
  while (text[end] === 0x3d && end < last.end + 2) end += 1;
  return isLineEnd(text, end) ? { start: last.start, end } : undefined;
}

/** What stands before the characters of a line, whatever its numbers. */
function decoration(text: Uint8Array, start: number, end: number): string {
  const before = latin1(text, start, end);
  return before
    .replace(/\d+/g, '0')
    .replace(/[ \t]+/g, ' ')
    .trim();
}

/** What may stand before a last line when nothing tells how lines are decorated: blanks, or the line's number. */
const plainDecoration = /^(?:0 ?(?:[:|]|\xe2\x94\x82|\xe2\x86\x92)?)?$/;

/** Where the line of an offset begins, as far as a gap reaches: behind a line break, raw or a literal escape. */
function lineStart(text: Uint8Array, at: number): number {
  let start = at;
  for (; start > 0 && at - start < longestGap; start -= 1) {
    const before = text[start - 1];
    if (before === 0x0a || before === 0x0d) break;
    if ((before === 0x6e || before === 0x72) && text[start - 2] === 0x5c) break;
  }
  return start;
}

/** Leaves out the sign that a diff puts before each line, which is a character of base64 too. */
function withoutSign(text: Uint8Array, fold: Fold): Fold {
  const [first = 0] = fold.starts;
  const sign = text[first];
  if ((sign !== 0x2b && sign !== 0x2d) || fold.width % 4 !== 1) return fold;
  // Behind the line's end or its number: of lines of that width no other character can be the sign of all.
  if (!fold.starts.every((start) => text[start] === sign)) return fold;
  return { ...fold, starts: fold.starts.map((start) => start + 1), width: fold.width - 1 };
}

/** Whether a line that is shorter than those before has one of its width below: then it ends no fold, but begins one. */
function beginsFold(text: Uint8Array, { start, end }: Range): boolean {
  const width = end - start;
  const line = width < leastLine ? -1 : nextLine(text, end);
  const run = line === -1 ? undefined : lineRun(text, line, width);
  return run !== undefined && run.end - run.start === width;
}

/** The fold whose first line is a run of base64 characters, if other lines follow it. */
export function foldAt(text: Uint8Array, start: number, end: number): Fold | undefined {
  const width = end - start;
  if (width < leastLine) return undefined;
  const starts = [start];
  let reached = end;
  let from = lineStart(text, start);
  for (;;) {
    const line = nextLine(text, reached);
    const run = line === -1 ? undefined : lineRun(text, line, width);
    if (run === undefined || run.end - run.start > width + 2) break;
    const isFull = run.end - run.start === width && isBase64(text[run.end - 1]);
    const before = decoration(text, line, run.start);
    const isAlike = isFull || plainDecoration.test(before) || before === decoration(text, from, starts.at(-1) ?? 0);
    if (!isAlike || (!isFull && beginsFold(text, run))) break;
    starts.push(run.start);
    reached = run.end;
    from = line;
    if (!isFull) break;
  }
  const most = reached + 2;
  while (reached < most && text[reached] === 0x3d) reached += 1;
  return starts.length === 1 ? undefined : withoutSign(text, { starts, width, end: reached });
}

/** Whether a range is a line of base64 that goes on below: the beginning of an encoded text, and no value by itself. */
export function isFoldedLine(text: Uint8Array, { start, end }: Range): boolean {
  return end - start >= leastLine && runEnd(text, start, end) === end && foldAt(text, start, end) !== undefined;
}

/** The lines of a fold before one of them; undefined where that is its first or second: then nothing is folded. */
export function foldBefore({ starts, width }: Fold, line: number): Fold | undefined {
  if (line < 2) return undefined;
  return { starts: starts.slice(0, line), width, end: (starts[line - 1] ?? 0) + width };
}

/** The lines of a fold from one of them on; undefined where only that is left. */
export function foldFrom({ starts, width, end }: Fold, line: number): Fold | undefined {
  return line < starts.length - 1 ? { starts: starts.slice(line), width, end } : undefined;
}

/** The text of a fold, unfolded. What is replaced is folded again to the fold's end, between what stood there. */
export function foldedView(outer: Uint8Array, { starts, width, end }: Fold): View {
  const [first = 0] = starts;
  const last = starts.length - 1;
  const text = new Uint8Array(last * width + end - (starts[last] ?? 0));
  for (const [index, start] of starts.entries()) {
    text.set(outer.subarray(start, index === last ? end : start + width), index * width);
  }
  const offset = (at: number): number => {
    const line = Math.min(last, Math.floor(at / width));
    return (starts[line] ?? 0) + at - line * width;
  };
  /** What stands behind a line; behind the last one as behind the one before it. */
  const behind = (line: number): Uint8Array => {
    const index = Math.min(line, last - 1);
    return outer.subarray((starts[index] ?? 0) + width, starts[index + 1]);
  };
  return {
    encoding: 'lines',
    range: { start: first, end },
    text,
    toOuter: (from, to) => ({ start: offset(from), end: to > from ? offset(to - 1) + 1 : offset(from) }),
    toSplices(inner: readonly Splice[]) {
      const from = inner[0]?.start;
      if (from === undefined) return [];
      const tail = Buffer.concat([...applySplices([text.subarray(from)], inner, from)]);
      const parts: Uint8Array[] = [];
      let line = Math.min(last, Math.floor(from / width));
      let room = (line + 1) * width - from;
      for (let at = 0; at < tail.length; at += room, room = width, line += 1) {
        if (at > 0) parts.push(behind(line - 1));
        parts.push(tail.subarray(at, at + room));
      }
      return [{ start: offset(from), end, replacement: Buffer.concat(parts) }];
    },
  };
}
