/** Received bytes that are held: read by absolute offset, released as views of the chunks they came in. */
import { concat, part } from '../core/bytes.ts';
import { applySplices, type Splice } from './splice.ts';

/** A queue of chunks. Offsets count from the first byte ever pushed. */
export class ByteQueue {
  private chunks: Uint8Array[] = [];
  private base = 0;
  private end = 0;

  /** The offset after the last byte pushed. */
  get length(): number {
    return this.end;
  }

  /** The offset of the first byte still held. */
  get released(): number {
    return this.base;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    this.end += chunk.length;
  }

  /** The bytes of a held range: a view where they lie in one chunk, else a copy. */
  slice(start: number, end: number): Uint8Array {
    const last = this.chunks.at(-1);
    const lastStart = this.end - (last?.length ?? 0);
    if (last !== undefined && start >= lastStart) return part(last, start - lastStart, end - lastStart);
    const parts: Uint8Array[] = [];
    // From the back: what is asked for was pushed last, and small chunks may be many.
    let chunkEnd = this.end;
    for (let index = this.chunks.length - 1; index >= 0 && chunkEnd > start; index -= 1) {
      const chunk = this.chunks[index];
      if (chunk === undefined) break;
      const chunkStart = chunkEnd - chunk.length;
      if (chunkStart < end) {
        parts.push(chunk.subarray(Math.max(0, start - chunkStart), Math.min(chunk.length, end - chunkStart)));
      }
      chunkEnd = chunkStart;
    }
    return concat(parts.toReversed());
  }

  /** Takes out everything before `upTo`, with splices (ordered, disjoint, all before it) applied. */
  release(upTo: number, splices: readonly Splice[]): readonly Uint8Array[] {
    const taken: Uint8Array[] = [];
    const from = this.base;
    let count = 0;
    for (const chunk of this.chunks) {
      if (this.base >= upTo) break;
      const length = Math.min(chunk.length, upTo - this.base);
      taken.push(length === chunk.length ? chunk : chunk.subarray(0, length));
      this.base += length;
      if (length < chunk.length) {
        this.chunks[count] = chunk.subarray(length);
        break;
      }
      count += 1;
    }
    this.chunks.splice(0, count);
    return applySplices(taken, splices, from);
  }
}
