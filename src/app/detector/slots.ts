/** So many questions at one time, whoever asks: in the order in which they came. */

export interface Slots {
  /** Resolves when there is room; the function makes it free again. */
  take(): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    take() {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(release);
      }
      return new Promise((resolve) => {
        waiting.push(() => resolve(release));
      });
    },
  };
}
