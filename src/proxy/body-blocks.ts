/** A body that is known whole, on its way in blocks: what has been sent is let go of, and nothing is held twice. */
import { Readable } from 'node:stream';
import { concat, noBytes, part } from '../core/bytes.ts';

/**
 * A body up to this goes out as one buffer, and the blocks of a longer one are this large, in bytes. The upstream
 * decrypts a block while the next is encrypted; and of a stalled one a block lies encrypted besides, not all of it.
 */
const blockBytes = 131_072;

/** Makes what is sent of a body's chunks. They are taken over: nobody else may use the array any more. */
export function bodyOf(chunks: Uint8Array[], length: number): Uint8Array | Readable {
  if (length <= blockBytes) return concat(chunks);
  let at = 0;
  let offset = 0;

  function nextBlock(): Uint8Array {
    const taken: Uint8Array[] = [];
    let room = blockBytes;
    while (room > 0 && at < chunks.length) {
      const chunk = chunks[at] ?? noBytes;
      const end = Math.min(chunk.length, offset + room);
      taken.push(part(chunk, offset, end));
      room -= end - offset;
      offset = end;
      if (offset < chunk.length) continue;
      chunks[at] = noBytes;
      at += 1;
      offset = 0;
    }
    return concat(taken);
  }

  return new Readable({
    highWaterMark: blockBytes,
    read() {
      const block = nextBlock();
      this.push(block.length === 0 ? null : block);
    },
  });
}
