/** Percent-encoding (RFC 3986 §2.1) and form encoding, with offsets. */
import { OffsetMap } from './offset-map.ts';
import type { Range } from './range.ts';
import type { View } from './views.ts';

const percent = 0x25;
const plus = 0x2b;

/** Bytes that need no encoding anywhere in a target or a form. */
const isUnreserved = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~') {
  isUnreserved[char.charCodeAt(0)] = 1;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Encodes every byte that is not unreserved. */
export function encodePercent(bytes: Uint8Array): Uint8Array {
  if (bytes.every((byte) => isUnreserved[byte] === 1)) return bytes;
  let text = '';
  for (const byte of bytes) {
    const isPlain = isUnreserved[byte] === 1;
    text += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return Buffer.from(text, 'latin1');
}

/**
 * The decoded view of a percent-encoded range. What is not a valid `%XX` stands for itself.
 * @param isForm whether `+` stands for a space
 */
export function percentView(outer: Uint8Array, range: Range, isForm: boolean): View {
  const raw = outer.subarray(range.start, range.end);
  const text = Buffer.allocUnsafe(raw.length);
  const map = new OffsetMap();
  let from = 0;
  let to = 0;
  while (from < raw.length) {
    const byte = raw[from] ?? 0;
    if (byte === percent) {
      const high = hexDigit(raw[from + 1]);
      const low = hexDigit(raw[from + 2]);
      if (high >= 0 && low >= 0) {
        map.add(from, 3, 1);
        text[to] = (high << 4) | low;
        from += 3;
        to += 1;
        continue;
      }
    }
    text[to] = isForm && byte === plus ? 0x20 : byte;
    from += 1;
    to += 1;
  }
  const toOuter = (start: number, end: number): Range => {
    const inner = map.toRaw(start, end);
    return { start: range.start + inner.start, end: range.start + inner.end };
  };
  return {
    encoding: 'percent',
    range,
    text: text.subarray(0, to),
    toOuter,
    toSplices: (inner) =>
      inner.map(({ start, end, replacement }) => ({
        ...toOuter(start, end),
        replacement: encodePercent(replacement),
      })),
  };
}
