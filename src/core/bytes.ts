/** Byte helpers that every room needs. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/** Bytes that stand for nothing. */
export const noBytes = new Uint8Array(0);

/** Encodes text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Decodes UTF-8, with U+FFFD for what is broken; a leading byte order mark is dropped. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A view of some of the bytes. A plain array, whatever it is taken from: a Buffer's own `subarray` takes thrice as long. */
export function part(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}

/** Some of the bytes as text, a character to each: places in the one are places in the other. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** Joins chunks. Without a copy where they lie in one piece: one chunk, or each right behind the one before. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const first = chunks[0] ?? noBytes;
  if (chunks.length <= 1) return first;
  let length = 0;
  let isOnePiece = true;
  for (const chunk of chunks) {
    isOnePiece &&= chunk.buffer === first.buffer && chunk.byteOffset === first.byteOffset + length;
    length += chunk.byteLength;
  }
  if (isOnePiece) return part(first, 0, length);
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.byteLength;
  }
  return joined;
}
