/** Views: texts that stand encoded inside a text, each able to map its ranges and its splices to the text around it. */
import { latin1 } from '../core/bytes.ts';
import { encodeJsonString, mapJsonString } from './json-string.ts';
import type { OffsetMap } from './offset-map.ts';
import type { Range } from './range.ts';
import { applySplices, type Splice } from './splice.ts';

/** A text inside a text. */
export interface View {
  readonly encoding:
    | 'json'
    | 'base64'
    | 'base64-utf16'
    | 'base64-gzip'
    | 'base64-zlib'
    | 'hex'
    | 'hex-dump'
    | 'byte-list'
    | 'hex-utf16'
    | 'hex-gzip'
    | 'hex-zlib'
    | 'percent'
    | 'escapes'
    | 'lines';
  /** Where the encoded form stands in the outer text. */
  readonly range: Range;
  /** The decoded text. */
  readonly text: Uint8Array;
  /** The outer range that holds a range of the decoded text. */
  toOuter(start: number, end: number): Range;
  /** The splices of the outer text that make those of the decoded text (ordered, disjoint) happen. */
  toSplices(inner: readonly Splice[]): readonly Splice[];
}

/** Each inner splice by itself, where ranges map exactly. */
function mapSplices(
  inner: readonly Splice[],
  toOuter: (start: number, end: number) => Range,
  encode: (bytes: Uint8Array) => Uint8Array,
): readonly Splice[] {
  return inner.map(({ start, end, replacement }) => ({ ...toOuter(start, end), replacement: encode(replacement) }));
}

/** Maps a range through units and an offset. */
function shifted(map: OffsetMap, base: number, start: number, end: number): Range {
  const raw = map.toRaw(start, end);
  return { start: base + raw.start, end: base + raw.end };
}

/**
 * The content of a JSON string.
 * @param raw the content without quotes @param start where it begins in the outer text @param text the content decoded
 */
export function jsonStringView(raw: Uint8Array, start: number, text: Uint8Array): View {
  let map: OffsetMap | undefined;
  const toOuter = (from: number, to: number): Range => {
    map ??= mapJsonString(raw);
    return shifted(map, start, from, to);
  };
  return {
    encoding: 'json',
    range: { start, end: start + raw.length },
    text,
    toOuter,
    toSplices: (inner) => mapSplices(inner, toOuter, encodeJsonString),
  };
}

const quote = Buffer.from('"');

/** A bare JSON number: what is replaced becomes a string, and the whole number goes. */
export function jsonNumberView(text: Uint8Array, start: number): View {
  const range = { start, end: start + text.length };
  return {
    encoding: 'json',
    range,
    text,
    toOuter: () => range,
    toSplices(inner) {
      if (inner.length === 0) return [];
      const replaced = Buffer.concat([...applySplices([text], inner)]);
      return [{ ...range, replacement: Buffer.concat([quote, encodeJsonString(replaced), quote]) }];
    },
  };
}

/** A base64 run's spelling. */
interface Base64Spelling {
  readonly isUrlSafe: boolean;
  readonly isPadded: boolean;
}

function encodeBase64(bytes: Uint8Array, { isUrlSafe, isPadded }: Base64Spelling): Uint8Array {
  const text = Buffer.from(bytes).toString(isUrlSafe ? 'base64url' : 'base64');
  if (isPadded === text.endsWith('=')) return Buffer.from(text, 'latin1');
  if (!isPadded) return Buffer.from(text.replace(/=+$/, ''), 'latin1');
  return Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, '='), 'latin1');
}

/** A base64 run. A change re-encodes from the quantum it begins in to the end of the run. */
export function base64View(outer: Uint8Array, range: Range): View {
  const run = latin1(outer, range.start, range.end);
  const text = Buffer.from(run, 'base64');
  return {
    encoding: 'base64',
    range,
    text,
    toOuter: (start, end) => ({
      start: range.start + Math.floor(start / 3) * 4,
      end: Math.min(range.end, range.start + Math.ceil(end / 3) * 4),
    }),
    toSplices(inner) {
      const [first] = inner;
      if (first === undefined) return [];
      const isPadded = run.endsWith('=') || (run.length % 4 === 0 && !/[-_]/.test(run));
      const isUrlSafe = /[-_]/.test(run) || (!isPadded && !/[+/]/.test(run));
      const from = Math.floor(first.start / 3) * 3;
      const tail = Buffer.concat([...applySplices([text.subarray(from)], inner, from)]);
      const start = range.start + (from / 3) * 4;
      return [{ start, end: range.end, replacement: encodeBase64(tail, { isUrlSafe, isPadded }) }];
    },
  };
}

/** A run of hex digit pairs. */
export function hexView(outer: Uint8Array, range: Range): View {
  const run = latin1(outer, range.start, range.end);
  const isUpper = /[A-F]/.test(run);
  const toOuter = (start: number, end: number): Range => ({
    start: range.start + start * 2,
    end: range.start + end * 2,
  });
  const encode = (bytes: Uint8Array): Uint8Array => {
    const hex = Buffer.from(bytes).toString('hex');
    return Buffer.from(isUpper ? hex.toUpperCase() : hex, 'latin1');
  };
  return {
    encoding: 'hex',
    range,
    text: Buffer.from(run, 'hex'),
    toOuter,
    toSplices: (inner) => mapSplices(inner, toOuter, encode),
  };
}
