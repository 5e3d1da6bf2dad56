/** Classes of bytes: those that no set of a program tells apart are one, so that tables stay narrow. */
import type { ByteSet } from './syntax.ts';

/** Groups the bytes that none of the sets tells apart: the class of each byte, and how many classes there are. */
export function classesOf(sets: Iterable<ByteSet>): { readonly classOf: Uint8Array; readonly count: number } {
  const classOf = new Uint8Array(256);
  let count = 1;
  // Numbered by first occurrence. A table, not a map: every pattern and every start goes through here.
  const split = new Int16Array(512);
  for (const set of sets) {
    split.fill(-1);
    count = 0;
    for (let byte = 0; byte < 256; byte++) {
      const key = (classOf[byte] ?? 0) * 2 + (set[byte] ?? 0);
      if (split[key] === -1) split[key] = count++;
      classOf[byte] = split[key] ?? 0;
    }
  }
  return { classOf, count };
}

/** One byte of each class. */
export function sampleBytes(classOf: Uint8Array, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let byte = 255; byte >= 0; byte--) samples[classOf[byte] ?? 0] = byte;
  return samples;
}
