/** Finds what may be an encoded text inside a text: base64, hex and percent runs whose decoding is text. */
import { isUtf8 } from 'node:buffer';
import { eachLikelyRun, isHexDigit, leastRun } from './base64-runs.ts';
import { percentView } from './percent.ts';
import type { Range } from './range.ts';
import { base64View, hexView, type View } from './views.ts';

/** How far a percent-encoded word reaches to either side of a `%XX`. */
const longestWord = 4096;

const sextets = new Uint8Array(256);
{
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let index = 0; index < 64; index += 1) sextets[alphabet.charCodeAt(index)] = index;
  sextets['-'.charCodeAt(0)] = 62;
  sextets['_'.charCodeAt(0)] = 63;
}

/** Whether a byte may stand in text: no control character but tab, line feed, carriage return. */
function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Whether bytes are UTF-8 without control characters. */
export function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && bytes.every(isTextByte);
}

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

/** As {@link beginsAsText}, and whether what they decode to can be UTF-8: most names in program text are not. */
function mayBeText(text: Uint8Array, start: number): boolean {
  if (!beginsAsText(text, start)) return false;
  for (let from = start, to = 0; to < 12; from += 4, to += 3) {
    const second = sextets[text[from + 1] ?? 0] ?? 0;
    const third = sextets[text[from + 2] ?? 0] ?? 0;
    probe[to] = ((sextets[text[from] ?? 0] ?? 0) << 2) | (second >> 4);
    probe[to + 1] = (second << 4) | (third >> 2);
    probe[to + 2] = (third << 6) | (sextets[text[from + 3] ?? 0] ?? 0);
  }
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
    if (isText(view.text)) return view;
  }
  if (!mayBeText(text, start)) return undefined;
  let padded = end;
  while (padded < end + 2 && text[padded] === 0x3d) padded += 1;
  if ((end - start) % 4 === 1) return undefined;
  const view = base64View(text, { start, end: padded });
  return isText(view.text) ? view : undefined;
}

/** Where a run begins that stands right behind a percent-escape (`%20`, `%2520`): the escape's digits are not its own. */
function behindEscape(text: Uint8Array, start: number): number {
  if (start === 0 || text[start - 1] !== 0x25 || !isEscapeAt(text, start - 1)) return start;
  let at = start;
  while (text[at] === 0x32 && text[at + 1] === 0x35 && isEscapeAt(text, at + 1)) at += 2;
  return at + 2;
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

/** The views in hex digits that something else touches: it may begin or end with digits itself. */
function hexPartViews(text: Uint8Array, from: number, to: number): readonly View[] {
  const [even = [], odd = []] = [from, from + 1].map((start) => {
    const { text: bytes } = hexView(text, { start, end: to - ((to - start) % 2) });
    return textStretches(bytes, leastRun / 2).map((range) => ({
      start: start + range.start * 2,
      end: start + range.end * 2,
    }));
  });
  const size = (ranges: readonly Range[]): number => ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return (size(odd) > size(even) ? odd : even).map((range) => hexView(text, range));
}

/** The views in a run that is no text as a whole: segments of a path, and hex digits that something else touches. */
function partViews(text: Uint8Array, run: Range, views: View[]): void {
  for (let start = run.start; start < run.end;) {
    const slash = text.indexOf(0x2f, start);
    const end = slash === -1 || slash > run.end ? run.end : slash;
    const isPart = end - start >= leastRun;
    const view = isPart && end - start < run.end - run.start ? runView(text, start, end) : undefined;
    if (view !== undefined) views.push(view);
    else if (isPart) eachHexStretch(text, { start, end }, (from, to) => views.push(...hexPartViews(text, from, to)));
    start = end + 1;
  }
}

/** Returns the texts that stand encoded in a text. Runs that do not decode to text are left alone. */
export function encodedViews(text: Uint8Array): readonly View[] {
  const views: View[] = [];
  const hasPercent = eachLikelyRun(text, (start, end) => {
    const begins = behindEscape(text, start);
    const behind = begins > start && end - begins >= leastRun ? runView(text, begins, end) : undefined;
    const view = behind ?? runView(text, start, end);
    if (view === undefined) partViews(text, { start: begins, end }, views);
    else views.push(view);
  });
  if (hasPercent) percentViews(text, views);
  return views;
}
