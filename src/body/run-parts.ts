/** Finds the texts in a run of base64 characters that is none as a whole: something of the same alphabet touches them. */
import { isUtf8 } from 'node:buffer';
import { append } from '../core/append.ts';
import { isHexDigit, leastRun, paddedEnd } from './base64-runs.ts';
import type { Range } from './range.ts';
import { mayBeWide, sextets } from './run-beginnings.ts';
import { beginsText, createBeginnings, textClass, textEnd } from './run-search.ts';
import { isText, isTextByte } from './text-bytes.ts';
import { base64View, hexView, type View } from './views.ts';
import { readWide, wideOrder } from './wide-text.ts';

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
export function partViews(text: Uint8Array, { start, end }: Range, views: View[]): void {
  eachHexStretch(text, { start, end }, (from, to) => append(views, hexPartViews(text, from, to)));
  const next = createBeginnings(text, end);
  for (let at = next(start); at < end; at = next(at)) {
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
    const other = [reached - 3, reached - 2, reached - 1].find((place) => beginsText(text, place, end));
    const last = other ?? ([0, 2, 3].includes(end - reached) ? paddedEnd(text, end) : -1);
    const rest = other === undefined ? textRest(text, reached, end) : 0;
    const view = viewUpTo(text, at, [last, reached + rest, reached, reached - 4]);
    if (view !== undefined) views.push(view);
    at = other ?? reached;
  }
}
