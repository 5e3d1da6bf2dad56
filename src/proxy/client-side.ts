/** The client's end of one exchange, alike for HTTP/1.1 and HTTP/2. */
import type { Readable } from 'node:stream';
import type { HeaderList } from '../core/http.ts';

export interface ClientSide {
  readonly protocol: 'http/1.1' | 'h2';
  readonly scheme: 'https' | 'http';
  readonly method: string;
  /** Origin form. */
  readonly target: string;
  /** As received, without pseudo-headers; on HTTP/2 with the Host that `:authority` stands for. */
  readonly headers: HeaderList;
  /** The request's body; never destroyed by the exchange, for the reply may share its socket. */
  readonly body: Readable;
  /** False when the head says that no body follows. */
  readonly hasBody: boolean;
  /** The request's trailers, known once its body has ended. */
  trailers(): HeaderList;
  /** Sends a 1xx head (never 100, which is sent at once where it is expected). @throws when a field cannot be written */
  inform(status: number, headers: HeaderList): void;
  /** Sends the reply's head. @throws when a field cannot be written */
  start(status: number, headers: HeaderList, isBodiless: boolean): void;
  readonly isStarted: boolean;
  write(chunk: Uint8Array): void;
  /** Bytes written that the client has not taken yet. */
  readonly pendingBytes: number;
  /** Called once when what is pending has gone. */
  onceDrained(listener: () => void): void;
  end(trailers: HeaderList): void;
  /** Ends the reply so that nobody takes it for whole. */
  cut(): void;
  /** The connection does not outlive this reply; for what was not read to its end. */
  closeAfter(): void;
  /** Called once when the client is gone before the reply has ended. */
  onGone(listener: () => void): void;
}

/** Statuses whose replies have no body (RFC 9110 §6.4.1). */
export function isBodilessReply(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}
