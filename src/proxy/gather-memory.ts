/** The memory that gathered request bodies share: who finds no room waits unread, for a bounded time. */

/** One body's share. */
export interface Lease {
  /** Takes so many bytes; false when there was no room in time, or the lease ended meanwhile. */
  take(bytes: number): boolean | Promise<boolean>;
  /** Gives everything back; safe to call again. */
  release(): void;
}

export interface GatherMemory {
  lease(): Lease;
  readonly usedBytes: number;
}

interface Waiting {
  readonly bytes: number;
  readonly settle: (hasRoom: boolean) => void;
}

/** @param maxBytes read for each request, so that a reload counts */
export function createGatherMemory(maxBytes: () => number, waitMs: number): GatherMemory {
  let usedBytes = 0;
  const queue: Waiting[] = [];

  /** A body larger than everything may still have it to itself, or it would wait for ever. */
  const fits = (bytes: number): boolean => usedBytes === 0 || usedBytes + bytes <= maxBytes();

  function serve(): void {
    // In order, so that a large one is not starved by small ones.
    for (let first = queue[0]; first !== undefined && fits(first.bytes); first = queue[0]) {
      queue.shift();
      usedBytes += first.bytes;
      first.settle(true);
    }
  }

  return {
    get usedBytes() {
      return usedBytes;
    },
    lease() {
      let ownBytes = 0;
      let isOver = false;
      let waiting: Waiting | undefined;
      return {
        take(bytes) {
          if (isOver) return false;
          if (queue.length === 0 && fits(bytes)) {
            usedBytes += bytes;
            ownBytes += bytes;
            return true;
          }
          return new Promise((resolve) => {
            const settle = (hasRoom: boolean): void => {
              clearTimeout(timer);
              waiting = undefined;
              if (hasRoom) ownBytes += bytes;
              resolve(hasRoom);
            };
            const entry: Waiting = { bytes, settle };
            waiting = entry;
            const timer = setTimeout(() => {
              queue.splice(queue.indexOf(entry), 1);
              settle(false);
              serve();
            }, waitMs);
            queue.push(entry);
          });
        },
        release() {
          isOver = true;
          if (waiting !== undefined) {
            queue.splice(queue.indexOf(waiting), 1);
            waiting.settle(false);
          }
          usedBytes -= ownBytes;
          ownBytes = 0;
          serve();
        },
      };
    },
  };
}
