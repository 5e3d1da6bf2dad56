/** A stand-in for every vendor at once, on loopback: TLS, HTTP/1.1 and HTTP/2, scripted replies, a memory of what came. */
import { once } from 'node:events';
import { constants, createSecureServer } from 'node:http2';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { AppError } from '../../core/errors.ts';
import { concat, fromUtf8 } from '../../core/bytes.ts';
import { headerValue } from '../../core/http.ts';
import { jsonReply } from './events.ts';
import { wireFormat } from './vendors.ts';
import type { Duplex } from 'node:stream';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { HeaderList } from '../../core/http.ts';
import type { WireReply } from './conversation.ts';
import type { Script } from './script.ts';

/** One request as it reached the vendor. */
export interface ReceivedRequest {
  /** Without its port. */
  readonly host: string;
  readonly protocol: 'http/1.1' | 'h2';
  readonly method: string;
  readonly target: string;
  /** As received, without pseudo-headers. */
  readonly headers: HeaderList;
  /** As received: still coded. */
  readonly body: Uint8Array;
}

/** A reply about to go out, whose first chunk has just been written. */
interface StartedReply {
  /** Stands in the first chunk of every streamed reply. */
  readonly id: string;
  readonly request: ReceivedRequest;
}

export interface StandInOptions {
  /** Certificates by TLS name. */
  readonly secureContextFor: (host: string) => SecureContext;
  readonly script: Script;
  /** Awaited between the first chunk of a streamed reply and the rest, to see whether a proxy hands the first one on. */
  readonly afterFirstChunk?: (reply: StartedReply) => Promise<void>;
  /** Gives a request another answer than the script's; undefined leaves it to the script. */
  readonly answer?: (request: ReceivedRequest) => WireReply | undefined;
}

export interface StandIn {
  /** Listens on 127.0.0.1; 0 takes any free port. Returns the port. */
  listen(port?: number): Promise<number>;
  /** Everything received so far, in the order in which it was complete. */
  readonly requests: readonly ReceivedRequest[];
  /** Requests that asked for a WebSocket and were answered 426. */
  readonly upgrades: number;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** What undoes a request's content coding; zstd is not in Node 20. */
const decoders: Readonly<Record<string, (body: Uint8Array) => Uint8Array>> = {
  identity: (body) => body,
  gzip: (body) => gunzipSync(body),
  deflate: (body) => inflateSync(body),
  br: (body) => brotliDecompressSync(body),
};

/** Codex falls back to HTTP at once on this status, and on no other. */
const upgradeRefusal = 'HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

function pairs(rawHeaders: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (!name.startsWith(':')) list.push([name, rawHeaders[at + 1] ?? '']);
  }
  return list;
}

/** The JSON of a request's body; undefined when it cannot be read. */
function parseBody(request: ReceivedRequest): unknown {
  const decode = decoders[headerValue(request.headers, 'content-encoding') ?? 'identity'];
  if (decode === undefined) return undefined;
  try {
    return JSON.parse(fromUtf8(decode(request.body)));
  } catch {
    // Whatever is wrong with it, the vendor's answer is the same.
    return undefined;
  }
}

/** What a real vendor would say to a model request it cannot read: its client must not retry. */
const unreadableReply = jsonReply(400, {
  type: 'error',
  error: { type: 'invalid_request_error', message: 'the stand-in cannot read this body' },
});

/** What side channels get: enough for every assistant that was tried. */
function sideReply(method: string): WireReply {
  return method === 'GET' || method === 'HEAD' ? jsonReply(404, {}) : jsonReply(200, {});
}

async function receive(request: Http2ServerRequest): Promise<ReceivedRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const headers = pairs(request.rawHeaders);
  return {
    host: (headerValue(headers, 'host') ?? request.authority).replace(/:\d+$/, ''),
    protocol: request.httpVersionMajor === 2 ? 'h2' : 'http/1.1',
    method: request.method,
    target: request.url,
    headers,
    body: concat(chunks),
  };
}

/** Makes a stand-in; nothing listens until `listen`. */
export function createStandIn(options: StandInOptions): StandIn {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<TLSSocket>();
  let upgrades = 0;
  let replies = 0;

  function replyTo(request: ReceivedRequest, id: string): WireReply {
    const override = options.answer?.(request);
    if (override !== undefined) return override;
    const format = wireFormat(request.method, request.target);
    if (format === undefined) return sideReply(request.method);
    const body = parseBody(request);
    if (body === undefined) return unreadableReply;
    const conversation = format.read(body, request.target);
    return format.render(options.script(conversation), conversation, id);
  }

  async function respond(incoming: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const request = await receive(incoming);
    requests.push(request);
    replies += 1;
    const id = `standin${String(replies).padStart(6, '0')}`;
    const reply = replyTo(request, id);
    for (const [name, value] of reply.headers) response.setHeader(name, value);
    response.writeHead(reply.status);
    for (const [index, chunk] of reply.chunks.entries()) {
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      if (index === 0 && reply.chunks.length > 1) await options.afterFirstChunk?.({ id, request });
    }
    response.end();
  }

  const server = createSecureServer({
    allowHTTP1: true,
    ALPNProtocols: ['h2', 'http/1.1'],
    SNICallback: (host, done) => {
      try {
        done(null, options.secureContextFor(host));
      } catch (error) {
        done(error instanceof Error ? error : new AppError('ERR_INTERNAL', 'no certificate for the stand-in'));
      }
    },
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    respond(request, response).catch(() => {
      // The client went away in the middle, or a hook failed: the reply must not look complete.
      if (request.httpVersionMajor === 2) request.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      else request.socket.destroy();
    });
  });
  server.on('upgrade', (_request: unknown, socket: Duplex) => {
    upgrades += 1;
    socket.end(upgradeRefusal);
  });
  server.on('sessionError', () => undefined);

  return {
    requests,
    get upgrades() {
      return upgrades;
    },
    async listen(port = 0) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string')
        throw new AppError('ERR_INTERNAL', 'the stand-in has no port');
      return address.port;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
