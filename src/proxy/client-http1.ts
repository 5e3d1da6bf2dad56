/** An exchange's client on HTTP/1.1, over node:http's message pair. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { headerValue, type HeaderList } from '../core/http.ts';
import type { ClientSide } from './client-side.ts';
import { fromFlat, toFlat } from './headers.ts';

export class Http1Client implements ClientSide {
  readonly protocol = 'http/1.1';
  readonly scheme: 'https' | 'http';
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Readable;
  readonly hasBody: boolean;
  isStarted = false;
  private isEnded = false;
  private isClosing = false;
  private hasWritten = false;
  private readonly request: IncomingMessage;
  private readonly reply: ServerResponse;

  constructor(request: IncomingMessage, reply: ServerResponse, scheme: 'https' | 'http', target: string) {
    this.request = request;
    this.reply = reply;
    this.scheme = scheme;
    this.method = request.method ?? 'GET';
    this.target = target;
    this.headers = fromFlat(request.rawHeaders);
    this.body = request;
    const length = request.headers['content-length'];
    this.hasBody = request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
    reply.sendDate = false;
  }

  trailers(): HeaderList {
    return fromFlat(this.request.rawTrailers);
  }

  inform(status: number, headers: HeaderList): void {
    // Node writes only Link through its early hints; other 1xx have no public way out, and clients may ignore them.
    const links = headers.filter(([name]) => name.toLowerCase() === 'link').map(([, value]) => value);
    if (status === 103 && links.length > 0 && !this.isStarted) this.reply.writeEarlyHints({ link: links });
    else if (status === 102 && !this.isStarted) this.reply.writeProcessing();
  }

  start(status: number, headers: HeaderList, isBodiless: boolean): void {
    const flat = toFlat(headers);
    if (this.isClosing) flat.push('Connection', 'close');
    // An array given to writeHead goes out as it is: case, order and duplicates kept.
    this.reply.writeHead(status, flat);
    this.isStarted = true;
    // Head and first bytes share a packet where they come together. A body of declared length follows its head at
    // once, though its last chunk waits for the record; any other head goes out alone after this turn.
    if (isBodiless || headerValue(headers, 'content-length') !== undefined) return;
    setImmediate(() => {
      if (!this.hasWritten && !this.isEnded) this.reply.flushHeaders();
    });
  }

  write(chunk: Uint8Array): void {
    this.hasWritten = true;
    this.reply.write(chunk);
  }

  get pendingBytes(): number {
    return this.reply.writableLength;
  }

  onceDrained(listener: () => void): void {
    if (this.reply.writableNeedDrain) this.reply.once('drain', listener);
    else setImmediate(listener);
  }

  end(trailers: HeaderList): void {
    this.isEnded = true;
    if (trailers.length > 0 && this.reply.chunkedEncoding) {
      this.reply.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]));
    }
    const { socket } = this.request;
    if (this.isClosing) this.reply.once('finish', () => socket.destroySoon());
    this.reply.end();
    if (!this.request.readableEnded) this.request.resume();
  }

  cut(): void {
    this.isEnded = true;
    this.request.socket.destroy();
  }

  closeAfter(): void {
    this.isClosing = true;
  }

  onGone(listener: () => void): void {
    this.reply.once('close', () => {
      if (!this.isEnded) listener();
    });
  }
}
