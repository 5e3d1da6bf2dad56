/** What of a reply came before it may be passed on: held, bounded, until the record has the decision. */
import type { HeaderList, ReplyHead } from '../core/http.ts';

/** More than this is left with the upstream meanwhile, in bytes. */
const heldAtMost = 65_536;

export class EarlyReply {
  readonly head: ReplyHead;
  readonly chunks: Uint8Array[] = [];
  /** Of the chunks together. */
  bytes = 0;
  /** Set once the reply has ended. */
  trailers: HeaderList | undefined;

  constructor(head: ReplyHead) {
    this.head = head;
  }

  /** Takes a chunk; false when no more should come until it is passed on. */
  add(chunk: Uint8Array): boolean {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    return this.bytes < heldAtMost;
  }
}
