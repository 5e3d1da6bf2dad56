/** What a pure function came to for the short texts that come with every request. */

/** Results that are kept; then all are dropped, which costs less than knowing which were used last. */
const rememberedAtMost = 1000;
/** Longer texts are not kept, so that the memory stays small. */
const longestRemembered = 256;

/** Results by their text; bounded, whatever arrives. */
export interface Remembered<T> {
  /** What `make` came to for this text, now or before; it may depend on nothing else. */
  of(text: string, make: (text: string) => T): T;
}

/** Makes an empty memory for one function. */
export function createRemembered<T>(): Remembered<T> {
  const results = new Map<string, T>();
  return {
    of(text, make) {
      const known = results.get(text);
      if (known !== undefined) return known;
      const made = make(text);
      if (text.length <= longestRemembered) {
        if (results.size >= rememberedAtMost) results.clear();
        results.set(text, made);
      }
      return made;
    },
  };
}
