/** Finds what may be an encoded text inside a text: base64, hex and percent runs whose decoding is text. */
import { append } from '../core/append.ts';
import { eachLikelyRun, isHexDigit, leastRun, paddedEnd } from './base64-runs.ts';
import { beginsDeflated, type Inflation } from './inflated.ts';
import { percentView } from './percent.ts';
import { foldAt, foldBefore, foldedView, foldFrom, leastLine, longestGap, type Fold } from './folded-runs.ts';
import { listRanges, listViews } from './number-lists.ts';
import { numberRegions } from './number-regions.ts';
import { RangeIndex, type Range } from './range.ts';
import { dumpRanges, dumpViews } from './hex-dump.ts';
import { mayBeText, mayBeWide } from './run-beginnings.ts';
import { partViews } from './run-parts.ts';
import { isText } from './text-bytes.ts';
import { base64View, hexView, type View } from './views.ts';
import { readWide } from './wide-text.ts';

/** Folds up to this size are searched for texts wherever they begin, longer ones only at their beginning. */
const longestSearch = 16 * 1024;
/** How far a percent-encoded word reaches to either side of a `%XX`. */
const longestWord = 4096;

function isHex(text: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (!isHexDigit(text[at])) return false;
  return true;
}

/** The view of one run, when it decodes to text. */
function runView(text: Uint8Array, start: number, end: number): View | undefined {
  if (isHex(text, start, start + leastRun) && (end - start) % 2 === 0 && isHex(text, start, end)) {
    const view = hexView(text, { start, end });
    if (isText(view.text)) return readWide(view);
  }
  if (!mayBeText(text, start) && !mayBeWide(text, start)) return undefined;
  // A character that is left over stands for nothing: it belongs to what comes behind, or lost the others of its quantum.
  const last = (end - start) % 4 === 1 ? end - 1 : paddedEnd(text, end);
  const view = base64View(text, { start, end: last });
  return isText(view.text) ? readWide(view) : undefined;
}

/** What a literal escape of white space ends with: `\n`, `\r`, `\t`. */
const isBlankLetter = (byte: number | undefined): boolean => byte === 0x6e || byte === 0x72 || byte === 0x74;

/**
 * Where a run begins that stands right behind a percent-escape (`%20`, `%2520`) or an escape of white space (`\n`): the
 * escape's digits and letters are not its own.
 */
function behindEscape(text: Uint8Array, start: number): number {
  const before = start === 0 ? undefined : text[start - 1];
  if (before === 0x5c) return isBlankLetter(text[start]) ? start + 1 : start;
  if (before !== 0x25 || !isEscapeAt(text, start - 1)) return start;
  let at = start;
  while (text[at] === 0x32 && text[at + 1] === 0x35 && isEscapeAt(text, at + 1)) at += 2;
  return at + 2;
}

/** Where compressed data may begin in a run: with it, or behind the sign that a diff puts before a line; or -1. */
function deflatedAt(text: Uint8Array, start: number, end: number): number {
  if (end - start < leastRun) return -1;
  if (beginsDeflated(text, start)) return start;
  const isSign = text[start] === 0x2b || text[start] === 0x2d;
  return isSign && beginsDeflated(text, start + 1) ? start + 1 : -1;
}

/** Bytes that end a percent-encoded word. */
function endsWord(byte: number): boolean {
  return byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x3c || byte === 0x3e || byte === 0x60;
}

function isEscapeAt(text: Uint8Array, at: number): boolean {
  return isHexDigit(text[at + 1]) && isHexDigit(text[at + 2]);
}

function percentViews(text: Uint8Array, views: View[]): void {
  let at = text.indexOf(0x25);
  let last = 0;
  while (at !== -1) {
    if (!isEscapeAt(text, at)) {
      at = text.indexOf(0x25, at + 1);
      continue;
    }
    let start = at;
    while (start > last && at - start < longestWord && !endsWord(text[start - 1] ?? 0)) start -= 1;
    let end = at + 3;
    while (end < text.length && end - at < longestWord && !endsWord(text[end] ?? 0)) end += 1;
    views.push(percentView(text, { start, end }, false));
    last = end;
    at = text.indexOf(0x25, end);
  }
}

/** A text with blanks in these places. */
function blanked(text: Uint8Array, places: readonly Range[]): Uint8Array {
  if (places.length === 0) return text;
  // Not `slice`: of a Buffer it is no copy.
  const copy = new Uint8Array(text);
  for (const { start, end } of places) copy.fill(0x20, start, end);
  return copy;
}

/** The view of a fold, when texts stand encoded in it. */
function foldView(text: Uint8Array, fold: Fold): View | undefined {
  const view = foldedView(text, fold);
  const { length } = view.text;
  // Inflated when it is read, and not to see whether that is worth it.
  if (beginsDeflated(view.text, 0)) return view;
  // Data has stretches that look like text anywhere: only a short fold is searched for one.
  if (length > longestSearch && !mayBeText(view.text, 0) && !mayBeWide(view.text, 0) && !isHex(view.text, 0, leastRun))
    return undefined;
  return encodedViews(view.text).length > 0 ? view : undefined;
}

/** A fold up to the line that begins a compressed text of its own: lines of one width need not belong together. */
function beforeDeflated(text: Uint8Array, fold: Fold, inflation: Inflation): Fold | undefined {
  for (const [line, start] of fold.starts.entries()) {
    if (line === 0 || !beginsDeflated(text, start)) continue;
    const rest = foldFrom(fold, line);
    const data = rest === undefined ? text.subarray(start, fold.end) : foldedView(text, rest).text;
    if (inflation.addViews(data, 0, data.length, []) > 0) return foldBefore(fold, line);
  }
  return fold;
}

/** The texts that stand as numbers in a text: as the lines of a dump, as lists of bytes. */
function numberViews(text: Uint8Array): readonly View[] {
  const regions = numberRegions(text);
  const dumps = dumpViews(text, regions);
  if (regions.length === 0) return dumps;
  const inDumps = new RangeIndex(dumps.map(({ range }) => range));
  return [...dumps, ...listViews(text, regions).filter(({ range }) => !inDumps.overlaps(range))];
}

/**
 * Returns the texts that stand encoded in a text. Runs that do not decode to text are left alone. One that is folded
 * over several lines has a view without its line ends, in which the encoded text stands.
 * @param apart what belongs to no run: blanked, where percent-encoded words go on across it
 * @param inflation reads compressed texts too, where it is given
 */
export function encodedViews(words: Uint8Array, apart: readonly Range[] = [], inflation?: Inflation): readonly View[] {
  const text = blanked(words, apart);
  const views: View[] = [];
  let unfolded = 0;
  let folded = 0;
  const hasPercent = eachLikelyRun(text, (start, end) => {
    if (start < unfolded) return;
    const begins = behindEscape(text, start);
    const whole = start < folded ? undefined : foldAt(text, begins, end);
    const fold = whole === undefined || inflation === undefined ? whole : beforeDeflated(text, whole, inflation);
    // The last line may be the first of another.
    folded = Math.max(folded, fold?.starts.at(-1) ?? 0);
    const lines = fold === undefined ? undefined : foldView(text, fold);
    if (lines !== undefined) {
      unfolded = lines.range.end;
      views.push(lines);
      return;
    }
    const data = inflation === undefined ? -1 : deflatedAt(text, begins, end);
    const rest = data === -1 ? -1 : inflation?.addViews(text, data, end, views);
    if (rest !== undefined && rest > data) {
      if (end - rest >= leastRun) partViews(text, { start: rest, end }, views);
      return;
    }
    const behind = begins > start && end - begins >= leastRun ? runView(text, begins, end) : undefined;
    const view = behind ?? runView(text, start, end);
    if (view === undefined) partViews(text, { start: begins, end }, views);
    else views.push(view);
  });
  append(views, numberViews(words));
  // Those that stand in a blanked place count too.
  if (hasPercent || text !== words) percentViews(words, views);
  return views;
}

/** Where folded texts stand in a text that may go on: one that may go on with it, or become one, ends behind it. */
export function foldedRanges(text: Uint8Array): readonly Range[] {
  const ranges: Range[] = [];
  let reached = 0;
  eachLikelyRun(text, (start, end) => {
    if (start < reached || end - start < leastLine) return;
    const last = foldAt(text, behindEscape(text, start), end)?.end ?? end;
    const isOpen = text.length - last <= 2 * longestGap;
    if (last > end || isOpen) ranges.push({ start, end: isOpen ? text.length + 1 : last });
    reached = last;
  });
  const regions = numberRegions(text);
  append(ranges, dumpRanges(text, regions));
  append(ranges, listRanges(text, regions));
  return ranges;
}
