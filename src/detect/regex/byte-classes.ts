/** Classes of bytes: those that no set of a program tells apart are one, so that tables stay narrow. */
import type { ByteSet } from './syntax.ts';

/** Groups the bytes that none of the sets tells apart: the class of each byte, and how many classes there are. */
export function classesOf(sets: Iterable<ByteSet>): { readonly classOf: Uint8Array; readonly count: number } {
  let classOf = new Uint8Array(256);
  let count = 1;
  for (const set of sets) {
    const split = new Map<number, number>();
    classOf = classOf.map((byteClass, byte) => {
      const key = byteClass * 2 + (set[byte] ?? 0);
      const known = split.get(key) ?? split.size;
      split.set(key, known);
      return known;
    });
    count = split.size;
  }
  return { classOf, count };
}

/** One byte of each class. */
export function sampleBytes(classOf: Uint8Array, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let byte = 255; byte >= 0; byte--) samples[classOf[byte] ?? 0] = byte;
  return samples;
}
