/** Replaces byte ranges of a body over the chunks as they were received: clean bytes are views, never copies. */
import type { Range } from './range.ts';

/** A range and what stands there instead. */
export interface Splice extends Range {
  readonly replacement: Uint8Array;
}

/** Applies splices, ordered and disjoint, to chunks that begin at offset `base`. No splice: the same references. */
export function applySplices(
  chunks: readonly Uint8Array[],
  splices: readonly Splice[],
  base = 0,
): readonly Uint8Array[] {
  if (splices.length === 0) return chunks;
  const output: Uint8Array[] = [];
  let next = 0;
  let offset = base;
  for (const chunk of chunks) {
    const end = offset + chunk.length;
    let at = offset;
    while (at < end) {
      const splice = splices[next];
      if (splice === undefined || splice.start >= end) {
        output.push(at === offset ? chunk : chunk.subarray(at - offset));
        break;
      }
      if (splice.start > at) output.push(chunk.subarray(at - offset, splice.start - offset));
      // Written where the range begins; the rest of it may lie in later chunks.
      if (splice.start >= at) output.push(splice.replacement);
      at = Math.min(end, splice.end);
      if (splice.end > end) break;
      next += 1;
    }
    offset = end;
  }
  return output;
}
