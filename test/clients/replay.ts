/** Reads recorded connections with the platform's own parsers: what was sent, request by request. */
import { once } from 'node:events';
import { createServer as createH1 } from 'node:http';
import { createServer as createH2 } from 'node:http2';
import { connect } from 'node:net';
import { listenAnywhere } from '../helpers/listening.ts';
import type { HeaderList } from '../../src/core/http.ts';
import type { Recording } from './tap.ts';

export interface SentRequest {
  readonly host: string;
  readonly protocol: 'http/1.1' | 'h2';
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from(
    { length: raw.length / 2 },
    (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? ''] as const,
  );
}

interface Incoming extends AsyncIterable<unknown> {
  readonly rawHeaders: readonly string[];
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** Plays one recording to a throw-away server and returns the requests that were complete. */
async function replay(recording: Recording): Promise<readonly SentRequest[]> {
  const found: (SentRequest | undefined)[] = [];
  const reading: Promise<void>[] = [];

  async function read(incoming: Incoming, index: number): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    found[index] = {
      host: recording.target.replace(/:\d+$/, ''),
      protocol: recording.protocol,
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      headers: pairs(incoming.rawHeaders).filter(([name]) => !name.startsWith(':')),
      body: Buffer.concat(chunks),
    };
  }
  const onRequest = (incoming: Incoming, response: { end(): unknown }): void => {
    const index = found.push(undefined) - 1;
    // One that was cut off is no request to compare.
    reading.push(
      read(incoming, index).then(
        () => void response.end(),
        () => undefined,
      ),
    );
  };
  const server =
    recording.protocol === 'h2'
      ? createH2({ settings: { initialWindowSize: 2 ** 31 - 1 } }, onRequest)
      : createH1(onRequest);
  if (recording.protocol === 'h2') {
    server.on('session', (session: { setLocalWindowSize(bytes: number): void }) =>
      session.setLocalWindowSize(2 ** 31 - 1),
    );
  }
  // An upgrade ends the requests of its connection.
  server.on('upgrade', (_request: unknown, socket: { destroy(): void }) => socket.destroy());
  server.on('clientError', (_error: unknown, socket: { destroy(): void }) => socket.destroy());
  const socket = connect(await listenAnywhere(server), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end(Buffer.concat(recording.up));
  await once(socket, 'close');
  await Promise.all(reading);
  const closed = once(server, 'close');
  server.close();
  await closed;
  return found.filter((request) => request !== undefined);
}

/** The requests of all recordings. */
export async function sentRequests(recordings: readonly Recording[]): Promise<readonly SentRequest[]> {
  return (await Promise.all(recordings.map(replay))).flat();
}
