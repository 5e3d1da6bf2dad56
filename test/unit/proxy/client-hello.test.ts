import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { maxHelloBytes, peekClientHello } from '../../../src/proxy/client-hello.ts';
import { listenAnywhere } from '../../helpers/listening.ts';

/** The ClientHello that Node itself sends. */
async function helloOf(servername: string): Promise<Buffer> {
  const server = createServer();
  const port = await listenAnywhere(server);
  const socket = connectTls({ port, host: '127.0.0.1', servername });
  socket.on('error', () => undefined);
  const [incoming] = await once(server, 'connection');
  const [bytes] = await once(incoming, 'data');
  socket.destroy();
  incoming.destroy();
  server.close();
  return bytes;
}

/** The same handshake message cut into records of so many bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part);
  }
  return Buffer.concat(records);
}

describe('a ClientHello', () => {
  let hello: Buffer;
  let nameless: Buffer;
  beforeAll(async () => {
    hello = await helloOf('api.vendor.example');
    nameless = await helloOf('');
  });

  it('shows the name it asks for', () => {
    expect(peekClientHello(hello)).toEqual({ kind: 'hello', serverName: 'api.vendor.example' });
    expect(peekClientHello(nameless)).toEqual({ kind: 'hello' });
  });

  it('wants more at every cut before its end', () => {
    for (let end = 0; end < hello.length; end += 1) expect(peekClientHello(hello.subarray(0, end)).kind).toBe('more');
  });

  it.each([1, 7, 100])('is read across records of %i bytes', (size) => {
    expect(peekClientHello(inRecords(hello, size))).toEqual({ kind: 'hello', serverName: 'api.vendor.example' });
  });

  it.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['SSH', Buffer.from('SSH-2.0-x\r\n')],
    ['zeros', Buffer.alloc(64)],
    ['an empty record', Buffer.from([22, 3, 1, 0, 0, 1])],
    ['another handshake message', Buffer.from([22, 3, 3, 0, 4, 2, 0, 0, 0])],
    ['another version', Buffer.from([22, 9, 1, 0, 4, 1, 0, 0, 0])],
  ])('is not what %s is', (_name, bytes) => {
    expect(peekClientHello(bytes)).toEqual({ kind: 'not-tls' });
  });

  it('does not grow without end', () => {
    const record = Buffer.concat([Buffer.from([22, 3, 1, 64, 0, 1, 255, 255, 255]), Buffer.alloc(16_380)]);
    const endless = Buffer.concat([record, record, record]);

    expect(endless.length).toBeGreaterThan(maxHelloBytes);
    expect(peekClientHello(endless)).toEqual({ kind: 'not-tls' });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
        const broken = Buffer.from(hello);
        broken.set(bytes, Math.min(at % broken.length, broken.length - bytes.length));
        expect(['hello', 'more', 'not-tls']).toContain(peekClientHello(broken).kind);
      }),
      { numRuns: 2_000 },
    );
  });
});
