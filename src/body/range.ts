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
