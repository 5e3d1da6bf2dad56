/** One request to an upstream and its reply, whichever protocol carries it. */
import type { Readable } from 'node:stream';
import type { HeaderList, ReplyHead } from '../core/http.ts';
import type { UpstreamTarget } from './dialer.ts';

export interface UpstreamCall {
  readonly target: UpstreamTarget;
  /** The protocol the client speaks; mirrored where the upstream can. */
  readonly protocol: 'http/1.1' | 'h2';
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** End-to-end headers with Host, without framing. */
  readonly headers: HeaderList;
  readonly body?: Uint8Array | Readable;
  /** The body's exact length; without it a stream goes out chunked. */
  readonly contentLength?: number;
  /** The request's trailers, known once its body has ended; set when it declares some. */
  readonly trailers?: () => HeaderList;
}

/**
 * Told in order: heads of 1xx, one head, data, one end; or an error at any point. Nothing after an end or an error.
 * A chunk is the listener's for good: it is not used again.
 */
export interface UpstreamListener {
  onInfo(head: ReplyHead): void;
  /** False pauses the flow until `resume`. */
  onHead(head: ReplyHead): boolean;
  /** False pauses the flow until `resume`. */
  onData(chunk: Uint8Array): boolean;
  onEnd(trailers: HeaderList): void;
  onError(error: unknown): void;
}

export interface UpstreamFlow {
  /** Drops the request and its connection where that is the only way; nothing is told after it. */
  abort(): void;
  resume(): void;
}
