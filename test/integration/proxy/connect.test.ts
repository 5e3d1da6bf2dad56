import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { connect as connectTcp, createServer as createNet } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { fakeInspector } from '../../helpers/fake-inspector.ts';
import { listenAnywhere } from '../../helpers/listening.ts';
import { readUntil, startRig, vendorHost } from '../../helpers/proxy-rig.ts';

describe('CONNECT', () => {
  it.each([
    'constructor:443:1',
    '__proto__',
    '../../x:443',
    'a b:443',
    '1.2.3.4.5:443',
    '0x7f.1:443',
    '2130706433:443',
    'host:0',
    'host:65536',
    'host:1e3',
    ':443',
    'user@host:443',
    '[::1:443',
    '[zz]:443',
    `${'a'.repeat(64)}.example:443`,
  ])('answers 400 to %s and lives', async (target) => {
    const rig = await startRig();
    const socket = connectTcp({ port: rig.port, host: '127.0.0.1' });
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);

    expect(await readUntil(socket)).toMatch(/^HTTP\/1\.1 400/);
    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 200 });
  });

  it.each(['constructor:443', 'toString:443'])(
    'takes the prototype name %s for a host like any other',
    async (target) => {
      const rig = await startRig();
      const { head } = await rig.connect(target);

      expect(head).toMatch(/^HTTP\/1\.1 200/);
      expect(await rig.request({ body: '{}' })).toMatchObject({ status: 200 });
    },
  );

  it('asks for credentials before the tunnel, and passes none on', async () => {
    const wanted = `Basic ${Buffer.from('ann:correct').toString('base64')}`;
    const rig = await startRig({
      deps: {
        authenticate: async (value) =>
          value === wanted ? { ok: true, peer: { identity: 'ann', user: 'ann' } } : { ok: false },
      },
    });

    const refused = await rig.connect();
    expect(refused.head).toMatch(/^HTTP\/1\.1 407/);
    expect(refused.head).toMatch(/proxy-authenticate: basic/i);
    expect((await rig.connect(undefined, `Proxy-Authorization: ${wanted}\r\n`)).head).toMatch(/^HTTP\/1\.1 200/);
  });

  it('takes a ClientHello that comes with it in one packet', async () => {
    const rig = await startRig();
    const relay = createNet((near) => {
      // Joins CONNECT and the first bytes that the client says.
      const far = connectTcp({ port: rig.port, host: '127.0.0.1' });
      near.once('data', (hello) => {
        far.write(Buffer.concat([Buffer.from(`CONNECT ${vendorHost}:443 HTTP/1.1\r\nHost: x\r\n\r\n`), hello]));
        far.once('data', (answer: Buffer) => {
          const end = answer.indexOf('\r\n\r\n') + 4;
          near.write(answer.subarray(end));
          near.pipe(far).pipe(near);
        });
      });
      near.on('error', () => far.destroy());
    });
    const port = await listenAnywhere(relay);
    onTestFinished(() => void relay.close());
    const secure = connectTls({ port, host: '127.0.0.1', servername: vendorHost, ca: rig.ca });
    await once(secure, 'secureConnect');

    expect(await rig.request({ body: '{}', socket: secure })).toMatchObject({ status: 200 });
  });

  it('answers 403 with the reason where the authority does not cover the host', async () => {
    const rig = await startRig({
      deps: {
        secureContextFor: (host) => {
          throw new AppError('ERR_CA_HOST_OUTSIDE', `the authority may not speak for ${host}`);
        },
      },
    });

    expect((await rig.connect()).head).toMatch(/^HTTP\/1\.1 403/);
    expect(rig.recorder.decisions).toMatchObject([{ action: 'block', reason: expect.stringContaining('authority') }]);
  });

  it('accepts a blocked destination and refuses its request in a way that clients show', async () => {
    const rig = await startRig({
      inspector: fakeInspector({
        route: () => 'block',
        plan: () => ({ kind: 'reply', reply: { status: 400, headers: [], body: Buffer.from('blocked') } }),
      }),
    });

    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 400 });
  });

  it('refuses to come back to itself', async () => {
    const rig = await startRig();
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0']) {
      expect((await rig.connect(`${host}:${rig.port}`)).head).toMatch(/^HTTP\/1\.1 403/);
    }
  });

  it.each([
    ['garbage', Buffer.from([22, 3, 1, 0, 4, 9, 9, 9, 9])],
    ['zeros', Buffer.alloc(600)],
  ])('closes on %s in place of a ClientHello', async (_name, bytes) => {
    const rig = await startRig();
    const { socket } = await rig.connect();
    socket.write(bytes);

    expect(await readUntil(socket)).toMatch(/^(HTTP\/1\.1 400|$)/);
    expect(await rig.request({ body: '{}' })).toMatchObject({ status: 200 });
  });

  it('closes a handshake that takes too long', async () => {
    const rig = await startRig({ deps: { timeouts: { handshake: 50 } } });
    const { socket } = await rig.connect();
    socket.write(Buffer.from([22, 3, 1, 2, 0]));

    expect(await readUntil(socket)).toBe('');
  });

  it('serves a client that sends no server name', async () => {
    const rig = await startRig();
    const { socket } = await rig.connect();
    const secure = connectTls({ socket, ca: rig.ca, checkServerIdentity: () => undefined });
    await once(secure, 'secureConnect');

    expect(await rig.request({ body: '{}', socket: secure })).toMatchObject({ status: 200 });
  });

  it('judges by the TLS name when that is stricter, and sends nothing to the other', async () => {
    const inspector = fakeInspector({
      route: (host) => (host === 'blocked.example' ? 'block' : 'inspect'),
    });
    const rig = await startRig({ inspector });
    const secure = await rig.tls({ servername: 'blocked.example' });
    secure.write(`GET / HTTP/1.1\r\nHost: blocked.example\r\nConnection: close\r\n\r\n`);
    await readUntil(secure);

    expect(inspector.heads.map(({ host }) => host)).toEqual(['blocked.example']);
  });
});

describe('a tunnel', () => {
  const tunnelled = fakeInspector({ route: (host) => (host === 'plain.example' ? 'tunnel' : 'inspect') });

  it('carries bytes both ways, server first too, and records how many', async () => {
    const rig = await startRig({
      inspector: tunnelled,
      vendorServer: () =>
        createNet((socket) => {
          socket.write('banner\n');
          socket.on('data', (chunk) => socket.end(`you said ${chunk.toString()}`));
        }),
      alsoTo: ['plain.example:22'],
    });
    const { socket, head } = await rig.connect('plain.example:22');
    if (!head.includes('banner')) await readUntil(socket, 'banner\n');
    socket.write('hello');

    expect(await readUntil(socket)).toContain('you said hello');
    expect(await rig.recorder.outcomeOf(() => true)).toMatchObject({ requestBytes: 5, response: { bytes: 21 } });
    expect(rig.recorder.decisions).toMatchObject([{ action: 'tunnel' }]);
  });

  it('judges a tunnel by its TLS name when that is stricter', async () => {
    const rig = await startRig({ inspector: tunnelled, alsoTo: ['plain.example:443'] });
    const secure = await rig.tls({ target: 'plain.example:443', servername: vendorHost });
    secure.write(`GET / HTTP/1.1\r\nHost: plain.example\r\nConnection: close\r\n\r\n`);

    expect(await readUntil(secure)).toMatch(/^HTTP\/1\.1 /);
  });

  it('answers 502 when the far side is down', async () => {
    const rig = await startRig({
      inspector: tunnelled,
      deps: { inspectorFor: () => fakeInspector({ route: () => 'tunnel' }) },
    });
    const closed = createNet();
    const port = await listenAnywhere(closed);
    closed.close();
    await once(closed, 'close');
    expect((await rig.connect(`127.0.0.1:${port}`)).head).toMatch(/^HTTP\/1\.1 502/);
    expect(rig.recorder.decisions.at(-1)).toMatchObject({ action: 'error' });
  });

  it('ends when the client is gone', async () => {
    let closed: Promise<unknown> | undefined;
    const rig = await startRig({
      inspector: tunnelled,
      vendorServer: () =>
        createNet((socket) => {
          closed = once(socket, 'close');
          socket.resume();
          socket.write('banner');
        }),
      alsoTo: ['plain.example:22'],
    });
    const { socket, head } = await rig.connect('plain.example:22');
    if (!head.includes('banner')) await readUntil(socket, 'banner');
    socket.write('x');
    socket.destroy();

    await closed;
    expect(await rig.recorder.outcomeOf(() => true)).toMatchObject({ response: { bytes: 6 } });
  });
});

describe('a request without CONNECT', () => {
  async function ask(port: number, line: string, host: string): Promise<string> {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    return readUntil(socket);
  }

  it('is inspected when it is for plain http', async () => {
    const server = createHttp((request, reply) => reply.end(`path ${request.url ?? ''}`));
    const port = await listenAnywhere(server);
    onTestFinished(() => void server.close());
    const inspector = fakeInspector();
    const rig = await startRig({ inspector });

    const answer = await ask(rig.port, `GET http://127.0.0.1:${port}/a?b=1`, `127.0.0.1:${port}`);
    expect(answer).toContain('path /a?b=1');
    expect(inspector.heads).toMatchObject([{ scheme: 'http', host: '127.0.0.1', port, target: '/a?b=1' }]);
  });

  it.each([
    ['https in clear', `GET https://${vendorHost}/`, 400],
    ['the proxy itself', 'GET /', 400],
    ['a broken authority', 'GET http://[/', 400],
    ['a bad port', 'GET http://localhost:99999/', 400],
    ['userinfo', 'GET http://a:b@host.example/', 400],
    ['another Host', 'GET http://other.example/', 421],
  ])('is refused for %s', async (_name, line, status) => {
    const rig = await startRig();

    expect(await ask(rig.port, line, 'host.example')).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
  });
});
