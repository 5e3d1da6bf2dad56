/** What an upstream reads a request body from: chunks written soon after one another leave as one. */
import { Readable } from 'node:stream';
import { concat } from '../core/bytes.ts';

/** Chunks are joined up to this, and as much may wait before no more is taken: enough for TLS, little for hundreds. */
const blockBytes = 65_536;

export interface Outlet {
  readonly readable: Readable;
  /** False when no more should come until there is room. */
  write(chunk: Uint8Array): boolean;
  end(): void;
}

/** @param onRoom called whenever there is room again, and also when there was */
export function createOutlet(onRoom: () => void): Outlet {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isScheduled = false;
  let hasRoom = true;
  const readable = new Readable({
    highWaterMark: blockBytes,
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
      if (waitingBytes >= blockBytes) flush();
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
