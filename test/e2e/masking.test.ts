/** Masking and restoring through the built proxy, in every vendor's format, as the wire shows it. */
import { gzipSync } from 'node:zlib';
import { PassThrough, Readable } from 'node:stream';
import { request, ProxyAgent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { member } from '../../src/app/stand-in/json.ts';
import { dialects } from '../helpers/dialects.ts';
import { createProduct, type Product } from '../helpers/product.ts';
import { leaks, plantedFile } from '../helpers/planted.ts';
import { createRawVendor, type RawVendor } from '../helpers/raw-vendor.ts';
import { createThrowawayAuthority, type ThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import { http2Post, http2Through } from '../helpers/wire.ts';

const planted = plantedFile();
const token = planted.values[0]?.value ?? '';
const password = planted.values.find(({ name }) => name === 'database password')?.value ?? '';
/** The same secrets once more, as code and logs carry them. */
const text = [
  planted.text,
  `authorization: Basic ${Buffer.from(`shop:${password}`).toString('base64')}`,
  `hex: ${Buffer.from(token).toString('hex')}`,
  `url: https://shop.example/cb?token=${encodeURIComponent(token)}`,
  `json in json: ${JSON.stringify(JSON.stringify({ token, password }))}`,
].join('\n');
const answer = `The token is ${token}.`;
const placeholder = /SLUICE_[A-Z0-9_]+_[a-z2-7]{16}/g;

let product: Product;
let release: () => void = () => undefined;
let isHeld = false;

const streamed = 'api.deepseek.com';
let listener: RawVendor;
let other: ThrowawayAuthority;
let upload = '';
let see: () => void = () => undefined;
/** Settles when the listener has received the beginning of a body, whose end has not been sent yet. */
const seen = new Promise<void>((resolve) => {
  see = resolve;
});
/** What arrived, with the chunk sizes taken out. */
const arrived = (): string => upload.replaceAll(/\r\n[0-9a-f]+\r\n/g, '').replace(/\r\n\r\n$/, '');

beforeAll(async () => {
  other = createThrowawayAuthority();
  listener = await createRawVendor(other.secureContextFor, (socket) => {
    socket.on('data', (chunk: Buffer) => {
      upload += chunk.toString('latin1');
      if (upload.includes('prose')) see();
      if (upload.endsWith('0\r\n\r\n')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
  });
  product = await createProduct({
    connect: { [streamed]: listener.port },
    trusts: [other.caPath],
    afterFirstChunk: () =>
      isHeld
        ? new Promise((resolve) => {
            release = resolve;
          })
        : Promise.resolve(),
    config: {
      limits: { gatherBytes: 65_536 },
      destinations: [{ hosts: [streamed], release: 'stream' }],
    },
  });
});
afterAll(async () => {
  await product.close();
  await listener.close();
  other.remove();
});

const lastBody = (): string => Buffer.from(product.vendor.requests.at(-1)?.body ?? []).toString('utf8');
const lastHeader = (name: string): string | undefined =>
  product.vendor.requests.at(-1)?.headers.find(([key]) => key.toLowerCase() === name)?.[1];

describe.each(dialects)('$name through the proxy', (dialect) => {
  const url = `https://${dialect.host}${dialect.path}`;

  it('sends no planted value in any encoding, and gives the assistant the real one back', async () => {
    const reply = await product.send(url, { body: dialect.body([text]) });

    expect(reply.status).toBe(200);
    expect(dialect.said(reply.text)).toBe(answer);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
    expect(lastBody()).toContain('PORT=3000');
    expect(() => JSON.parse(lastBody()) as unknown).not.toThrow();
  });

  it('restores in a streamed reply, whose first event is there before the last has left the vendor', async () => {
    isHeld = true;
    const agent = new ProxyAgent({ uri: product.proxy.proxyUrl, requestTls: { ca: product.proxy.ca } });
    const reply = await request(`https://${dialect.host}${dialect.streamPath}`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(dialect.body([text], true)),
    });
    const chunks: string[] = [];
    for await (const chunk of reply.body) {
      // The vendor waits for this: without a first event the test would never end.
      if (chunks.length === 0) release();
      chunks.push(String(chunk));
    }
    isHeld = false;
    await agent.close();

    expect(dialect.said(chunks.join(''))).toBe(answer);
    expect(chunks.join('')).not.toMatch(placeholder);
  });

  it('gives a value the same placeholder in the next turn, and masks what it restored in the history', async () => {
    const first = dialect.said((await product.send(url, { body: dialect.body([text]) })).text);
    const [shown] =
      lastBody()
        .match(/GITHUB_TOKEN=(SLUICE_\w+)/)
        ?.slice(1) ?? [];
    const { status } = await product.send(url, { body: dialect.body([text, first, 'And now?']) });

    expect(status).toBe(200);
    expect(shown).toMatch(placeholder);
    expect(lastBody()).toContain(`The token is ${shown ?? ''}.`);
    expect(lastBody().match(/GITHUB_TOKEN=(SLUICE_\w+)/)?.[1]).toBe(shown);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
  });

  it('sends a clean body on as the very bytes it received', async () => {
    const body = ` {"big":12345678901234567890, "esc":"\\u00e9\\/", ${JSON.stringify(dialect.body(['hello'])).slice(1)}\n`;
    await product.send(url, { body });

    expect(lastBody()).toBe(body);
  });
});

describe('framing and codings', () => {
  const [dialect] = dialects;
  if (dialect === undefined) throw new Error('there is a first dialect');
  const url = `https://${dialect.host}${dialect.path}`;

  it('reads a gzip body, and codes what it masked again', async () => {
    const body = gzipSync(JSON.stringify(dialect.body([text])));
    const reply = await product.send(url, { body, headers: { 'content-encoding': 'gzip' } });

    expect(dialect.said(reply.text)).toBe(answer);
    expect(lastHeader('content-encoding')).toBe('gzip');
    expect(Number(lastHeader('content-length'))).toBe(product.vendor.requests.at(-1)?.body.length);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
  });

  it('sends a clean gzip body on byte by byte', async () => {
    const body = gzipSync(JSON.stringify(dialect.body(['hello'])), { level: 1 });
    await product.send(url, { body, headers: { 'content-encoding': 'gzip' } });

    expect(Buffer.from(product.vendor.requests.at(-1)?.body ?? []).equals(body)).toBe(true);
  });

  it('gathers a chunked upload of JSON and sends it with its length', async () => {
    const whole = JSON.stringify(dialect.body([text]));
    const parts = Array.from({ length: Math.ceil(whole.length / 97) }, (_, i) => whole.slice(i * 97, (i + 1) * 97));
    const reply = await product.send(url, { body: Readable.from(parts) });

    expect(dialect.said(reply.text)).toBe(answer);
    expect(lastHeader('content-length')).toBe(String(product.vendor.requests.at(-1)?.body.length));
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
  });

  it('streams a body beyond what may be gathered, masked all the same', async () => {
    const filler = 'An ordinary line of prose that nothing names.\n'.repeat(6000);
    const reply = await product.send(url, { body: dialect.body([`${filler}${text}\n${filler}`]) });

    expect(dialect.said(reply.text)).toBe(answer);
    expect(lastHeader('content-length')).toBeUndefined();
    expect(lastBody().length).toBeGreaterThan(2 * filler.length);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
  });

  it('masks in a gzip body that has to be streamed', async () => {
    const filler = Array.from({ length: 9000 }, (_, i) => `line ${(i * 2654435761) % 4294967296} of a log\n`).join('');
    const body = gzipSync(JSON.stringify(dialect.body([`${filler}${text}\n${filler}`])));
    const reply = await product.send(url, { body, headers: { 'content-encoding': 'gzip' } });

    expect(body.length).toBeGreaterThan(65_536);
    expect(dialect.said(reply.text)).toBe(answer);
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
  });

  it('lets bytes leave before the last has come, where a destination says so', async () => {
    const upload = new PassThrough();
    const reply = product.send(`https://${streamed}/v1/chat/completions`, { body: upload });
    upload.write(
      `{"model":"m","messages":[{"role":"user","content":${JSON.stringify('prose\n'.repeat(20_000)).slice(0, -1)}`,
    );
    await seen;
    upload.end(`${JSON.stringify(text).slice(1)}}]}`);

    expect((await reply).status).toBe(200);
    expect(arrived()).toContain('GITHUB_TOKEN=SLUICE_GITHUB_TOKEN_');
    expect(
      leaks([{ method: 'POST', target: '/', headers: [], body: Buffer.from(arrived(), 'latin1') }], planted.values),
    ).toEqual([]);
  });

  it('masks over HTTP/2, both streamed and whole', async () => {
    const session = await http2Through(product.proxy, dialect.host);
    const whole = await http2Post(session, dialect.path, JSON.stringify(dialect.body([text])));
    const stream = await http2Post(session, dialect.path, JSON.stringify(dialect.body([text], true)));
    session.close();

    expect([whole, stream].map((reply) => dialect.said(reply.text))).toEqual([answer, answer]);
    expect(product.vendor.requests.at(-1)?.protocol).toBe('h2');
    expect(leaks(product.vendor.requests, planted.values)).toEqual([]);
  });

  it('masks in a header, a query and the path of a request, but not the credential of the vendor itself', async () => {
    const reply = await product.send(`${url}?beta=true&note=${token}`, {
      body: dialect.body(['hello']),
      headers: { 'x-note': `see ${token}`, 'x-api-key': token },
    });

    expect(reply.status).toBe(200);
    expect(lastHeader('x-api-key')).toBe(token);
    expect(lastHeader('x-note')).toMatch(/^see SLUICE_/);
    expect(product.vendor.requests.at(-1)?.target).toMatch(/^\/v1\/messages\?beta=true&note=SLUICE_/);
  });

  it('leaves a decision for each, with what it read and restored', async () => {
    await product.send(url, { body: dialect.body([text]) });
    const [latest] = product.decisions(1);

    expect(latest).toMatchObject({ action: 'mask', destination: { host: dialect.host, vendor: 'anthropic' } });
    expect(latest?.findings.map(({ rule }) => rule)).toContain('github-pat');
    expect(member(latest?.restored, 'restored')).toBe(1);
    expect(latest?.coverage.unread).toBe(0);
  });
});
