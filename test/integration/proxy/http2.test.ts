import { once } from 'node:events';
import { connect, constants, createSecureServer, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectTcp, createServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeInspector, gather, refusal, stream } from '../../helpers/fake-inspector.ts';
import { listenAnywhere } from '../../helpers/listening.ts';
import { startRig, vendorHost, type RigOptions } from '../../helpers/proxy-rig.ts';

const post = { ':method': 'POST', ':path': '/v1/messages', ':authority': vendorHost };

async function read(request: ClientHttp2Stream): Promise<{ status: number; body: string; trailers: object }> {
  let status = 0;
  let trailers = {};
  request.on('response', (headers) => {
    status = headers[':status'] ?? 0;
  });
  request.on('trailers', (fields) => {
    trailers = fields;
  });
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return { status, body, trailers };
}

function send(session: ClientHttp2Session, body: string, headers = {}): Promise<{ status: number; body: string }> {
  const request = session.request({ ...post, ...headers });
  request.end(body);
  return read(request);
}

/** A gRPC-like vendor: trailers after the body, echo in full duplex. */
const grpcVendor: NonNullable<RigOptions['vendorServer']> = (contextFor) => {
  const server = createSecureServer({ SNICallback: (name, done) => done(null, contextFor(name)) });
  server.on('stream', (incoming) => {
    incoming.on('error', () => undefined);
    incoming.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    incoming.on('wantTrailers', () => incoming.sendTrailers({ 'grpc-status': '0' }));
    incoming.pipe(incoming);
  });
  return server;
};

/** A frame of HTTP/2 (RFC 9113 §4.1). */
function frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

describe('an exchange over HTTP/2', () => {
  it.each([
    ['HTTP/2', true],
    ['HTTP/1.1', false],
  ])('reaches an upstream that speaks %s', async (_name, http2Vendor) => {
    let version = '';
    const rig = await startRig({
      http2Vendor,
      vendor: (request, reply) => {
        version = request.httpVersion;
        request.pipe(reply);
      },
    });
    const session = await rig.http2();
    const body = 'z'.repeat(300_000);

    expect(await send(session, body)).toMatchObject({ status: 200, body });
    expect(version).toBe(http2Vendor ? '2.0' : '1.1');
    expect(rig.recorder.outcomes).toHaveLength(1);
  });

  it('carries full-duplex streams and their trailers', async () => {
    const rig = await startRig({ vendorServer: grpcVendor, inspector: fakeInspector({ plan: () => stream }) });
    const session = await rig.http2();
    const request = session.request({ ...post, te: 'trailers', 'content-type': 'application/grpc' });
    request.write('one');
    const [first]: unknown[] = await once(request, 'data');
    expect(String(first)).toBe('one');
    const rest = read(request);
    request.end('two');

    expect(await rest).toMatchObject({ body: 'two', trailers: { 'grpc-status': '0' } });
  });

  it.each([gather, stream])('refuses a stream whose trailers may not leave, %o', async (plan) => {
    const rig = await startRig({
      vendorServer: grpcVendor,
      inspector: fakeInspector({ plan: () => plan, mayTrail: false }),
    });
    const session = await rig.http2();
    const request = session.request({ ...post, te: 'trailers' }, { waitForTrailers: true });
    request.on('wantTrailers', () => request.sendTrailers({ 'x-sum': '9' }));
    request.end('two');

    expect(await read(request)).toMatchObject({ status: 400 });
    expect(await send(session, '{}')).toMatchObject({ status: 200 });
  });

  it('leaves a connection to the upstream that the network has forgotten', async () => {
    const frozen: (() => void)[] = [];
    let opened = 0;
    const rig = await startRig({
      // A relay before the vendor: what it holds back neither arrives nor fails.
      vendorServer: (contextFor) => {
        const vendor = createSecureServer({ SNICallback: (name, done) => done(null, contextFor(name)) }, (_, reply) =>
          reply.end('here'),
        );
        onTestFinished(() => void vendor.close());
        const port = listenAnywhere(vendor);
        return createServer((near) => {
          opened += 1;
          near.on('error', () => undefined);
          void port.then((at) => {
            const far = connectTcp(at, '127.0.0.1').on('error', () => undefined);
            near.pipe(far).pipe(near);
            near.on('close', () => far.destroy());
            frozen.push(() => void near.unpipe(far).resume());
          });
        });
      },
      deps: { timeouts: { silence: 200 } },
    });
    const session = await rig.http2();
    expect(await send(session, '{}')).toMatchObject({ status: 200, body: 'here' });

    for (const freeze of frozen) freeze();
    expect(await send(session, '{}')).toMatchObject({ status: 502 });

    expect(await send(session, '{}')).toMatchObject({ status: 200, body: 'here' });
    expect(opened).toBe(2);
  });

  it('carries 100 streams of one session at a time', async () => {
    const rig = await startRig({ http2Vendor: true });
    const session = await rig.http2();
    const replies = await Promise.all(Array.from({ length: 100 }, (_, n) => send(session, `body ${n}`)));

    expect(replies.map(({ body }) => body)).toEqual(replies.map((_, n) => `body ${n}`));
  });

  it('answers 421 to another authority, and serves the next stream', async () => {
    const rig = await startRig();
    const session = await rig.http2();

    expect(await send(session, '{}', { ':authority': 'evil.example' })).toMatchObject({ status: 421 });
    expect(await send(session, '{}')).toMatchObject({ status: 200 });
  });

  it('answers 400 when host and authority differ', async () => {
    const rig = await startRig();
    const session = await rig.http2();

    expect(await send(session, '{}', { host: 'evil.example' })).toMatchObject({ status: 400 });
  });

  it('drains a refused upload and answers', async () => {
    const rig = await startRig({ inspector: fakeInspector({ plan: () => ({ kind: 'reply', reply: refusal() }) }) });
    const session = await rig.http2();

    expect(await send(session, 'y'.repeat(3_000_000))).toMatchObject({ status: 400 });
  });

  it('closes a cut reply with an error code', async () => {
    const rig = await startRig({
      vendor: (request, reply) => {
        reply.write('data: one\n\n', () => request.socket.destroy());
      },
    });
    const session = await rig.http2();
    const request = session.request(post);
    request.on('error', () => undefined);
    request.resume();
    request.end('{}');
    await once(request, 'close').catch(() => undefined);

    expect(request.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  });

  it('drops the upstream request when the client resets its stream', async () => {
    let reached = (_closed: Promise<unknown>): void => undefined;
    const arrived = new Promise<{ closed: Promise<unknown> }>((resolve) => {
      reached = (closed) => resolve({ closed });
    });
    const rig = await startRig({
      http2Vendor: true,
      vendor: (request, reply) => {
        request.resume();
        reached(once(reply, 'close'));
      },
    });
    const session = await rig.http2();
    const request = session.request(post);
    request.on('error', () => undefined);
    request.end('{}');
    const { closed } = await arrived;
    const startedMs = performance.now();
    request.close(constants.NGHTTP2_CANCEL);
    await closed;

    expect(performance.now() - startedMs).toBeLessThan(100);
    expect(await rig.recorder.outcomeOf(({ reason }) => reason === 'client gone')).toBeDefined();
  });

  it.each([
    ['destroyed', (socket: TLSSocket) => void socket.destroy()],
    ['ended', (socket: TLSSocket) => void socket.end()],
  ])('drops the upstream request when the connection of its client is %s', async (_name, leave) => {
    let reached = (_closed: Promise<unknown>): void => undefined;
    const arrived = new Promise<{ closed: Promise<unknown> }>((resolve) => {
      reached = (closed) => resolve({ closed });
    });
    const rig = await startRig({
      vendor: (request, reply) => {
        request.resume();
        reached(once(reply, 'close'));
      },
    });
    const socket = await rig.tls({ protocols: ['h2'] });
    const session = connect(`https://${vendorHost}`, { createConnection: () => socket });
    session.on('error', () => undefined);
    const request = session.request(post);
    request.on('error', () => undefined);
    request.end('{}');
    const { closed } = await arrived;
    const startedMs = performance.now();
    leave(socket);
    await closed;

    expect(performance.now() - startedMs).toBeLessThan(100);
    expect(await rig.recorder.outcomeOf(({ reason }) => reason === 'client gone')).toBeDefined();
    expect(rig.proxy.stats.activeExchanges).toBe(0);
  });

  it.each([
    ['without an error', constants.NGHTTP2_NO_ERROR],
    ['with one', constants.NGHTTP2_CANCEL],
  ])('drops an upload that its client resets %s while the vendor does not read it', async (_name, code) => {
    const rig = await startRig({
      inspector: fakeInspector({ plan: () => stream }),
      vendor: (request) => void request.pause(),
    });
    const session = await rig.http2();
    const request = session.request(post);
    request.on('error', () => undefined);
    request.write('x'.repeat(8_000_000));
    // Until nothing moves any more: then the rest lies unread on every side.
    for (let turns = 0, left = -1; turns < 500; turns = left === request.writableLength ? turns + 1 : 0) {
      left = request.writableLength;
      await new Promise((resolve) => setImmediate(resolve));
    }
    request.close(code);

    expect(await rig.recorder.outcomeOf(({ reason }) => reason === 'client gone')).toBeDefined();
  });

  it('lets go of streams that are reset while they wait for room, before there is any', async () => {
    const rig = await startRig({
      settings: { gatherMemory: 100_000 },
      deps: { timeouts: { room: 60_000 } },
      vendor: (request) => void request.resume(),
    });
    const session = await rig.http2();
    const upload = (sent: number): ClientHttp2Stream => {
      const request = session.request({ ...post, 'content-length': '90000' });
      request.on('error', () => undefined);
      request.write('x'.repeat(sent));
      return request;
    };
    upload(90_000);
    const waiting = [...Array(150).keys()].map((at) => upload(at % 2 === 0 ? 80_000 : 10));
    while (rig.proxy.stats.activeExchanges < 151) await new Promise((resolve) => setImmediate(resolve));
    const left = waiting.map((_request, at) =>
      rig.recorder.outcomeOf(({ id, reason }) => id === `x${at + 2}` && reason === 'client gone'),
    );
    for (const request of waiting) request.close(constants.NGHTTP2_CANCEL);
    await Promise.all(left);

    expect(rig.proxy.stats).toMatchObject({ activeExchanges: 1, gatheredBytes: 90_000 });
  });

  it('ends a session that resets its streams as fast as it opens them', async () => {
    const rig = await startRig({
      vendor: (request, reply) => {
        request.resume();
        if (request.url === '/next') reply.end('served');
      },
    });
    const socket = await rig.tls({ protocols: ['h2'] });
    socket.on('error', () => undefined);
    const ended = once(socket, 'close');
    socket.resume();
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(frame(4, 0, 0, Buffer.alloc(0)));
    // POST, https, `/`, and the authority as a literal (RFC 7541, appendix A and §6.2.1).
    const head = Buffer.concat([Buffer.from([0x83, 0x87, 0x84, 0x41, vendorHost.length]), Buffer.from(vendorHost)]);
    const cancel = Buffer.from([0, 0, 0, 8]);
    const flood = Array.from({ length: 5_000 }, (_, n) => [
      frame(1, 4, 2 * n + 1, head),
      frame(3, 0, 2 * n + 1, cancel),
    ]);
    socket.write(Buffer.concat(flood.flat()));
    await ended;

    expect(await send(await rig.http2(), '{}', { ':path': '/next' })).toMatchObject({ body: 'served' });
    expect(rig.proxy.stats.exchanges).toBeLessThan(600);
  });
});
