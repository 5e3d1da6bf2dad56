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

/** Joins chunks; one chunk is returned as it is, without a copy. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 0) return noBytes;
  if (chunks.length === 1) return chunks[0] ?? noBytes;
  let length = 0;
  for (const chunk of chunks) length += chunk.byteLength;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.byteLength;
  }
  return joined;
}
