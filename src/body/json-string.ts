/** JSON string content: escapes to bytes, byte ranges back to the raw text, bytes to escapes. */
import { part } from '../core/bytes.ts';
import { blockBytes, leastForKernel, textKernel } from '../detect/text-kernel.ts';
import { OffsetMap } from './offset-map.ts';

const backslash = 0x5c;

/** The byte that a simple escape stands for, by the byte after the backslash; 0 for `u` and what is none. */
const simpleEscapes = new Uint8Array(256);
for (const [char, value] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  simpleEscapes[char.charCodeAt(0)] = value;
}

function hexValue(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}

/** Reads the four digits of a `\uXXXX` escape that begins at `at`. */
function codeUnit(raw: Uint8Array, at: number): number {
  let unit = 0;
  for (let index = at + 2; index < at + 6; index += 1) unit = (unit << 4) | hexValue(raw[index] ?? 0x30);
  return unit;
}

/** Returns the code point of the escape at `at` and the raw bytes it takes (12 for a surrogate pair). */
function unicodeEscape(raw: Uint8Array, at: number): { point: number; length: number } {
  const high = codeUnit(raw, at);
  if (high >= 0xd800 && high < 0xdc00 && raw[at + 6] === backslash && raw[at + 7] === 0x75 && at + 12 <= raw.length) {
    const low = codeUnit(raw, at + 6);
    if (low >= 0xdc00 && low < 0xe000) return { point: 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), length: 12 };
  }
  return { point: high, length: 6 };
}

/** Writes a code point as UTF-8; a lone surrogate as its three bytes (WTF-8), so that nothing is lost. */
function writePoint(point: number, target: Uint8Array, at: number): number {
  if (point < 0x80) {
    target[at] = point;
    return 1;
  }
  if (point < 0x800) {
    target[at] = 0xc0 | (point >> 6);
    target[at + 1] = 0x80 | (point & 0x3f);
    return 2;
  }
  if (point < 0x10000) {
    target[at] = 0xe0 | (point >> 12);
    target[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    target[at + 2] = 0x80 | (point & 0x3f);
    return 3;
  }
  target[at] = 0xf0 | (point >> 18);
  target[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  target[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  target[at + 3] = 0x80 | (point & 0x3f);
  return 4;
}

/** Returns the offset in the raw content of an offset of the decoded one; of one inside an escape's bytes, the escape's. */
export function rawOffset(raw: Uint8Array, decoded: number): number {
  let shift = 0;
  let at = raw.indexOf(backslash);
  while (at !== -1 && at - shift < decoded) {
    const isSimple = (simpleEscapes[raw[at + 1] ?? 0] ?? 0) !== 0;
    const escape = isSimple ? { point: 0, length: 2 } : unicodeEscape(raw, at);
    const written = isSimple ? 1 : widthOf(escape.point);
    if (at - shift + written > decoded) return at;
    shift += escape.length - written;
    at = raw.indexOf(backslash, at + escape.length);
  }
  return decoded + shift;
}

/** How many bytes a code point takes in UTF-8. */
function widthOf(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** Decodes valid string content to `target`, from `at` on, in plain TypeScript. Returns the offset after what is written. */
export function decodeByHand(raw: Uint8Array, target: Uint8Array, at: number): number {
  const { length } = raw;
  let from = 0;
  let to = at;
  while (from < length) {
    const byte = raw[from] ?? 0;
    if (byte !== backslash) {
      target[to] = byte;
      from += 1;
      to += 1;
      continue;
    }
    const simple = simpleEscapes[raw[from + 1] ?? 0] ?? 0;
    if (simple !== 0) {
      target[to] = simple;
      from += 2;
      to += 1;
      continue;
    }
    const { point, length: taken } = unicodeEscape(raw, from);
    to += writePoint(point, target, to);
    from += taken;
  }
  return to;
}

/**
 * Decodes valid string content (without its quotes) to `target`, from `at` on: room for as many bytes must be there.
 * Returns the offset after what is written.
 */
export function decodeInto(raw: Uint8Array, target: Uint8Array, at: number): number {
  const kernel = raw.length >= leastForKernel ? textKernel() : undefined;
  if (kernel === undefined) return decodeByHand(raw, target, at);
  let to = at;
  for (let from = 0; from < raw.length;) {
    const rest = raw.length - from;
    const length = rest <= blockBytes ? rest : wholeUnits(part(raw, from, from + blockBytes));
    kernel.load(raw, from, length);
    to += kernel.unescape(length, target, to);
    from += length;
  }
  return to;
}

/** Decodes valid string content. What is returned is a new array, never longer than `raw`. */
export function decodeJsonString(raw: Uint8Array): Uint8Array {
  const target = Buffer.allocUnsafe(raw.length);
  return part(target, 0, decodeInto(raw, target, 0));
}

/**
 * Returns how much of the content, from its start, ends on whole units: no escape, surrogate pair or UTF-8 sequence is
 * cut. For content that goes on.
 */
export function wholeUnits(raw: Uint8Array): number {
  let end = raw.length;
  // At most one sequence is cut: look for its lead byte among the last three.
  for (let back = 1; back <= 3 && back <= end; back += 1) {
    const byte = raw[end - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      if (size > back) end -= back;
      break;
    }
  }
  // A cut escape, or a high surrogate whose partner may follow, begins within the last eleven bytes.
  const from = Math.max(0, end - 12);
  let at = from;
  // Find a place that is surely not inside an escape: count the backslashes before it.
  let run = 0;
  while (at - run > 0 && raw[at - run - 1] === backslash) run += 1;
  if (run % 2 === 1) at += 1;
  while (at < end) {
    if (raw[at] !== backslash) {
      at += 1;
      continue;
    }
    if (at + 2 > end) return at;
    if (raw[at + 1] !== 0x75) {
      at += 2;
      continue;
    }
    if (at + 6 > end) return at;
    const unit = codeUnit(raw, at);
    if (unit >= 0xd800 && unit < 0xdc00 && at + 12 > end && isPairPossible(raw, at + 6, end)) return at;
    at += unicodeEscape(raw.subarray(0, end), at).length;
  }
  return end;
}

/** Whether a low surrogate's escape may still follow at `at`. */
function isPairPossible(raw: Uint8Array, at: number, end: number): boolean {
  if (at < end && raw[at] !== backslash) return false;
  return !(at + 1 < end && raw[at + 1] !== 0x75);
}

/** Maps ranges of decoded content back to the raw content. Built once per string that has a hit. */
export function mapJsonString(raw: Uint8Array): OffsetMap {
  const map = new OffsetMap();
  const scratch = new Uint8Array(4);
  let from = 0;
  for (;;) {
    const next = raw.indexOf(backslash, from);
    if (next === -1) return map;
    const isSimple = (simpleEscapes[raw[next + 1] ?? 0] ?? 0) !== 0;
    const escape = isSimple ? { point: 0, length: 2 } : unicodeEscape(raw, next);
    map.add(next, escape.length, isSimple ? 1 : writePoint(escape.point, scratch, 0));
    from = next + escape.length;
  }
}

/** The escapes of control characters that have a short form; the others are written `\u00xx`. */
const shortEscapes: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  0x22: '\\"',
  [backslash]: '\\\\',
};

function needsEscape(byte: number): boolean {
  return byte < 0x20 || byte === 0x22 || byte === backslash;
}

/** Escapes bytes for a JSON string: quotes, backslashes and control characters only; the rest stays as it is. */
export function encodeJsonString(bytes: Uint8Array): Uint8Array {
  if (!bytes.some(needsEscape)) return bytes;
  let escaped = '';
  for (const byte of bytes) {
    escaped += needsEscape(byte)
      ? (shortEscapes[byte] ?? `\\u00${byte.toString(16).padStart(2, '0')}`)
      : String.fromCharCode(byte);
  }
  return Buffer.from(escaped, 'latin1');
}
