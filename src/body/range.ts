/** Byte ranges and their unions. */

/** `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whether two ranges share a byte. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether `outer` holds all of `inner`. */
export function covers(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Answers questions about many ranges in logarithmic time each: texts made of findings must not cost their square. */
export class RangeIndex {
  /** By start. */
  private readonly ranges: readonly Range[];
  /** The furthest end among the ranges up to each. */
  private readonly reach: Float64Array;

  constructor(ranges: readonly Range[]) {
    this.ranges = ranges.toSorted((a, b) => a.start - b.start);
    this.reach = new Float64Array(ranges.length);
    let most = -Infinity;
    for (const [index, { end }] of this.ranges.entries()) {
      most = Math.max(most, end);
      this.reach[index] = most;
    }
  }

  /** The furthest end of the ranges that begin at or before an offset. */
  private reachAt(start: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ranges[middle]?.start ?? Infinity) <= start) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -Infinity : (this.reach[low - 1] ?? -Infinity);
  }

  /** Whether one of the ranges holds all of `inner`. */
  covers(inner: Range): boolean {
    return this.reachAt(inner.start) >= inner.end;
  }

  /** Whether one of the ranges shares a byte with `other`. */
  overlaps(other: Range): boolean {
    return other.end > other.start && this.reachAt(other.end - 1) > other.start;
  }
}
