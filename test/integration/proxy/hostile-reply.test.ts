import { once } from 'node:events';
import { createSecureServer, type ClientHttp2Session } from 'node:http2';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { emptyStep, release } from '../../../src/core/transform.ts';
import { fakeInspector } from '../../helpers/fake-inspector.ts';
import { readUntil, startRig, vendorHost, type RigOptions } from '../../helpers/proxy-rig.ts';

/** A vendor that answers every request with these bytes. */
const saying =
  (reply: string): NonNullable<RigOptions['vendorServer']> =>
  (contextFor) =>
    createServer({ SNICallback: (name, done) => done(null, contextFor(name)) }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => void socket.write(reply, 'latin1'));
    });

const small = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';
const trailed = (trailers: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n${trailers}\r\n\r\n`;

/** One request over HTTP/2, and all that comes back. */
async function ask(session: ClientHttp2Session): Promise<{ status: number; body: string; trailers: object }> {
  const request = session.request({ ':path': '/v1/models', ':authority': vendorHost });
  let trailers: object = {};
  request.on('trailers', (fields) => {
    trailers = Object.fromEntries(Object.entries(fields));
  });
  request.end();
  const [head]: Readonly<Record<string, unknown>>[] = await once(request, 'response');
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return { status: Number(head?.[':status']), body, trailers };
}

async function askPlainly(rig: Awaited<ReturnType<typeof startRig>>): Promise<string> {
  const socket = await rig.tls();
  socket.write(`GET /v1/models HTTP/1.1\r\nHost: ${vendorHost}\r\nConnection: close\r\n\r\n`);
  return readUntil(socket);
}

describe('a reply that no good vendor sends', () => {
  it.each([
    ['about a connection', 'Keep-Alive: 5\r\nTE: x\r\nUpgrade: x\r\nTransfer-Encoding: chunked', {}],
    ['that lead around the proxy', 'Alt-Svc: h3=":443"', {}],
    ['that HTTP/2 carries only once', 'ETag: "a"\r\nETag: "b"', {}],
    ['of its own', 'X-Sum: 9', { 'x-sum': '9' }],
  ])('passes on the body of one with trailers %s, over HTTP/2', async (_name, trailers, passed) => {
    const rig = await startRig({ vendorServer: saying(trailed(trailers)) });

    const reply = await ask(await rig.http2());

    expect(reply).toMatchObject({ status: 200, body: 'ok' });
    expect(reply.trailers).toEqual(passed);
  });

  it('has its trailers filtered over HTTP/1.1 as well', async () => {
    const rig = await startRig({ vendorServer: saying(trailed('Keep-Alive: 5\r\nAlt-Svc: h3=":443"\r\nX-Sum: 9')) });

    expect(await askPlainly(rig)).toMatch(/\r\n0\r\nX-Sum: 9\r\n\r\n$/);
  });

  it.each([
    ['a malformed link', 'Link: none'],
    ['a length', 'Content-Length: 5'],
    ['a field twice', 'Link: </a>\r\nETag: "a"\r\nETag: "b"'],
  ])('arrives behind an early hint with %s', async (_name, field) => {
    const rig = await startRig({ vendorServer: saying(`HTTP/1.1 103 Early Hints\r\n${field}\r\n\r\n${small}`) });

    expect(await askPlainly(rig)).toMatch(/HTTP\/1\.1 200 OK[^]*ok$/);
    expect(await ask(await rig.http2())).toMatchObject({ status: 200, body: 'ok' });
  });

  it('has a few of its early hints passed on, not thousands', async () => {
    const rig = await startRig({
      vendorServer: saying('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(2_000) + small),
    });

    const hints = (await askPlainly(rig)).match(/HTTP\/1\.1 103/g) ?? [];
    expect(hints.length).toBeGreaterThan(0);
    expect(hints.length).toBeLessThan(50);
  });

  it('is answered with 500 where HTTP/2 cannot carry its head', async () => {
    const rig = await startRig({
      vendorServer: saying(small.replace('Content-Type', 'Content-Type: a\r\nContent-Type')),
    });

    expect(await ask(await rig.http2())).toMatchObject({ status: 500 });
  });

  it('from an HTTP/2 vendor ends with the trailers that can be passed on', async () => {
    const rig = await startRig({
      vendorServer: (contextFor) => {
        const server = createSecureServer({ SNICallback: (name, done) => done(null, contextFor(name)) });
        server.on('stream', (incoming) => {
          incoming.additionalHeaders({ ':status': 103, 'x-odd': 'a' });
          incoming.respond({ ':status': 200 }, { waitForTrailers: true });
          incoming.on('wantTrailers', () => incoming.sendTrailers({ 'alt-svc': 'h3=":443"', 'x-sum': '9' }));
          incoming.end('ok');
        });
        return server;
      },
    });

    const reply = await ask(await rig.http2());
    expect(reply).toMatchObject({ status: 200, body: 'ok' });
    expect(reply.trailers).toEqual({ 'x-sum': '9' });
  });

  it.each([
    ['says so', 'Connection: close\r\nContent-Length: 2', 'ok'],
    ['says so, and ends its reply so', 'Connection: close', 'ok'],
    ['does not say so', 'Content-Length: 2', 'ok'],
    ['does not say so in pieces', 'Transfer-Encoding: chunked', '2\r\nok\r\n0\r\n\r\n'],
  ])('arrives whole where the client is slow and the vendor hangs up, which %s', async (_name, framing, rest) => {
    // What the vendor says in two bytes is more than the client takes at once, so that the vendor is paused.
    const long = Buffer.alloc(16 * 1024 * 1024, 'z');
    let hangUp = (): void => undefined;
    const rig = await startRig({
      inspector: fakeInspector({
        reply: ({ headers }) => ({
          kind: 'rewrite',
          headers,
          coding: 'identity',
          body: { push: () => release(long), end: () => emptyStep },
        }),
      }),
      vendorServer: (contextFor) =>
        createServer({ SNICallback: (name, done) => done(null, contextFor(name)) }, (socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${framing}\r\n\r\n`));
          hangUp = () => void socket.end(rest);
        }),
    });
    const socket = await rig.tls();
    socket.write(`GET /v1/models HTTP/1.1\r\nHost: ${vendorHost}\r\nConnection: close\r\n\r\n`);
    await readUntil(socket, '\r\n\r\n');
    hangUp();
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await once(socket, 'end');

    expect(bytes).toBeGreaterThanOrEqual(long.length);
    expect(rig.recorder.outcomes).toHaveLength(1);
    expect(rig.recorder.outcomes[0]?.action).toBeUndefined();
  });
});
