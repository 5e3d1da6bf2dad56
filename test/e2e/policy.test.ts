/** What a policy does to traffic, through the built proxy: refusals, exceptions, observing, destinations, layers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../helpers/dialects.ts';
import { leaks, plantedFile } from '../helpers/planted.ts';
import { createProduct, eventually, type Product } from '../helpers/product.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { connectThrough, http2Post, http2Through } from '../helpers/wire.ts';

const planted = plantedFile();
const token = planted.values[0]?.value ?? '';
const [anthropic] = dialects;
if (anthropic === undefined) throw new Error('there is a first dialect');
const url = `https://${anthropic.host}${anthropic.path}`;
const secret = (): object => anthropic.body([`GITHUB_TOKEN=${token}`]);

describe('a policy that blocks secrets', () => {
  let product: Product;
  const comments = ['# mine: keep this\n', '# and this, at the end\n'] as const;
  beforeAll(async () => {
    product = await createProduct({
      comments,
      config: {
        policy: [{ when: { category: 'secret' }, action: 'block' }],
        limits: { gatherBytes: 16_384 },
        destinations: [{ hosts: ['*.blocked.example'], action: 'block' }],
      },
    });
  });
  afterAll(() => product.close());

  it.each(dialects)('refuses once, in the shape of $name, and sends nothing', async (dialect) => {
    const before = product.vendor.requests.length;
    const reply = await product.send(`https://${dialect.host}${dialect.path}`, {
      body: dialect.body([`GITHUB_TOKEN=${token}`]),
    });
    const message = dialect.errorMessage(reply.text);
    const [latest] = product.decisions(1);

    expect(reply.status).toBe(400);
    expect(reply.headers['x-should-retry']).toBe('false');
    expect(message).toMatch(/^Sluice blocked this request: .*github-pat/);
    expect(message?.endsWith(`sluice allow ${latest?.id ?? '-'}`)).toBe(true);
    expect(reply.text).not.toContain(token);
    expect(product.vendor.requests.length).toBe(before);
    expect(latest).toMatchObject({ action: 'block', response: { status: 400 } });
  });

  it('refuses over HTTP/2 too', async () => {
    const session = await http2Through(product.proxy, anthropic.host);
    const reply = await http2Post(session, anthropic.path, JSON.stringify(secret()));
    session.close();

    expect(reply.status).toBe(400);
    expect(reply.headers['x-should-retry']).toBe('false');
  });

  it('refuses a body that it cannot judge whole, rather than streaming it', async () => {
    const before = product.vendor.requests.length;
    const reply = await product.send(url, { body: anthropic.body(['harmless '.repeat(5000)]) });

    expect(reply.status).toBe(400);
    expect(anthropic.errorMessage(reply.text)).toContain('gatherBytes');
    expect(product.vendor.requests.length).toBe(before);
  });

  it('lets the very value through from the next request on, once it is allowed, and keeps the comments', async () => {
    const other = plantedFile().values[0]?.value ?? '';
    await product.send(url, { body: secret() });
    const [refused] = product.decisions(1);
    const id = refused?.id ?? '';
    const dry = await product.sluice(['allow', id, '--reason', 'a test key', '--dry-run']);
    expect(dry.stdout).toContain('a test key');
    expect((await product.send(url, { body: secret() })).status).toBe(400);

    const allowed = await product.sluice(['allow', id, '--reason', 'a test key']);
    const passed = await product.send(url, { body: secret() });
    const stillBlocked = await product.send(url, { body: anthropic.body([`GITHUB_TOKEN=${other}`]) });
    const file = readFileSync(product.configPath, 'utf8');

    expect(allowed).toMatchObject({ code: 0 });
    expect(passed.status).toBe(200);
    expect(stillBlocked.status).toBe(400);
    for (const comment of comments) expect(file).toContain(comment);
    expect(file).toContain('reason: "a test key"');
    expect(file).not.toContain(token);
  });

  it('says that a decision is not there, and which command lists them', async () => {
    expect(await product.sluice(['allow', '01unknown', '--reason', 'no such thing'])).toMatchObject({
      code: 66,
      stderr: expect.stringContaining('sluice log'),
    });
  });

  it('answers a blocked destination inside TLS with 400', async () => {
    const reply = await product.send('https://api.blocked.example/v1/anything', { body: { a: 1 } });

    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toMatchObject({
      error: { type: 'blocked_by_policy', message: expect.stringMatching(/^Sluice .*api\.blocked\.example/) },
    });
  });
});

describe('observe mode', () => {
  it('changes nothing, sends everything, and records what it would have done', async () => {
    const product = await createProduct({
      config: { mode: 'observe', policy: [{ when: { category: 'secret' }, action: 'block' }] },
    });
    try {
      const body = JSON.stringify(secret());
      const reply = await product.send(url, { body });
      const unreadable = await product.send(url, { body: '{"broken', headers: { 'content-encoding': 'zstd' } });
      const [second, first] = product.decisions(2);

      expect(reply.status).toBe(200);
      expect(unreadable.status).toBe(400);
      expect(product.vendor.requests.map((request) => Buffer.from(request.body).toString())).toEqual([
        body,
        '{"broken',
      ]);
      expect(first).toMatchObject({ action: 'forward' });
      expect(first?.findings.map(({ rule }) => rule)).toContain('github-pat');
      expect(second).toMatchObject({ action: 'forward', reason: expect.stringContaining('unreadable') });
    } finally {
      await product.close();
    }
  });
});

describe('what cannot be read', () => {
  let product: Product;
  beforeAll(async () => {
    product = await createProduct({
      config: {
        routes: [
          {
            hosts: ['api.anthropic.com'],
            paths: ['/api/event_logging/**'],
            action: 'answer',
            status: 202,
            json: { ok: true },
          },
          { hosts: ['api.anthropic.com'], paths: ['/api/feedback'], action: 'block' },
        ],
      },
    });
  });
  afterAll(() => product.close());

  const unreadable: readonly (readonly [string, Record<string, string>, string | Buffer])[] = [
    ['an unknown coding', { 'content-encoding': 'x-secret' }, '{}'],
    ['a coding that its bytes do not have', { 'content-encoding': 'gzip' }, '{"a":1}'],
    ['broken JSON on a known route', {}, `{"messages":[{"role":"user","content":"GITHUB_TOKEN=${token}"`],
    ['JSON with something behind it', {}, '{"messages":[]} trailing'],
    ['an undecodable charset', {}, Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ];
  it.each(unreadable)('is refused: %s', async (_, headers, body) => {
    const before = product.vendor.requests.length;
    const reply = await product.send(url, { headers, body });
    const [latest] = product.decisions(1);

    expect(reply.status).toBe(400);
    expect(anthropic.errorMessage(reply.text)).toMatch(/^Sluice blocked this request: it could not be read/);
    expect(reply.text).not.toContain(token);
    expect(product.vendor.requests.length).toBe(before);
    expect(latest).toMatchObject({ action: 'block', response: { status: 400 } });
  });

  it('is no matter elsewhere: malformed JSON on a route nobody knows is read as text', async () => {
    const reply = await product.send(`https://${anthropic.host}/unknown`, { body: `{"note": "${token}` });

    expect(reply.status).toBe(200);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
  });

  it('tells a side channel "fine" and sends nothing on, or refuses it', async () => {
    const before = product.vendor.requests.length;
    const answered = await product.send(`https://${anthropic.host}/api/event_logging/batch`, {
      body: { events: [token] },
    });
    const refused = await product.send(`https://${anthropic.host}/api/feedback`, { body: { said: token } });
    const [, answeredDecision] = product.decisions(2);

    expect([answered.status, JSON.parse(answered.text)]).toEqual([202, { ok: true }]);
    expect(refused.status).toBe(400);
    expect(answeredDecision?.action).toBe('answer');
    expect(product.vendor.requests.length).toBe(before);
  });

  it('goes on unread where the configuration says so, and the reason is recorded', async () => {
    product.configure({ onUnreadable: 'forward' });
    product.proxy.process.kill('SIGHUP');
    await product.proxy.logged(/configuration reloaded/);
    const body = brotliCompressSync('{"a":1}');
    const reply = await product.send(url, { headers: { 'content-encoding': 'x-secret' }, body });
    const broken = await product.send(url, { body: '{"messages":[' });
    const [second, first] = product.decisions(2);

    expect([reply.status, broken.status]).toEqual([400, 400]);
    expect(reply.text).toContain('the stand-in cannot read this body');
    expect(Buffer.from(product.vendor.requests.at(-2)?.body ?? []).equals(body)).toBe(true);
    expect(Buffer.from(product.vendor.requests.at(-1)?.body ?? []).toString()).toBe('{"messages":[');
    for (const decision of [first, second]) {
      expect(decision).toMatchObject({ action: 'forward', reason: expect.stringContaining('unreadable') });
    }
  });
});

describe('accounts', () => {
  it('limit which credentials may be used at a destination', async () => {
    const product = await createProduct();
    try {
      const headers = { 'x-api-key': 'sk-of-the-company-0123456789' };
      await product.send(url, { body: anthropic.body(['hello']), headers });
      const fingerprint = product.decisions(1)[0]?.credential?.fingerprint ?? '';
      product.configure({
        destinations: [{ hosts: ['api.anthropic.com'], vendor: 'anthropic', accounts: [fingerprint] }],
      });
      product.proxy.process.kill('SIGHUP');
      await product.proxy.logged(/configuration reloaded/);
      const own = await product.send(url, { body: anthropic.body(['hello']), headers });
      const personal = await product.send(url, {
        body: anthropic.body(['hello']),
        headers: { 'x-api-key': 'sk-private' },
      });

      expect(own.status).toBe(200);
      expect(personal.status).toBe(400);
      expect(anthropic.errorMessage(personal.text)).toContain('account');
      expect(product.vendor.requests.length).toBe(2);
    } finally {
      await product.close();
    }
  });
});

describe("the organisation's policy", () => {
  it('raises what the user says, and admits no exception where it says so', async () => {
    const folder = temporaryFolder();
    const organisation = join(folder, 'organisation.yaml');
    const says = 'policy:\n  - { when: { category: secret }, action: block, exceptions: false }\nunknownHosts: block\n';
    writeFileSync(organisation, `${says}onUnreadable: block\n`, { mode: 0o600 });
    const product = await createProduct({
      env: { SLUICE_POLICY: organisation },
      config: {
        policy: [{ when: { category: 'secret' }, action: 'forward' }],
        allow: [{ rule: '*', reason: 'everything is fine' }],
        mode: 'enforce',
        onUnreadable: 'forward',
        unknownHosts: 'tunnel',
      },
    });
    try {
      const reply = await product.send(url, { body: secret() });
      const broken = await product.send(url, { body: '{"messages":[' });
      const unknown = await connectThrough(product.proxy, 'unknown.example:443');
      unknown.socket.destroy();

      expect([reply.status, broken.status]).toEqual([400, 400]);
      expect(product.vendor.requests).toEqual([]);
      expect(unknown.status).not.toBe(200);
    } finally {
      await product.close();
    }
  });
});

describe('unknown hosts', () => {
  it('are tunnelled on a workstation, byte by byte and unread', async () => {
    const product = await createProduct({ hosts: ['unknown.example'] });
    try {
      const { socket, status } = await connectThrough(product.proxy, 'unknown.example:443');
      socket.destroy();
      const tunnelled = await eventually('the tunnel in the record', () =>
        product.decisions(5).find(({ action }) => action === 'tunnel'),
      );

      expect(status).toBe(200);
      expect(tunnelled.destination.host).toBe('unknown.example');
    } finally {
      await product.close();
    }
  });

  it('are refused on their CONNECT on a sidecar, with the reason', async () => {
    const product = await createProduct({ config: { profile: 'sidecar' } });
    try {
      const refused = await connectThrough(product.proxy, 'unknown.example:443');
      refused.socket.destroy();

      expect(refused.status).toBe(403);
      expect(refused.head).toContain('unknown.example');
    } finally {
      await product.close();
    }
  });
});
