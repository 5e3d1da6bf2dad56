/** Maps offsets of a decoded text back to the text it was decoded from. */
import type { Range } from './range.ts';

/** Records only where the two differ in length: everything between units maps one to one. */
export class OffsetMap {
  /** Four numbers per unit: decoded start and end, raw start and end. */
  private readonly units: number[] = [];
  private shift = 0;

  /** Adds a unit, in order: `rawLength` bytes at `rawStart` stand for `length` decoded ones. */
  add(rawStart: number, rawLength: number, length: number): void {
    const start = rawStart - this.shift;
    this.units.push(start, start + length, rawStart, rawStart + rawLength);
    this.shift += rawLength - length;
  }

  /** Returns the raw range of a decoded one; a range that begins or ends inside a unit takes the whole unit. */
  toRaw(start: number, end: number): Range {
    const rawStart = this.offset(start, false);
    return { start: rawStart, end: end > start ? this.offset(end, true) : rawStart };
  }

  private offset(decoded: number, isEnd: boolean): number {
    const { units } = this;
    // The last unit that begins before (an end) or at or before (a start) the offset.
    let low = 0;
    let high = units.length >> 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      const begins = units[middle * 4] ?? 0;
      if (isEnd ? begins < decoded : begins <= decoded) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return decoded;
    const at = (low - 1) * 4;
    const decodedEnd = units[at + 1] ?? 0;
    if (decoded < decodedEnd) return (isEnd ? units[at + 3] : units[at + 2]) ?? 0;
    return (units[at + 3] ?? 0) + (decoded - decodedEnd);
  }
}
