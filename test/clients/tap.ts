/** Stands between an assistant and the proxy and writes down, in plain text, what passes: nothing is changed. */
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { Socket, connect as connectTcp } from 'node:net';
import { TLSSocket, connect as connectTls } from 'node:tls';
import { listenAnywhere } from '../helpers/listening.ts';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';

/** One connection, as decrypted. */
export interface Recording {
  /** The CONNECT target. */
  readonly target: string;
  readonly protocol: 'http/1.1' | 'h2';
  /** From the assistant. */
  readonly up: Buffer[];
  /** To the assistant. */
  readonly down: Buffer[];
}

export interface TapOptions {
  readonly secureContextFor: (host: string) => SecureContext;
  /** Where the connections go on to: a proxy, or (without one) straight to the stand-in. */
  readonly next:
    | { readonly kind: 'proxy'; readonly port: number; readonly ca: string }
    | { readonly kind: 'vendor'; readonly port: number; readonly ca: string };
}

export interface Tap {
  readonly port: number;
  readonly recordings: readonly Recording[];
  /** CONNECTs that the proxy did not accept, and requests that were no CONNECT. */
  readonly refused: readonly string[];
  /** Resolves true when a text has reached the assistant, false when it did not within the time. */
  reached(text: string, timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the way onward: for a proxy, a tunnel asked for with the assistant's own CONNECT headers. */
async function openNext(
  next: TapOptions['next'],
  target: string,
  headers: IncomingMessage['headers'],
): Promise<Duplex> {
  if (next.kind === 'vendor') {
    const socket = connectTcp(next.port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }
  const ask = httpRequest({
    host: '127.0.0.1',
    port: next.port,
    method: 'CONNECT',
    path: target,
    headers,
    agent: false,
  });
  ask.end();
  return new Promise((resolve, reject) => {
    ask.once('error', reject);
    ask.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new Error(`${target}: ${response.statusCode}`));
    });
  });
}

/** Starts a tap on a free port. */
export async function startTap(options: TapOptions): Promise<Tap> {
  const recordings: Recording[] = [];
  const refused: string[] = [];
  const sockets = new Set<Duplex>();
  const watchers = new Set<(recording: Recording) => void>();

  function keep<Stream extends Duplex>(socket: Stream): Stream {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  }

  async function relay(target: string, request: IncomingMessage, raw: Socket): Promise<void> {
    const host = target.replace(/:\d+$/, '');
    const onward = keep(await openNext(options.next, target, request.headers));
    raw.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    const client = keep(
      new TLSSocket(raw, {
        isServer: true,
        secureContext: options.secureContextFor(host),
        ALPNProtocols: ['h2', 'http/1.1'],
      }),
    );
    await once(client, 'secure');
    const protocol = client.alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
    const server = keep(
      connectTls({
        socket: onward,
        servername: host,
        ca: options.next.ca,
        // As the assistant asked: without ALPN where it asked for none.
        ...(typeof client.alpnProtocol === 'string' ? { ALPNProtocols: [client.alpnProtocol] } : {}),
      }),
    );
    await once(server, 'secureConnect');
    const recording: Recording = { target, protocol, up: [], down: [] };
    recordings.push(recording);
    client.on('data', (chunk: Buffer) => recording.up.push(chunk));
    server.on('data', (chunk: Buffer) => {
      recording.down.push(chunk);
      for (const watch of watchers) watch(recording);
    });
    client.pipe(server);
    server.pipe(client);
    // What ends one side unclean ends the other: an abort must look like one.
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroySoon());
  }

  const front = createServer((request, response) => {
    refused.push(`${request.method} ${request.url}`);
    response.writeHead(400).end();
  });
  front.on('connect', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    if (!(raw instanceof Socket)) throw new Error('a CONNECT without a socket');
    keep(raw);
    if (head.length > 0) raw.unshift(head);
    relay(request.url ?? '', request, raw).catch((error: unknown) => {
      refused.push(String(error));
      raw.destroy();
    });
  });
  const port = await listenAnywhere(front);

  function holds(recording: Recording, text: string): boolean {
    return Buffer.concat(recording.down).includes(text);
  }

  return {
    port,
    recordings,
    refused,
    reached(text, timeoutMs) {
      if (recordings.some((recording) => holds(recording, text))) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (result: boolean): void => {
          clearTimeout(timer);
          watchers.delete(watch);
          resolve(result);
        };
        const watch = (recording: Recording): void => {
          if (holds(recording, text)) settle(true);
        };
        const timer = setTimeout(() => settle(false), timeoutMs);
        watchers.add(watch);
      });
    },
    async close() {
      const closed = once(front, 'close');
      front.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
