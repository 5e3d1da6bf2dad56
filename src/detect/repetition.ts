/** Knows where a text repeats itself, so that a flood of one beginning is judged once and not at each of its turns. */

/** A text that repeats at a greater distance is judged anew. */
const longestPeriod = 1024;
/** How many bytes may be compared for each byte of the text: what a text cannot make cost more than that. */
const comparedPerByte = 4;

/** Tells whether an anchor stands in the same bytes as an earlier one that led nowhere. A cache: it changes no result. */
export interface Repetition {
  /** Forgets the text before. To be called before the first question about each text. */
  begin(): void;
  /**
   * Whether what was asked about at an earlier position stands in the same bytes, as far as any rule of the list looks,
   * and led nowhere. To be asked about every window in order.
   */
  isSettled(text: Uint8Array, position: number, list: number): boolean;
  /** The window at a position led to something: it settles no later one. */
  foundAt(position: number): void;
}

/**
 * @param after how many bytes after a window of each list its rules look at @param before how many before any
 */
export function createRepetition(after: readonly number[], before: number): Repetition {
  const reach = Int32Array.from(after);
  /** Where the last window of each list stood, in a count of bytes over all texts, so that nothing is ever cleared. */
  const last = new Float64Array(after.length).fill(-Infinity);
  let base = 0;
  let previous = 0;
  let lastFound = -1;
  let credit = 0;
  // `text[i] === text[i - period]` for every `i` from `same` on and before `upTo`.
  let period = 0;
  let same = 0;
  let upTo = 0;

  /** Extends what is known to repeat; returns whether it reaches as far as asked. */
  const extend = (text: Uint8Array, end: number): boolean => {
    const stop = Math.min(end, upTo + credit);
    let p = upTo;
    while (p < stop && text[p] === text[p - period]) p++;
    credit -= p - upTo;
    upTo = p;
    return p >= end;
  };

  return {
    begin() {
      base += previous + longestPeriod + 1;
      previous = 0;
      lastFound = -1;
      credit = 0;
      period = 0;
      same = 0;
      upTo = 0;
    },
    isSettled(text, position, list) {
      credit += (position - previous) * comparedPerByte;
      previous = position;
      const distance = base + position - (last[list] ?? -Infinity);
      last[list] = base + position;
      const end = position + (reach[list] ?? 0);
      if (end > text.length) return false;
      const isHeld = period > 0 && upTo > position && (end <= upTo || extend(text, end) || credit <= 0);
      if (!isHeld) {
        if (distance > longestPeriod || distance > position) return false;
        period = distance;
        same = position;
        upTo = position;
        extend(text, end);
      }
      return upTo >= end && position - before >= same && position - period > lastFound;
    },
    foundAt(position) {
      lastFound = position;
    },
  };
}
