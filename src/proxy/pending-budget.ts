/** What may wait in memory for slow clients: much for one, little for each of many, bounded for all. */

/** One reply's part in it. */
export interface PendingShare {
  /** Tells how much waits now; true when that is too much. */
  isOver(pendingBytes: number): boolean;
  /** Nothing waits any more, or nobody for it. */
  release(): void;
}

export interface PendingBudget {
  share(): PendingShare;
  readonly usedBytes: number;
}

/** For all; a stalled one takes an eighth of what is left, so that the sum stays below this and the floors. */
const budgetBytes = 8 * 1024 * 1024;
/** Pausing at Node's 16 KB mark would cost three quarters of the throughput of TLS; more than this gains nothing. */
const mostBytes = 1024 * 1024;
const leastBytes = 32_768;

export function createPendingBudget(): PendingBudget {
  let usedBytes = 0;
  return {
    get usedBytes() {
      return usedBytes;
    },
    share() {
      let ownBytes = 0;
      const count = (bytes: number): void => {
        usedBytes += bytes - ownBytes;
        ownBytes = bytes;
      };
      return {
        isOver(pendingBytes) {
          const left = budgetBytes - (usedBytes - ownBytes);
          count(pendingBytes);
          return pendingBytes > Math.max(leastBytes, Math.min(mostBytes, left / 8));
        },
        release: () => count(0),
      };
    },
  };
}
