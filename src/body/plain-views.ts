/** Views of a text without its escapes: what it says to a terminal, a parser or a reader of mail. */
import type { Escape } from './escape.ts';
import { control, escapesIn, wideEnd } from './escapes.ts';
import { OffsetMap } from './offset-map.ts';
import type { Range } from './range.ts';
import type { View } from './views.ts';

/** How much of the text around an escape belongs to its view: more than a rule's context reaches, and a margin. */
const reach = 1280;
/** How far a view's end moves on to white space, so that it cuts no word. */
const longestWord = 256;
/** What is put where UTF-16 stood: each character with a zero before the next. */
function inPlaceOf(text: Uint8Array, { start, end }: Range, replacement: Uint8Array): Uint8Array {
  const isWide = end - start > 2 && text[start + 1] === 0 && wideEnd(text, start + 1) >= end - 2;
  if (!isWide) return replacement;
  const wide = new Uint8Array(Math.max(0, replacement.length * 2 - 1));
  for (const [index, byte] of replacement.entries()) wide[index * 2] = byte;
  return wide;
}

/** A text without a terminal's controls; the text itself where there are none. */
export function withoutControls(text: Uint8Array): Uint8Array {
  if (!text.includes(control)) return text;
  const range = { start: 0, end: text.length };
  return plainView(
    text,
    range,
    escapesIn(text).filter(({ start }) => text[start] === control),
  ).text;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Where a view begins: between two words, else between two characters. */
function beginning(text: Uint8Array, at: number): number {
  if (at <= 0) return 0;
  let start = at;
  while (start > at - longestWord && start > 0 && !isBlank(text[start - 1])) start -= 1;
  if (start === 0 || isBlank(text[start - 1])) return start;
  for (start = at; start > 0 && ((text[start] ?? 0) & 0xc0) === 0x80;) start -= 1;
  return start;
}

/** Where a view ends, likewise. */
function ending(text: Uint8Array, at: number): number {
  const { length } = text;
  if (at >= length) return length;
  let end = at;
  while (end < at + longestWord && end < length && !isBlank(text[end])) end += 1;
  if (end === length || isBlank(text[end])) return end;
  for (end = at; end < length && ((text[end] ?? 0) & 0xc0) === 0x80;) end += 1;
  return end;
}

function plainView(outer: Uint8Array, range: Range, escapes: readonly Escape[]): View {
  const text = Buffer.allocUnsafe(range.end - range.start);
  const map = new OffsetMap();
  let from = range.start;
  let to = 0;
  for (const { start, end, means } of escapes) {
    text.set(outer.subarray(from, start), to);
    to += start - from;
    text.set(means, to);
    to += means.length;
    map.add(start - range.start, end - start, means.length);
    from = end;
  }
  text.set(outer.subarray(from, range.end), to);
  to += range.end - from;
  const toOuter = (start: number, end: number): Range => {
    const raw = map.toRaw(start, end);
    return { start: range.start + raw.start, end: range.start + raw.end };
  };
  return {
    encoding: 'escapes',
    range,
    text: text.subarray(0, to),
    toOuter,
    toSplices: (inner) =>
      inner.map(({ start, end, replacement }) => {
        const place = toOuter(start, end);
        return { ...place, replacement: inPlaceOf(outer, place, replacement) };
      }),
  };
}

/**
 * Returns the text around escapes, without them: one view for those that stand near one another, none where there are
 * none. What is replaced in a view takes the escapes inside it along; nothing is escaped anew.
 */
export function plainViews(text: Uint8Array): readonly View[] {
  const escapes = escapesIn(text);
  const views: View[] = [];
  for (let first = 0; first < escapes.length;) {
    let next = first + 1;
    let last = escapes[first];
    // Further apart than two views reach, with the words that they end on.
    const near = 2 * (reach + longestWord);
    for (let other = escapes[next]; last !== undefined && other !== undefined; other = escapes[next]) {
      if (other.start - last.end > near) break;
      last = other;
      next += 1;
    }
    const start = beginning(text, (escapes[first]?.start ?? 0) - reach);
    const end = ending(text, (last?.end ?? 0) + reach);
    views.push(plainView(text, { start, end }, escapes.slice(first, next)));
    first = next;
  }
  return views;
}
