/** An exchange's client on HTTP/2: one stream of its session. */
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import type { HeaderList } from '../core/http.ts';
import type { ClientSide } from './client-side.ts';
import { toGrouped } from './headers.ts';

/** The parts of a stream's head that the front has checked. */
export interface Http2Head {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
}

export class Http2Client implements ClientSide {
  readonly protocol = 'h2';
  readonly scheme = 'https';
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Readable;
  readonly hasBody: boolean;
  isStarted = false;
  private isEnded = false;
  private requestTrailers: HeaderList = [];
  private replyTrailers: HeaderList = [];
  private readonly stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream, head: Http2Head) {
    this.stream = stream;
    this.method = head.method;
    this.target = head.target;
    this.headers = head.headers;
    this.body = stream;
    this.hasBody = !stream.endAfterHeaders;
    stream.on('trailers', (fields) => {
      this.requestTrailers = Object.entries(fields).flatMap(([name, value]) =>
        name.startsWith(':') || value === undefined
          ? []
          : (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, one]),
      );
    });
    stream.on('wantTrailers', () => this.sendTrailers());
    // The close that follows tells; without a listener the error would end the process.
    stream.on('error', () => stream.close());
  }

  trailers(): HeaderList {
    return this.requestTrailers;
  }

  inform(status: number, headers: HeaderList): void {
    if (!this.isStarted && this.isOpen) this.stream.additionalHeaders({ ...toGrouped(headers), ':status': status });
  }

  start(status: number, headers: HeaderList, isBodiless: boolean): void {
    // Node knows `sendDate`, its types do not: without it a Date of ours would be added.
    const options = { endStream: isBodiless, waitForTrailers: !isBodiless, sendDate: false };
    if (this.isOpen) this.stream.respond({ ...toGrouped(headers), ':status': status }, options);
    // Only now: in place of a head that cannot be written another one can.
    this.isStarted = true;
  }

  write(chunk: Uint8Array): void {
    if (this.isOpen) this.stream.write(chunk);
  }

  get pendingBytes(): number {
    return this.stream.writableLength;
  }

  onceDrained(listener: () => void): void {
    if (this.stream.writableNeedDrain) this.stream.once('drain', listener);
    else setImmediate(listener);
  }

  end(trailers: HeaderList): void {
    this.isEnded = true;
    this.replyTrailers = trailers;
    if (this.isOpen && !this.stream.writableEnded) this.stream.end();
    if (!this.stream.readableEnded) this.stream.resume();
  }

  cut(): void {
    this.isEnded = true;
    // A plain destroy looks like a clean end to some clients.
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  closeAfter(): void {
    // A stream that is not read to its end is reset alone; its connection stays.
  }

  onGone(listener: () => void): void {
    const gone = (): void => {
      if (this.isEnded) return;
      listener();
      this.stream.resume();
    };
    // Reset without an error, a stream closes only once what it brought is read: whoever waits for that may wait for ever.
    this.stream.once('aborted', gone);
    this.stream.once('close', gone);
  }

  private sendTrailers(): void {
    try {
      this.stream.sendTrailers(toGrouped(this.replyTrailers));
    } catch {
      // SECURITY: what a vendor sends twice but HTTP/2 carries once must not end the process. Guarded by
      // hostile-reply.test.ts, "passes on the body …".
      this.stream.sendTrailers({});
    }
  }

  private get isOpen(): boolean {
    return !this.stream.destroyed && !this.stream.closed;
  }
}
