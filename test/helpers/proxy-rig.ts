/** A proxy with a fake inspection between raw clients and a vendor of the test's own, all on 127.0.0.1. */
import { once } from 'node:events';
import { connect as connectSession, type ClientHttp2Session } from 'node:http2';
import { request as httpsRequest, createServer as createHttps } from 'node:https';
import { createSecureServer } from 'node:http2';
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener } from 'node:http';
import { connect as connectTcp, type Server, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { DecisionEntry, OutcomeEntry } from '../../src/core/decision.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Recorder } from '../../src/core/ports.ts';
import { createProxy, type Proxy } from '../../src/proxy/proxy.ts';
import type { ProxyDeps, ProxySettings } from '../../src/proxy/settings.ts';
import type { Inspector } from '../../src/inspect/exchange.ts';
import { fakeInspector } from './fake-inspector.ts';
import { listenAnywhere } from './listening.ts';
import { createThrowawayAuthority } from './throwaway-authority.ts';

export const vendorHost = 'api.vendor.example';

/** A recorder that keeps its entries and can be made slow or broken. */
export interface FakeRecorder extends Recorder {
  readonly decisions: DecisionEntry[];
  readonly outcomes: OutcomeEntry[];
  isHealthy: boolean;
  isBroken: boolean;
  /** Awaited before each entry is acknowledged. */
  delay: Promise<void>;
  /** Settles with the first outcome that fits. */
  outcomeOf(fits: (entry: OutcomeEntry) => boolean): Promise<OutcomeEntry>;
}

export function fakeRecorder(): FakeRecorder {
  const waiting: { fits: (entry: OutcomeEntry) => boolean; settle: (entry: OutcomeEntry) => void }[] = [];
  const recorder: FakeRecorder = {
    decisions: [],
    outcomes: [],
    isHealthy: true,
    isBroken: false,
    delay: Promise.resolve(),
    async decision(entry) {
      await recorder.delay;
      if (recorder.isBroken) throw new AppError('ERR_AUDIT_WRITE', 'the disk is full');
      recorder.decisions.push(entry);
    },
    async outcome(entry) {
      if (recorder.isBroken) throw new AppError('ERR_AUDIT_WRITE', 'the disk is full');
      recorder.outcomes.push(entry);
      for (const one of waiting) if (one.fits(entry)) one.settle(entry);
      await Promise.resolve();
    },
    outcomeOf: (fits) =>
      new Promise((settle) => {
        const known = recorder.outcomes.find(fits);
        if (known === undefined) waiting.push({ fits, settle });
        else settle(known);
      }),
  };
  return recorder;
}

export interface RigOptions {
  readonly inspector?: Inspector;
  /** The vendor's answer; on HTTP/2 through the compatible API. */
  readonly vendor?: RequestListener;
  /** A vendor server of the test's own in its place. */
  readonly vendorServer?: (contextFor: (host: string) => SecureContext) => Server;
  readonly http2Vendor?: boolean;
  readonly settings?: Partial<ProxySettings>;
  readonly deps?: Partial<ProxyDeps>;
  /** Further `host:port` that lead to the vendor. */
  readonly alsoTo?: readonly string[];
}

export interface Rig {
  readonly proxy: Proxy;
  readonly port: number;
  readonly vendorPort: number;
  readonly recorder: FakeRecorder;
  readonly ca: string;
  readonly logged: object[];
  /** Sends CONNECT; returns the socket and the answer's head. */
  connect(target?: string, headers?: string): Promise<{ socket: Socket; head: string }>;
  /** A TLS connection to the vendor through the proxy. */
  tls(options?: { target?: string; servername?: string; protocols?: string[] }): Promise<TLSSocket>;
  http2(target?: string): Promise<ClientHttp2Session>;
  /** One request, and its whole reply. */
  request(options?: RequestOptions): Promise<Reply>;
}

interface RequestOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders | string[];
  readonly body?: string | Uint8Array;
  readonly socket?: TLSSocket;
}

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: string[];
  readonly trailers: IncomingMessage['trailers'];
  readonly body: Buffer;
}

/** Reads a message to its end; rejects when it is cut. */
async function readReply(message: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const { statusCode = 0, headers, rawHeaders, trailers } = message;
  return { status: statusCode, headers, rawHeaders, trailers, body: Buffer.concat(chunks) };
}

/** Waits until a socket has more to say, or nothing ever again. */
function moreOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close'] as const;
    const settle = (): void => {
      for (const event of events) socket.off(event, settle);
      resolve();
    };
    for (const event of events) socket.on(event, settle);
  });
}

/** Collects what a socket says until it ends or says the text. */
export async function readUntil(socket: Socket, text?: string): Promise<string> {
  let said = '';
  const ignore = (): void => undefined;
  socket.on('error', ignore);
  for (;;) {
    if (text !== undefined && said.includes(text)) break;
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) said += chunk.toString('latin1');
    else if (socket.readableEnded || socket.destroyed) break;
    else await moreOf(socket);
  }
  if (!socket.destroyed) socket.off('error', ignore);
  return said;
}

/** Answers 200 with what was sent. */
export const echo: RequestListener = (request, reply) => {
  reply.writeHead(200, { 'content-type': 'text/plain' });
  request.pipe(reply);
};

/** Starts everything; it ends with the running test. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const authority = createThrowawayAuthority();
  const context = (host: string): SecureContext => authority.secureContextFor(host);
  const sni = (name: string, done: (error: Error | null, context?: SecureContext) => void): void => {
    done(null, context(name));
  };
  const handle = options.vendor ?? echo;
  const vendor: Server =
    options.vendorServer?.(context) ??
    (options.http2Vendor === true
      ? createSecureServer({ SNICallback: sni, allowHTTP1: true }, (request, reply) => {
          // The compatible API is near enough to node:http's for what tests do with it.
          Reflect.apply(handle, undefined, [request, reply]);
        })
      : createHttps({ SNICallback: sni, keepAlive: true }, handle));
  const open = new Set<Socket>();
  vendor.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  });
  const vendorPort = await listenAnywhere(vendor);
  const recorder = fakeRecorder();
  const inspector = options.inspector ?? fakeInspector();
  const logged: object[] = [];
  let nextId = 0;
  const places = [`${vendorHost}:443`, ...(options.alsoTo ?? [])];
  const proxy = createProxy({
    settings: () => ({
      bodyBytes: 1024 * 1024 * 1024,
      expansionRatio: 200,
      gatherBytes: 1024 * 1024,
      gatherMemory: 8 * 1024 * 1024,
      streams: 1000,
      onAuditFailure: 'block',
      ...options.settings,
    }),
    secureContextFor: context,
    authenticate: async () => ({ ok: true, peer: { identity: 'machine' } }),
    inspectorFor: () => inspector,
    recorder,
    logger: {
      debug: (fields) => void logged.push(fields),
      info: (fields) => void logged.push(fields),
      warn: (fields) => void logged.push(fields),
      error: (fields) => void logged.push(fields),
    },
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now(), newId: () => `x${(nextId += 1)}` },
    upstream: {
      secureContext: createSecureContext({ ca: authority.certificatePem }),
      connect: new Map(places.map((place) => [place, `127.0.0.1:${vendorPort}`])),
    },
    ...options.deps,
  });
  const { port } = await proxy.listen({ host: '127.0.0.1', port: 0 });
  const clients: { destroy(): void }[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    await proxy.close();
    for (const socket of open) socket.destroy();
    vendor.close();
    authority.remove();
  });

  async function connect(target = `${vendorHost}:443`, headers = ''): Promise<{ socket: Socket; head: string }> {
    const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true });
    clients.push(socket);
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${headers}\r\n`);
    const head = await readUntil(socket, '\r\n\r\n');
    return { socket, head };
  }

  async function tls(
    { target = `${vendorHost}:443`, servername, protocols = ['http/1.1'] } = {} as {
      target?: string;
      servername?: string;
      protocols?: string[];
    },
  ): Promise<TLSSocket> {
    const { socket } = await connect(target);
    const name = servername ?? target.replace(/:\d+$/, '');
    const secure = connectTls({ socket, servername: name, ca: authority.certificatePem, ALPNProtocols: protocols });
    clients.push(secure);
    await once(secure, 'secureConnect');
    return secure;
  }

  return {
    proxy,
    port,
    vendorPort,
    recorder,
    ca: authority.certificatePem,
    logged,
    connect,
    tls,
    async http2(target) {
      const socket = await tls({ ...(target === undefined ? {} : { target }), protocols: ['h2'] });
      const session = connectSession(`https://${vendorHost}`, { createConnection: () => socket });
      clients.push(session);
      return session;
    },
    async request({ method = 'POST', path = '/v1/messages', headers, body, socket } = {}) {
      const over = socket ?? (await tls());
      const request = httpsRequest({
        method,
        path,
        host: vendorHost,
        headers: headers ?? { host: vendorHost },
        createConnection: () => over,
      });
      const answered = new Promise<IncomingMessage>((resolve, reject) => {
        request.on('response', resolve);
        request.on('error', reject);
      });
      request.end(body);
      return readReply(await answered);
    },
  };
}
