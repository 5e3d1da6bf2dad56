/** The memory that gathered request bodies share: who finds no room waits unread, for a bounded time. */

/** One body's share. */
export interface Lease {
  /**
   * Takes so many bytes; false when there was no room in time, or the lease ended meanwhile.
   *
   * @param readOn called where it has to wait, once it is the first: reads on, and settles when its sender must be there
   *   still; where it is not, the lease is ended meanwhile
   */
  take(bytes: number, readOn?: () => Promise<void>): boolean | Promise<boolean>;
  /** Has it be told when others wait for room and the body brings too little of what the room was taken for. */
  watch(onSlow: () => void): Pace;
  /** Gives everything back; safe to call again. */
  release(): void;
}

/** How fast a body comes. */
interface Pace {
  /** So many bytes have come. */
  moved(bytes: number): void;
  /** All has come, or nothing more is wanted; safe to call again. */
  end(): void;
}

export interface GatherMemory {
  lease(): Lease;
  readonly usedBytes: number;
}

interface Waiting {
  readonly bytes: number;
  readonly settle: (hasRoom: boolean) => void;
  /** Undefined once it was called. */
  readOn: (() => Promise<void>) | undefined;
  /** Its sender is there, or may be slow. */
  isProven: boolean;
}

/** So long a sender is looked for: what one on this machine left behind is read in a few milliseconds. */
const proofMs = 250;

/** A body that others wait for brings as much in a second: what the slowest of links do. */
const leastPerSecond = 16 * 1024;
/** So often in the time that anybody waits. */
const looksInTime = 4;

interface Watched {
  readonly onSlow: () => void;
  /** It waits itself, and so brings nothing. */
  readonly isWaiting: () => boolean;
  /** Bytes since the last look; before the first one, enough. */
  moved: number;
}

/** @param maxBytes read for each request, so that a reload counts */
export function createGatherMemory(maxBytes: () => number, waitMs: number): GatherMemory {
  let usedBytes = 0;
  const queue: Waiting[] = [];
  const watched = new Set<Watched>();
  const leastMoved = (leastPerSecond * waitMs) / looksInTime / 1000;
  let looks: NodeJS.Timeout | undefined;

  /** SECURITY: whoever declares much and sends little must not keep others out. Guarded by gather-memory.test.ts. */
  function look(): void {
    if (queue.length === 0) {
      clearInterval(looks);
      looks = undefined;
      return;
    }
    for (const one of watched) {
      const isSlow = one.moved < leastMoved && !one.isWaiting();
      one.moved = 0;
      if (isSlow && queue.length > 0) one.onSlow();
    }
  }

  function enqueue(entry: Waiting): void {
    queue.push(entry);
    serve();
    if (looks !== undefined) return;
    for (const one of watched) one.moved = 0;
    looks = setInterval(look, waitMs / looksInTime).unref();
  }

  /** A body larger than everything may still have it to itself, or it would wait for ever. */
  const fits = (bytes: number): boolean => usedBytes === 0 || usedBytes + bytes <= maxBytes();

  /** Looks for the sender of the first in the queue: hundreds that have gone would each be given room in turn. */
  function prove(entry: Waiting): void {
    const { readOn } = entry;
    if (readOn === undefined) return;
    entry.readOn = undefined;
    const settle = (): void => {
      clearTimeout(timer);
      if (entry.isProven) return;
      entry.isProven = true;
      serve();
    };
    const timer = setTimeout(settle, proofMs).unref();
    // Later: it has yet to be told that it waits. Voided: reading never rejects.
    void Promise.resolve().then(readOn).then(settle);
  }

  function serve(): void {
    // In order, so that a large one is not starved by small ones.
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      prove(first);
      if (!first.isProven || !fits(first.bytes)) return;
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
        take(bytes, readOn) {
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
            const entry: Waiting = { bytes, settle, readOn, isProven: readOn === undefined };
            waiting = entry;
            const timer = setTimeout(() => {
              queue.splice(queue.indexOf(entry), 1);
              settle(false);
              serve();
            }, waitMs);
            enqueue(entry);
          });
        },
        watch(onSlow) {
          const one = { onSlow, isWaiting: () => waiting !== undefined, moved: Infinity };
          watched.add(one);
          return {
            moved(bytes) {
              one.moved += bytes;
            },
            end: () => void watched.delete(one),
          };
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
