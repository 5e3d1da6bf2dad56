/** What an upstream reads a request body from: chunks written soon after one another leave as one. */
import { Readable } from 'node:stream';
import { concat } from '../core/bytes.ts';

/** Chunks are joined up to this: more gains nothing, and less would cost a system call for each record of TLS. */
const mostBytes = 65_536;
/** With hundreds under way a block is smaller, for each holds several: being encrypted, waiting, being joined. */
const leastBytes = 16_384;
/** For the blocks of all together. */
const budgetBytes = 4 * 1024 * 1024;

/** How large a block may be among so many exchanges, in bytes. */
export function blockBytesAmong(exchanges: number): number {
  return Math.max(leastBytes, Math.min(mostBytes, Math.floor(budgetBytes / exchanges)));
}

export interface Outlet {
  readonly readable: Readable;
  /** False when no more should come until there is room. */
  write(chunk: Uint8Array): boolean;
  end(): void;
}

/**
 * @param onRoom called whenever there is room again, and also when there was
 * @param blockBytes how large a block may be now, in bytes
 */
export function createOutlet(onRoom: () => void, blockBytes: () => number): Outlet {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isScheduled = false;
  let hasRoom = true;
  const readable = new Readable({
    // One block waits, whatever its size.
    highWaterMark: leastBytes,
    read() {
      hasRoom = true;
      onRoom();
    },
  });

  function flush(): void {
    if (waitingBytes === 0 || readable.destroyed) return;
    const block = concat(waiting);
    waiting = [];
    waitingBytes = 0;
    hasRoom = readable.push(block);
  }

  return {
    readable,
    write(chunk) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes >= blockBytes()) flush();
      else if (!isScheduled) {
        isScheduled = true;
        // TLS hands on records of 16 KB, several in one turn: sending each by itself would cost a system call for each.
        setImmediate(() => {
          isScheduled = false;
          flush();
        });
      }
      return hasRoom;
    },
    end() {
      flush();
      readable.push(null);
    },
  };
}
