import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDialer } from '../../../src/proxy/dialer.ts';
import { listenAnywhere } from '../../helpers/listening.ts';

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  onTestFinished(() => void server.close());
  return listenAnywhere(server);
}

const secureContext = createSecureContext();

describe('the dialer', () => {
  it.each(['127.0.0.1', 'localhost'])('refuses %s where its address may not be reached, after DNS', async (host) => {
    let connections = 0;
    const port = await listen(() => (connections += 1));
    const dialer = createDialer({ secureContext, addressPolicy: () => 'it is a private address' }, 2_000);

    await expect(dialer.plain({ host, port })).rejects.toMatchObject({
      code: 'ERR_UPSTREAM',
      details: { refused: true },
    });
    expect(connections).toBe(0);
  });

  it('dials another place where an override says so, without asking DNS for the name', async () => {
    const port = await listen((socket) => socket.end('here'));
    const connect = new Map([['vendor.example:443', `127.0.0.1:${port}`]]);
    const socket = await createDialer({ secureContext, connect }, 2_000).plain({ host: 'vendor.example', port: 443 });

    const [said]: unknown[] = await once(socket, 'data');
    expect(String(said)).toBe('here');
  });

  it('asks a proxy for a tunnel, with its credentials, and keeps what comes with the answer', async () => {
    let asked = '';
    const port = await listen((socket) =>
      socket.once('data', (chunk: Buffer) => {
        asked = chunk.toString();
        socket.end('HTTP/1.1 200 OK\r\nX: y\r\n\r\nbanner');
      }),
    );
    const proxyFor = () => ({ host: '127.0.0.1', port, authorization: 'Basic abc' });
    const socket = await createDialer({ secureContext, proxyFor }, 2_000).plain({ host: 'vendor.example', port: 443 });

    const [said]: unknown[] = await once(socket, 'data');
    expect(String(said)).toBe('banner');
    expect(asked).toBe(
      'CONNECT vendor.example:443 HTTP/1.1\r\nHost: vendor.example:443\r\nProxy-Authorization: Basic abc\r\n\r\n',
    );
  });

  it.each([
    ['refuses', 'HTTP/1.1 407 No\r\n\r\n', 'status 407'],
    ['hangs up', 'HTTP/1.1 2', 'hung up'],
    ['answers at length', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(5_000)}`, 'at length'],
  ])('fails when that proxy %s', async (_name, answer, message) => {
    const port = await listen((socket) => socket.once('data', () => socket.end(answer)));
    const dialer = createDialer({ secureContext, proxyFor: () => ({ host: '127.0.0.1', port }) }, 2_000);

    await expect(dialer.plain({ host: 'vendor.example', port: 443 })).rejects.toThrow(message);
  });

  it('does not wait for ever for TLS', async () => {
    const port = await listen((socket) => void socket.resume());
    const target = { scheme: 'https', host: '127.0.0.1', port, tlsName: 'vendor.example' } as const;

    await expect(createDialer({ secureContext }, 50).secure(target, ['http/1.1'])).rejects.toMatchObject({
      code: 'ERR_UPSTREAM',
    });
  });
});
