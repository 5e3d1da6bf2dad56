/** Where a gathered body lies: in few large pieces, since what the collector frees one by one costs more than a copy. */
import { part } from '../core/bytes.ts';

/** A piece for bodies of unknown length, in bytes. */
export const pieceBytes = 262_144;

export interface BodyHold {
  /** Takes bytes over; what is returned stays valid and lies right behind what was added before, where there is room. */
  add(chunk: Uint8Array): Uint8Array;
}

/**
 * Makes room for one body. A chunk of a socket lives until the body is whole; by then many collections of short-lived
 * memory have moved it among what is seldom collected, and freeing a hundred such takes longer than reading them. The
 * room is not cleared first: only what was written is ever handed out, and a body that stalls takes no more than that.
 *
 * @param expected the length in bytes where it is known
 */
export function createBodyHold(expected: number | undefined): BodyHold {
  let piece: Uint8Array | undefined;
  let used = 0;
  return {
    add(chunk) {
      // Nothing to put together: most bodies come in one chunk.
      if (piece === undefined && chunk.length === expected) return chunk;
      if (piece === undefined || used + chunk.length > piece.length) {
        const wanted = piece === undefined ? (expected ?? pieceBytes) : pieceBytes;
        piece = Buffer.allocUnsafeSlow(Math.max(wanted, chunk.length));
        used = 0;
      }
      piece.set(chunk, used);
      const held = part(piece, used, used + chunk.length);
      used += chunk.length;
      return held;
    },
  };
}
