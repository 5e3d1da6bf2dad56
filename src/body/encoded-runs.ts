/** Finds what may be an encoded text inside a text: base64, hex and percent runs whose decoding is text. */
import { append } from '../core/append.ts';
import { isUtf8 } from 'node:buffer';
import { eachLikelyRun, isHexDigit, leastRun, paddedEnd } from './base64-runs.ts';
import { beginsDeflated, type Inflation } from './inflated.ts';
import { percentView } from './percent.ts';
import { foldAt, foldedView, leastLine, longestGap, type Fold } from './folded-runs.ts';
import type { Range } from './range.ts';
import { isText, isTextByte } from './text-bytes.ts';
import { base64View, hexView, type View } from './views.ts';
import { readWide, wideOrder } from './wide-text.ts';

/** Folds up to this size are searched for texts wherever they begin, longer ones only at their beginning. */
const longestSearch = 16 * 1024;
/** How far a percent-encoded word reaches to either side of a `%XX`. */
const longestWord = 4096;

const sextets = new Uint8Array(256);
{
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let index = 0; index < 64; index += 1) sextets[alphabet.charCodeAt(index)] = index;
  sextets['-'.charCodeAt(0)] = 62;
  sextets['_'.charCodeAt(0)] = 63;
}

/** The character of base64 that stands for six zeros. */
const letterA = 0x41;
/** Looks at the first 16 characters only: random bytes pass one time in 10^4 here, and then fail {@link isText}. */
export function beginsAsText(text: Uint8Array, start: number): boolean {
  for (let at = start; at < start + 16; at += 4) {
    const bits =
      ((sextets[text[at] ?? 0] ?? 0) << 18) |
      ((sextets[text[at + 1] ?? 0] ?? 0) << 12) |
      ((sextets[text[at + 2] ?? 0] ?? 0) << 6) |
      (sextets[text[at + 3] ?? 0] ?? 0);
    if (!isTextByte(bits >> 16) || !isTextByte((bits >> 8) & 0xff) || !isTextByte(bits & 0xff)) return false;
  }
  return true;
}

/** Bytes that {@link mayBeText} looks at. */
const probe = new Uint8Array(12);

/** Decodes 16 characters. */
function fillProbe(text: Uint8Array, start: number): void {
  for (let from = start, to = 0; to < 12; from += 4, to += 3) {
    const second = sextets[text[from + 1] ?? 0] ?? 0;
    const third = sextets[text[from + 2] ?? 0] ?? 0;
    probe[to] = ((sextets[text[from] ?? 0] ?? 0) << 2) | (second >> 4);
    probe[to + 1] = (second << 4) | (third >> 2);
    probe[to + 2] = (third << 6) | (sextets[text[from + 3] ?? 0] ?? 0);
  }
}

/** Whether 16 characters begin UTF-16 of Latin text, with a byte order mark or without. */
function mayBeWide(text: Uint8Array, start: number): boolean {
  // The third or the fourth byte is zero.
  if (text[start + 3] !== letterA && text[start + 4] !== letterA) return false;
  fillProbe(text, start);
  let even = 0;
  let odd = 0;
  let plain = 0;
  for (let at = 0; at < 12; at += 2) {
    const [first = 0, second = 0] = [probe[at], probe[at + 1]];
    if (first === 0) even += 1;
    if (second === 0) odd += 1;
    if (first !== 0 && second !== 0) continue;
    const unit = first | second;
    if (!isTextByte(unit) || (unit >= 0x80 && unit < 0xa0)) return false;
    if (unit < 0x80) plain += 1;
  }
  // Two bits further on, the same characters are others: mostly beyond ASCII.
  return Math.max(even, odd) >= 5 && Math.min(even, odd) === 0 && plain >= 3;
}

/** As {@link beginsAsText}, and whether what they decode to can be UTF-8: most names in program text are not. */
function mayBeText(text: Uint8Array, start: number): boolean {
  if (!beginsAsText(text, start)) return false;
  fillProbe(text, start);
  // A lead byte is followed by as many continuations as it says, and nothing else is: the last sequence may be cut.
  let left = 0;
  for (const byte of probe) {
    if ((byte & 0xc0) === 0x80) {
      if (left === 0) return false;
      left -= 1;
    } else if (left > 0) return false;
    else left = byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return true;
}

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

/** Calls `found` with each stretch of at least {@link leastRun} hex digits in a range. */
function eachHexStretch(text: Uint8Array, { start, end }: Range, found: (start: number, end: number) => void): void {
  for (let at = start; at < end; at += 1) {
    const from = at;
    while (at < end && isHexDigit(text[at])) at += 1;
    if (at - from >= leastRun) found(from, at);
  }
}

/** The stretches of text in bytes, of so many bytes at least. */
function textStretches(bytes: Uint8Array, least: number): readonly Range[] {
  const stretches: Range[] = [];
  let start = 0;
  let at = 0;
  const close = (): void => {
    if (at - start >= least) stretches.push({ start, end: at });
  };
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const size = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (size === 1 ? isTextByte(byte) : isUtf8(bytes.subarray(at, at + size))) at += size;
    else {
      close();
      at += 1;
      start = at;
    }
  }
  close();
  return stretches;
}

/**
 * The views in hex digits that something else touches: it may begin or end with digits itself, so that both ways of
 * pairing them are read. Only digits of digits are text in both.
 */
function hexPartViews(text: Uint8Array, from: number, to: number): readonly View[] {
  return [from, from + 1].flatMap((start) => {
    const { text: bytes } = hexView(text, { start, end: to - ((to - start) % 2) });
    return textStretches(bytes, leastRun / 2).map((range) =>
      hexView(text, { start: start + range.start * 2, end: start + range.end * 2 }),
    );
  });
}

/** What a byte is in UTF-8 text: 0 nothing, 1 a character, 2 a continuation, 3 and more the lead of one or more. */
const textClass = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  if (byte < 0x80) textClass[byte] = isTextByte(byte) ? 1 : 0;
  else if (byte < 0xc0) textClass[byte] = 2;
  else if (byte >= 0xc2 && byte < 0xf5) textClass[byte] = byte < 0xe0 ? 3 : byte < 0xf0 ? 4 : 5;
}

/** Where the text ends that base64 from `start` on decodes to, at the end of a quantum. */
function textEnd(text: Uint8Array, start: number, end: number): number {
  let settled = start;
  let continuations = 0;
  for (let at = start; at + 4 <= end; at += 4) {
    const second = sextets[text[at + 1] ?? 0] ?? 0;
    const third = sextets[text[at + 2] ?? 0] ?? 0;
    const a = textClass[((sextets[text[at] ?? 0] ?? 0) << 2) | (second >> 4)] ?? 0;
    if ((a === 2) !== continuations > 0 || a === 0) break;
    const b = textClass[((second & 15) << 4) | (third >> 2)] ?? 0;
    const c = textClass[((third & 3) << 6) | (sextets[text[at + 3] ?? 0] ?? 0)] ?? 0;
    if (a === 1 && b === 1 && c === 1) {
      settled = at + 4;
      continue;
    }
    continuations = a < 3 ? continuations - a + 1 : a - 2;
    if ((b === 2) !== continuations > 0 || b === 0) break;
    continuations = b < 3 ? continuations - b + 1 : b - 2;
    if ((c === 2) !== continuations > 0 || c === 0) break;
    continuations = c < 3 ? continuations - c + 1 : c - 2;
    if (continuations === 0) settled = at + 4;
  }
  return settled;
}

/** Whether a text of some length begins in base64 at `start`. */
function beginsText(text: Uint8Array, start: number, end: number): boolean {
  return textEnd(text, start, end) - start >= leastRun;
}

/** How many characters of the quantum at `at` stand for text too, although it holds something else besides. */
function textRest(text: Uint8Array, at: number, end: number): number {
  const [first = 0, second = 0, third = 0] = [0, 1, 2].map((index) => sextets[text[at + index] ?? 0] ?? 0);
  if (end - at < 2 || textClass[(first << 2) | (second >> 4)] !== 1) return 0;
  return end - at > 2 && textClass[((second & 15) << 4) | (third >> 2)] === 1 ? 3 : 2;
}

/** The first of these ends at which base64 decodes to nothing but text. */
function viewUpTo(text: Uint8Array, start: number, ends: readonly number[]): View | undefined {
  for (const end of ends) {
    const view = end > start ? base64View(text, { start, end }) : undefined;
    if (view !== undefined && isText(view.text)) return view;
  }
  return undefined;
}

/** Characters that are looked at together for UTF-16. */
const wideStep = 32;

/** Where the UTF-16 ends that base64 from `start` on decodes to, as far as it is looked at in steps. */
function wideEnd(text: Uint8Array, start: number, end: number): number {
  let reached = start;
  const isWide = (from: number): boolean =>
    wideOrder(base64View(text, { start: from, end: from + wideStep }).text) !== undefined;
  while (reached + wideStep <= end && isWide(reached)) reached += wideStep;
  return reached;
}

/** The views in a run that is no text as a whole: texts that something of the same alphabet touches, a path or another. */
function partViews(text: Uint8Array, { start, end }: Range, views: View[]): void {
  eachHexStretch(text, { start, end }, (from, to) => append(views, hexPartViews(text, from, to)));
  for (let at = start; at + leastRun <= end;) {
    const wide = mayBeWide(text, at) ? wideEnd(text, at, end) : at;
    if (wide > at) {
      const last = end - wide < wideStep ? paddedEnd(text, end) : wide;
      const view = base64View(text, { start: at, end: last });
      views.push(readWide(view));
      at = last;
      continue;
    }
    if (!beginsText(text, at, end)) {
      at += 1;
      continue;
    }
    const reached = textEnd(text, at, end);
    // Another text may begin within the last quantum, whose end then is no more than the other's first characters.
    const next = [reached - 3, reached - 2, reached - 1].find((other) => beginsText(text, other, end));
    const last = next ?? ([0, 2, 3].includes(end - reached) ? paddedEnd(text, end) : -1);
    const rest = next === undefined ? textRest(text, reached, end) : 0;
    const view = viewUpTo(text, at, [last, reached + rest, reached, reached - 4]);
    if (view !== undefined) views.push(view);
    at = next ?? reached;
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
    const fold = start < folded ? undefined : foldAt(text, begins, end);
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
  return ranges;
}
