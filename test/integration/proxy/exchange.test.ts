import { once } from 'node:events';
import { createServer as createNet } from 'node:net';
import { createServer as createTls } from 'node:tls';
import type { ServerResponse } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { emptyStep, release, stop } from '../../../src/core/transform.ts';
import type { Plan } from '../../../src/inspect/exchange.ts';
import { fakeInspector, gather, pass, refusal, replacing, stream } from '../../helpers/fake-inspector.ts';
import { echo, readUntil, startRig, vendorHost, type Rig } from '../../helpers/proxy-rig.ts';

const secret = ['gh', 'p_'].join('') + 'a'.repeat(12);
const json = (bytes: number): string => JSON.stringify({ text: 'x'.repeat(bytes) });

describe('an exchange over HTTP/1.1', () => {
  it.each([
    ['gathered', gather],
    ['streamed', stream],
    ['passed', pass],
  ])('forwards a body and its reply byte for byte when %s', async (_name, plan) => {
    const rig = await startRig({ inspector: fakeInspector({ plan: () => plan }) });
    const body = json(200_000);

    const reply = await rig.request({ body });

    expect(reply.status).toBe(200);
    expect(reply.body.toString()).toBe(body);
    expect(rig.recorder.decisions).toHaveLength(1);
    expect(rig.recorder.outcomes).toMatchObject([
      { response: { status: 200, bytes: body.length }, requestBytes: body.length },
    ]);
  });

  it('declares the new length of a masked body', async () => {
    const rig = await startRig({
      inspector: fakeInspector({ body: () => replacing(secret, 'SLUICE_X') }),
      vendor: (request, reply) => {
        reply.setHeader('seen-length', request.headers['content-length'] ?? 'none');
        echo(request, reply);
      },
    });

    const reply = await rig.request({ body: `key ${secret}` });

    expect(reply.body.toString()).toBe('key SLUICE_X');
    expect(reply.headers['seen-length']).toBe('12');
  });

  it.each([
    ['outgrows the limit', 'identity', Buffer.alloc(2_000_000), 'limits.bodyBytes'],
    ['outgrows what its coding may come to', 'gzip', gzipSync(Buffer.alloc(8_000_000)), 'limits.expansionRatio'],
  ] as const)('refuses a body that streams and %s', async (_name, coding, body, limit) => {
    const rig = await startRig({
      inspector: fakeInspector({ plan: () => ({ kind: 'forward', mode: 'stream', coding }) }),
      settings: { bodyBytes: coding === 'gzip' ? 100_000_000 : 1_000_000 },
      vendor: (request, reply) => {
        request.on('error', () => undefined);
        request.resume().on('end', () => reply.end('ok'));
      },
    });
    const reply = await rig.request({ body });

    expect(reply.status).toBe(400);
    expect(reply.body.toString()).toContain(limit);
    expect(await rig.recorder.outcomeOf(() => true)).toMatchObject({ action: 'error' });
  });

  it('refuses a body that streams though the vendor has begun its reply, which nobody has seen', async () => {
    let hasReplied = (): void => undefined;
    const replied = new Promise<void>((resolve) => {
      hasReplied = resolve;
    });
    let letGo = (): void => undefined;
    let plan: Plan = stream;
    const rig = await startRig({
      inspector: fakeInspector({
        plan: () => plan,
        body: () => ({
          push(chunk) {
            if (!Buffer.from(chunk).includes(secret)) return release(chunk);
            plan = { kind: 'reply', reply: refusal() };
            return stop('blocked', 'blocked halfway');
          },
          end: () => emptyStep,
        }),
        verdict: () => (plan.kind === 'reply' ? plan : undefined),
        reply: () => {
          hasReplied();
          return { kind: 'untouched' };
        },
      }),
      vendor: (request, reply) => {
        request.on('error', () => undefined);
        request.once('data', () => reply.writeHead(200, { 'content-type': 'text/plain' }).write('the vendor'));
      },
    });
    rig.recorder.delay = new Promise((resolve) => {
      letGo = resolve;
    });
    const socket = await rig.tls();
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: ${4 + secret.length}\r\n\r\nkey `);
    await replied;
    socket.write(secret);
    await rig.recorder.outcomeOf(() => true);
    letGo();

    expect(await readUntil(socket, 'refused here')).toMatch(/^HTTP\/1\.1 400/);
  });

  it('decodes and encodes a coded body that streams', async () => {
    const plan = { kind: 'forward', mode: 'stream', coding: 'gzip' } as const;
    const rig = await startRig({
      inspector: fakeInspector({ plan: () => plan, body: () => replacing(secret, 'MASK') }),
    });

    const reply = await rig.request({
      headers: { host: vendorHost, 'content-encoding': 'gzip' },
      body: gzipSync(`key ${secret}`),
    });

    expect(gunzipSync(reply.body).toString()).toBe('key MASK');
  });

  it('keeps the case, order and duplicates of headers, and drops what is for one hop', async () => {
    let seen: string[] = [];
    const rig = await startRig({
      vendor: (request, reply) => {
        seen = request.rawHeaders;
        reply.writeHead(200, [
          'X-B',
          '1',
          'x-a',
          '2',
          'X-B',
          '3',
          'Alt-Svc',
          'h3=":443"',
          'X-Hop',
          'z',
          'Connection',
          'X-Hop',
        ]);
        reply.end('ok');
      },
    });
    const socket = await rig.tls();
    socket.write(
      `GET / HTTP/1.1\r\nHost: ${vendorHost}\r\nX-Zed: 1\r\nx-Api-Key: k\r\nX-Zed: 2\r\nConnection: X-Private\r\n` +
        `X-Private: 1\r\nTE: gzip\r\nProxy-Authorization: Basic abc\r\nKeep-Alive: 5\r\n\r\n`,
    );
    const answer = await readUntil(socket, 'ok');

    expect(seen.filter((_, at) => at % 2 === 0 && !/^(host|connection)$/i.test(seen[at] ?? ''))).toEqual([
      'X-Zed',
      'x-Api-Key',
      'X-Zed',
    ]);
    expect(answer).toMatch(/X-B: 1\r\nx-a: 2\r\nX-B: 3\r\n/);
    expect(answer).not.toMatch(/alt-svc|x-hop/i);
  });

  it('sends the first event of a stream before the second is there', async () => {
    let open: ServerResponse | undefined;
    const rig = await startRig({
      vendor: (request, reply) => {
        request.resume();
        reply.writeHead(200, { 'content-type': 'text/event-stream' });
        reply.write('data: one\n\n');
        open = reply;
      },
    });
    const socket = await rig.tls();
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: 2\r\n\r\n{}`);

    expect(await readUntil(socket, 'data: one')).toContain('data: one');
    open?.end('data: two\n\n');
    expect(await readUntil(socket, '0\r\n\r\n')).toContain('data: two');
  });

  it('waits for the record before the first byte of the reply', async () => {
    let answered = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const rig = await startRig({
      vendor: (request, reply) => {
        reply.on('finish', answered);
        echo(request, reply);
      },
    });
    let acknowledge = (): void => undefined;
    rig.recorder.delay = new Promise((resolve) => {
      acknowledge = resolve;
    });
    const socket = await rig.tls();
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: 2\r\n\r\n{}`);
    await finished;
    // The vendor's answer is out; a round trip to the proxy later it would be here, were it not held.
    await rig.connect();
    expect(said).toBe('');

    acknowledge();
    await once(socket, 'data');
    expect(said).toMatch(/^HTTP\/1\.1 200/);
  });

  it('refuses when the record fails, and goes on where it is told to', async () => {
    const blocking = await startRig();
    blocking.recorder.isBroken = true;
    expect(await blocking.request({ body: '{}' })).toMatchObject({ status: 400 });

    const lenient = await startRig({ settings: { onAuditFailure: 'forward' } });
    lenient.recorder.isBroken = true;
    expect(await lenient.request({ body: '{}' })).toMatchObject({ status: 200 });
    expect(lenient.proxy.stats.auditLost).toBe(2);
  });

  it('sends nothing upstream while the record is known to fail', async () => {
    let calls = 0;
    const rig = await startRig({
      vendor: (request, reply) => {
        calls += 1;
        echo(request, reply);
      },
    });
    rig.recorder.isHealthy = false;

    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 400 });
    expect(calls).toBe(0);
  });

  it('drains an upload before it answers, and keeps the connection for the next request', async () => {
    const plans = [{ kind: 'reply', reply: refusal() } as const, gather];
    const rig = await startRig({ inspector: fakeInspector({ plan: () => plans.shift() ?? gather }) });
    const socket = await rig.tls();
    const body = 'y'.repeat(3_000_000);
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const first = await readUntil(socket, 'refused here');
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: 4\r\n\r\nnext`);

    expect(first).toMatch(/^HTTP\/1\.1 400/);
    expect(await readUntil(socket, 'next')).toMatch(/HTTP\/1\.1 200/);
  });

  it('sends nothing of a gathered body that the verdict refuses', async () => {
    let calls = 0;
    const body = { push: () => emptyStep, end: () => stop('blocked', 'a rule says so') };
    const rig = await startRig({
      inspector: fakeInspector({ body: () => body, verdict: () => ({ kind: 'reply', reply: refusal() }) }),
      vendor: (request, reply) => {
        calls += 1;
        echo(request, reply);
      },
    });

    expect(await rig.request({ body: json(100) })).toMatchObject({ status: 400 });
    expect(calls).toBe(0);
  });

  it('resets the upstream and refuses the client when a streamed body is stopped halfway', async () => {
    let cut: Promise<unknown> | undefined;
    let count = 0;
    const body = {
      push: (chunk: Uint8Array) => ((count += chunk.length) > 100_000 ? stop('blocked', 'no') : release(chunk)),
      end: () => emptyStep,
    };
    const rig = await startRig({
      inspector: fakeInspector({
        plan: () => stream,
        body: () => body,
        verdict: () => ({ kind: 'reply', reply: refusal() }),
      }),
      vendor: (request) => {
        cut = new Promise((resolve) => request.once('error', resolve));
        request.resume();
      },
    });

    expect(await rig.request({ body: json(400_000) })).toMatchObject({ status: 400 });
    expect(await cut).toMatchObject({ code: 'ECONNRESET' });
  });

  it('streams on what outgrows the gathering, from its first byte', async () => {
    const rig = await startRig({ settings: { gatherBytes: 100_000 } });
    const socket = await rig.tls();
    const body = json(400_000);
    const size = body.length.toString(16);
    socket.write(
      `POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n${body}\r\n0\r\n\r\n`,
    );

    const answer = await readUntil(socket, '0\r\n\r\n');
    expect(answer.match(/x/g)?.length).toBeGreaterThanOrEqual(400_000);
  });

  it('refuses what outgrows the gathering where it may not stream', async () => {
    const spill = () => ({ kind: 'reply', reply: refusal('too large') }) as const;
    const rig = await startRig({ inspector: fakeInspector({ spill }), settings: { gatherBytes: 1000 } });

    expect((await rig.request({ body: json(5_000) })).body.toString()).toContain('too large');
  });

  /** A proxy with room for one body only, and a client whose body has it. */
  async function startFull(room: number, held: string): Promise<Rig> {
    const rig = await startRig({
      settings: { gatherMemory: 100_000 },
      deps: { timeouts: { room } },
      vendor: (request, reply) => void (request.url === '/held' || echo(request, reply)),
    });
    const holder = await rig.tls();
    holder.write(`POST /held HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: 90000\r\n\r\n${held}`);
    while (rig.proxy.stats.gatheredBytes === 0) await new Promise((resolve) => setImmediate(resolve));
    return rig;
  }

  it('answers 503 when there is no room to gather in time', async () => {
    const rig = await startFull(50, 'x'.repeat(90_000));

    expect(await rig.request({ body: json(50_000) })).toMatchObject({ status: 503 });
  });

  it('takes the room from who hardly sends, and goes on with who waited for it', async () => {
    const rig = await startFull(1_000, '{');

    expect(await rig.request({ body: json(50_000) })).toMatchObject({ status: 200 });
  });

  it('lets go of who hangs up while it waits for room, before there is any', async () => {
    const rig = await startFull(60_000, 'x'.repeat(90_000));
    const gone = 5;
    // More than a receive buffer takes of what is not read: the end of the connection stays behind it with the client.
    const body = `{"text":"${'x'.repeat(900_000)}"}`;
    const left = [...Array(gone).keys()].map((at) =>
      rig.recorder.outcomeOf(({ id, reason }) => id === `x${at + 2}` && reason === 'client gone'),
    );
    for (let at = 0; at < gone; at += 1) {
      const client = await rig.tls();
      client.write(`POST /v1/messages HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: ${body.length}\r\n\r\n`);
      await new Promise((resolve) => client.write(body.slice(0, -1), resolve));
      client.destroy();
    }
    await Promise.all(left);

    expect(rig.proxy.stats).toMatchObject({ activeExchanges: 1, gatheredBytes: 90_000 });
  });

  it('answers Expect: 100-continue at once and does not pass it on', async () => {
    let expected: string | undefined;
    const rig = await startRig({
      vendor: (request, reply) => {
        expected = request.headers.expect;
        echo(request, reply);
      },
    });
    const socket = await rig.tls();
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`);
    expect(await readUntil(socket, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 100/);
    socket.write('body');

    expect(await readUntil(socket, 'body')).toMatch(/HTTP\/1\.1 200/);
    expect(expected).toBeUndefined();
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('sends no body and no framing for %s with %i', async (method, status) => {
    const rig = await startRig({
      vendor: (_request, reply) => {
        reply.writeHead(status, { etag: '"e"' });
        reply.end();
      },
    });
    const socket = await rig.tls();
    socket.write(`${method} / HTTP/1.1\r\nHost: ${vendorHost}\r\n\r\n`);

    const head = await readUntil(socket, '\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
    expect(head).not.toMatch(/transfer-encoding/i);
    // The connection is in step: the next exchange on it works.
    socket.write(`${method} / HTTP/1.1\r\nHost: ${vendorHost}\r\nConnection: close\r\n\r\n`);
    expect(await readUntil(socket)).toMatch(new RegExp(`HTTP/1\\.1 ${status}`));
  });

  it('forwards early hints and trailers both ways', async () => {
    let trailer: string | undefined;
    const rig = await startRig({
      vendor: (request, reply) => {
        request.resume();
        request.on('end', () => {
          trailer = request.trailers['x-sum'];
          reply.writeEarlyHints({ link: '</a>; rel=preload' });
          reply.writeHead(200, { trailer: 'x-end' });
          reply.write('ok');
          reply.addTrailers({ 'x-end': 'done' });
          reply.end();
        });
      },
    });
    const socket = await rig.tls();
    socket.write(
      `POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nTrailer: x-sum\r\nTransfer-Encoding: chunked\r\n\r\n` +
        `2\r\n{}\r\n0\r\nx-sum: 9\r\n\r\n`,
    );

    const answer = await readUntil(socket, 'x-end: done');
    expect(answer).toMatch(/HTTP\/1\.1 103 .*\r\n[Ll]ink: <\/a>/);
    expect(trailer).toBe('9');
  });

  it.each([gather, stream])('refuses a request whose trailers may not leave, %o', async (plan) => {
    let wasWhole = false;
    const rig = await startRig({
      inspector: fakeInspector({ plan: () => plan, mayTrail: false }),
      vendor: (request, reply) => {
        request.resume();
        request.on('error', () => undefined);
        request.on('end', () => {
          wasWhole = true;
          reply.end('ok');
        });
      },
    });
    const socket = await rig.tls();
    const head = `POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nTransfer-Encoding: chunked\r\n`;
    socket.write(`${head}Trailer: x-sum\r\n\r\n2\r\n{}\r\n0\r\nx-sum: ${secret}\r\n\r\n`);

    expect(await readUntil(socket, 'refused here')).toMatch(/^HTTP\/1\.1 400/);
    expect(wasWhole).toBe(false);
    expect((await rig.request({ body: '{}' })).status).toBe(200);
  });

  it('rewrites a coded reply and sends it plain, without a length', async () => {
    const rig = await startRig({
      inspector: fakeInspector({
        reply: ({ headers }) => ({ kind: 'rewrite', headers, coding: 'gzip', body: replacing('MASK', secret) }),
      }),
      vendor: (_request, reply) => {
        const body = gzipSync('key MASK');
        reply.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length });
        reply.end(body);
      },
    });

    const reply = await rig.request({ body: '{}' });
    expect(reply.body.toString()).toBe(`key ${secret}`);
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(reply.headers['content-length']).toBeUndefined();
  });

  it('sends keep-alive bytes while a rewritten stream is held', async () => {
    const held = { push: () => emptyStep, end: () => release(utf8('data: all\n\n')) };
    const rig = await startRig({
      deps: { timeouts: { keepAlive: 20 } },
      inspector: fakeInspector({
        reply: ({ headers }) => ({
          kind: 'rewrite',
          headers,
          coding: 'identity',
          body: held,
          keepAlive: utf8(': waiting\n\n'),
        }),
      }),
      vendor: (_request, reply) => void reply.write('data: al'),
    });
    const socket = await rig.tls();
    socket.write(`GET / HTTP/1.1\r\nHost: ${vendorHost}\r\n\r\n`);

    expect(await readUntil(socket, ': waiting')).toContain(': waiting');
  });

  it('cuts a reply whose transform throws', async () => {
    const body = {
      push: (): never => {
        throw new Error('a defect');
      },
      end: () => emptyStep,
    };
    const rig = await startRig({
      inspector: fakeInspector({ reply: ({ headers }) => ({ kind: 'rewrite', headers, coding: 'identity', body }) }),
    });

    await expect(rig.request({ body: '{}' })).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect(await rig.recorder.outcomeOf(({ action }) => action === 'error')).toBeDefined();
  });

  it('cuts the client when the upstream resets in the middle of a reply', async () => {
    const rig = await startRig({
      vendor: (request, reply) => {
        reply.writeHead(200, { 'content-type': 'text/event-stream' });
        reply.write('data: one\n\n', () => request.socket.destroy());
      },
    });
    const socket = await rig.tls();
    socket.write(`GET / HTTP/1.1\r\nHost: ${vendorHost}\r\n\r\n`);

    const answer = await readUntil(socket);
    expect(answer).toContain('data: one');
    expect(answer).not.toContain('\r\n0\r\n\r\n');
    expect(await rig.recorder.outcomeOf(({ action }) => action === 'error')).toMatchObject({
      reason: expect.stringContaining('upstream failed'),
    });
  });

  it.each([
    ['while the vendor thinks', false],
    ['while it answers', true],
  ])('drops the upstream request within 100 ms when the client goes %s', async (_name, isAnswering) => {
    let arrived = (_closed: Promise<unknown>): void => undefined;
    const reached = new Promise<{ closed: Promise<unknown> }>((resolve) => {
      arrived = (closed) => resolve({ closed });
    });
    const rig = await startRig({
      vendor: (request, reply) => {
        request.resume();
        const closed = once(reply, 'close');
        if (isAnswering) reply.write('data: one\n\n');
        arrived(closed);
      },
    });
    const socket = await rig.tls();
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\nContent-Length: 2\r\n\r\n{}`);
    const { closed } = await reached;
    if (isAnswering) await readUntil(socket, 'data: one');
    const startedMs = performance.now();
    socket.destroy();
    await closed;

    expect(performance.now() - startedMs).toBeLessThan(100);
    expect(await rig.recorder.outcomeOf(({ reason }) => reason === 'client gone')).toBeDefined();
  });

  it.each([
    ['another host', 'evil.example'],
    ['a bad port', `${vendorHost}:99999`],
    ['another port', `${vendorHost}:8443`],
    ['a prototype name', 'constructor'],
  ])('answers 421 to a Host of %s', async (_name, host) => {
    const rig = await startRig();

    expect(await rig.request({ method: 'GET', headers: { host } })).toMatchObject({ status: 421 });
    expect(rig.recorder.decisions.map(({ action, reason }) => [action, reason])).toEqual([
      ['error', 'the request names another host than its connection'],
    ]);
  });

  it.each([
    ['a length and chunks together', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde'],
    ['an obscured coding', 'Transfer-Encoding: xchunked\r\n\r\nabc'],
    ['a folded field', 'X-A: 1\r\n b\r\n\r\n'],
    ['a bare line feed', 'X-A: 1\nX-B: 2\r\n\r\n'],
    ['a space before the colon', 'Content-Length : 4\r\n\r\nabcd'],
    ['headers without end', `X-A: ${'a'.repeat(70_000)}\r\n\r\n`],
    ['two hosts', 'Host: other.example\r\n\r\n'],
  ])('refuses %s and serves the next connection', async (_name, rest) => {
    let calls = 0;
    const rig = await startRig({
      vendor: (request, reply) => {
        calls += 1;
        echo(request, reply);
      },
    });
    const socket = await rig.tls();
    socket.write(`POST / HTTP/1.1\r\nHost: ${vendorHost}\r\n${rest}`);

    expect(await readUntil(socket, '\r\n\r\n')).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
    expect(calls).toBe(0);
    expect(rig.recorder.decisions[0]).toMatchObject({ action: 'error', destination: { host: vendorHost } });
    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 200 });
  });

  it('closes on what is no HTTP at all', async () => {
    const rig = await startRig();
    const socket = await rig.tls();
    socket.write(Buffer.from([0, 1, 2, 255, 254, 13, 10, 13, 10]));

    expect(await readUntil(socket)).toMatch(/^(HTTP\/1\.1 400|$)/);
  });

  it('answers 502 in the vendor’s shape when the upstream is down, without a word of the system’s', async () => {
    const rig = await startRig();
    const socket = await rig.tls({ target: 'down.vendor.example:443' });
    socket.write('GET / HTTP/1.1\r\nHost: down.vendor.example\r\n\r\n');

    const answer = await readUntil(socket, '"}}');
    expect(answer).toMatch(/^HTTP\/1\.1 502/);
    expect(answer).not.toMatch(/ENOTFOUND|getaddrinfo|EAI_AGAIN/);
  });

  it('answers 502 when the upstream shows a certificate for another name', async () => {
    const rig = await startRig({
      vendorServer: (contextFor) =>
        createTls({ SNICallback: (_name, done) => done(null, contextFor('wrong.example')) }),
    });

    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 502 });
  });

  it.each([
    ['status 099', 'HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n'],
    ['status 600', 'HTTP/1.1 600 What\r\nContent-Length: 0\r\n\r\n'],
    ['garbage', '\u0000\u0001\u0002 what\r\n\r\n'],
    ['a header flood', `HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
  ])('answers 502 to an upstream that sends %s', async (_name, raw) => {
    const rig = await startRig({
      vendorServer: (contextFor) =>
        createTls({ SNICallback: (name, done) => done(null, contextFor(name)) }, (socket) => {
          socket.on('error', () => socket.destroy());
          socket.once('data', () => socket.end(raw, 'latin1'));
        }),
    });

    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 502 });
  });

  it('carries on after an upstream closed an idle connection', async () => {
    const rig = await startRig();
    const socket = await rig.tls();
    for (let turn = 0; turn < 3; turn += 1) {
      socket.write(`GET /${turn} HTTP/1.1\r\nHost: ${vendorHost}\r\n\r\n`);
      expect(await readUntil(socket, '0\r\n\r\n')).toMatch(/HTTP\/1\.1 200/);
    }
  });

  it('serves 200 requests at one time', async () => {
    const rig = await startRig();
    const replies = await Promise.all(Array.from({ length: 200 }, (_, n) => rig.request({ body: `body ${n}` })));

    expect(replies.map(({ body }) => body.toString())).toEqual(replies.map((_, n) => `body ${n}`));
  });

  it('lets a reply end before it closes', async () => {
    let open: ServerResponse | undefined;
    const rig = await startRig({
      vendor: (_request, reply) => {
        reply.write('first');
        open = reply;
      },
    });
    const socket = await rig.tls();
    socket.write(`GET / HTTP/1.1\r\nHost: ${vendorHost}\r\n\r\n`);
    await readUntil(socket, 'first');
    const drained = rig.proxy.drain(5_000);
    open?.end('last');

    expect(await readUntil(socket)).toContain('last');
    expect(await drained).toBe(true);
  });

  it('refuses a request that is not over TLS inside an inspected tunnel', async () => {
    const rig = await startRig();
    const { socket } = await rig.connect();
    socket.write(`GET / HTTP/1.1\r\nHost: ${vendorHost}\r\n\r\n`);

    expect(await readUntil(socket)).toMatch(/^HTTP\/1\.1 400/);
  });

  it('never connects on to a server that is not TLS', async () => {
    const plain = createNet((socket) => socket.destroy());
    const rig = await startRig({ vendorServer: () => plain });

    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 502 });
  });
});
