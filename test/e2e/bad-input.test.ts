/** What goes wrong on the wire: the client is told once and clearly, and the proxy lives on. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLeafIssuer } from '../../src/certs/leaf.ts';
import { createAuthority } from '../../src/certs/authority.ts';
import { dialects } from '../helpers/dialects.ts';
import { createProduct, eventually, type Product } from '../helpers/product.ts';
import { createRawVendor, type RawVendor } from '../helpers/raw-vendor.ts';
import { createThrowawayAuthority, type ThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import { connectThrough, readAll, tlsThrough } from '../helpers/wire.ts';
import type { SecureContext, TLSSocket } from 'node:tls';

const [anthropic] = dialects;
if (anthropic === undefined) throw new Error('there is a first dialect');
const host = anthropic.host;
const url = `https://${host}${anthropic.path}`;
const hello = anthropic.body(['hello']);

let product: Product;
let folders: readonly string[] = [];
let authority: ThrowawayAuthority;
let vendor: RawVendor;
let serve: (socket: TLSSocket) => void = () => undefined;
/** Hosts whose certificates are wrong, by what is wrong with them. */
const untrusted: Readonly<Record<string, string>> = {
  'is not from an authority that is trusted': 'api.openai.com',
  'is for another name': 'api.deepseek.com',
  'has expired': 'generativelanguage.googleapis.com',
};
/** How often one of them was sent anything. */
let received = 0;
const wrongVendors: RawVendor[] = [];

/** An authority of the past, and what it issued then. */
function issuedAt(
  folder: string,
  nowMs: number,
): { readonly contextFor: (host: string) => SecureContext; readonly ca: string } {
  const own = createAuthority(folder, { hosts: null, nowMs });
  const issuer = createLeafIssuer(own, { nowMs: () => nowMs });
  return { contextFor: (name) => issuer.secureContextFor(name), ca: own.paths.certificate };
}

beforeAll(async () => {
  authority = createThrowawayAuthority();
  vendor = await createRawVendor(authority.secureContextFor, (socket) => serve(socket));
  folders = ['foreign', 'past'].map((name) => mkdtempSync(join(tmpdir(), `sluice-${name}-`)));
  const foreign = issuedAt(folders[0] ?? '', Date.now());
  const past = issuedAt(folders[1] ?? '', Date.now() - 200 * 24 * 60 * 60 * 1000);
  const contexts = [foreign.contextFor, () => authority.secureContextFor('wrong.example'), past.contextFor];
  for (const contextFor of contexts) {
    wrongVendors.push(await createRawVendor(contextFor, (socket) => void socket.on('data', () => (received += 1))));
  }
  const wrong = Object.values(untrusted).map((name, index) => [name, wrongVendors[index]?.port ?? 0] as const);
  product = await createProduct({
    hosts: [],
    connect: { [host]: vendor.port, ...Object.fromEntries(wrong) },
    trusts: [authority.caPath, past.ca],
  });
});
afterAll(async () => {
  await product.close();
  for (const each of [vendor, ...wrongVendors]) await each.close();
  authority.remove();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Answers each connection's first bytes. */
const answering =
  (answer: (socket: TLSSocket) => void) =>
  (socket: TLSSocket): void =>
    void socket.once('data', () => answer(socket));

const whole = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}';

/** After whatever went wrong, the next request is served. */
async function expectAlive(): Promise<void> {
  serve = answering((socket) => socket.end(whole));
  expect((await product.send(url, { body: hello })).status).toBe(200);
}

describe('a vendor that misbehaves', () => {
  it.each([
    ['closes without an answer', answering((socket) => void socket.end())],
    ['resets', answering((socket) => void socket.destroy())],
    ['answers garbage', answering((socket) => void socket.end('\u0000\u0001garbage\r\n\r\n'))],
    [
      'answers two lengths',
      answering((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}')),
    ],
  ])('that %s: 502 in its own shape, and the proxy lives', async (_, serving) => {
    serve = serving;
    const reply = await product.send(url, { body: hello });

    expect(reply.status).toBe(502);
    expect(JSON.parse(reply.text)).toMatchObject({
      type: 'error',
      error: { message: expect.stringMatching(/^Sluice/) },
    });
    expect(product.decisions(1)[0]).toMatchObject({ response: { status: 502 } });
    await expectAlive();
  });

  it('that resets in the middle of a stream: the reply is cut, never completed, and recorded as cut', async () => {
    serve = answering((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
      socket.write('e\r\ndata: {"a":1}\n\r\n', () => socket.destroy());
    });

    await expect(product.send(url, { body: hello })).rejects.toThrow(/closed|terminated|reset|aborted/i);
    const latest = await eventually('the outcome', () => product.decisions(1).find(({ action }) => action === 'error'));
    expect(latest.response.status).toBe(200);
    await expectAlive();
  });

  it('that stalls: a client that goes away takes its upstream request with it', async () => {
    const stalled = new Promise<TLSSocket>((resolve) => {
      serve = answering(resolve);
    });
    const socket = await tlsThrough(product.proxy, host);
    const body = JSON.stringify(hello);
    socket.write(
      `POST ${anthropic.path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const upstream = await stalled;
    const gone = once(upstream, 'close');
    const leftMs = performance.now();
    socket.destroy();
    await gone;

    expect(performance.now() - leftMs).toBeLessThan(5000);
    await expectAlive();
  });
});

describe('a vendor whose certificate cannot be trusted', () => {
  it.each(Object.keys(untrusted))('because it %s: 502, and nothing is sent', async (why) => {
    const reply = await product.send(`https://${untrusted[why] ?? ''}/v1/chat/completions`, { body: hello });

    expect(reply.status).toBe(502);
    expect(reply.text).toMatch(/Sluice.*certificate/);
    expect(received).toBe(0);
  });
});

describe('a client that misbehaves', () => {
  it('with oversized headers is told so', async () => {
    const socket = await tlsThrough(product.proxy, host);
    const ended = readAll(socket);
    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nX-Big: ${'a'.repeat(400_000)}\r\n\r\n`);

    expect(await ended).toMatch(/^HTTP\/1\.1 431 [^]*Sluice: .*headers are larger/);
    await expectAlive();
  });

  it.each([
    ['two lengths', 'Content-Length: 3\r\nContent-Length: 4\r\n'],
    ['a length and chunks', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n'],
    ['an unknown transfer coding', 'Transfer-Encoding: x-mine, chunked\r\n'],
  ])('with %s is refused and disconnected before anything leaves', async (_, framing) => {
    const before = vendor.connections();
    const socket = await tlsThrough(product.proxy, host);
    const ended = readAll(socket);
    socket.write(
      `POST / HTTP/1.1\r\nHost: ${host}\r\n${framing}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    );
    const answer = await ended;

    expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /);
    expect(answer.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(vendor.connections()).toBe(before);
  });

  it('that names another host inside the tunnel is answered 421', async () => {
    const socket = await tlsThrough(product.proxy, host);
    const ended = readAll(socket);
    socket.write('GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');

    expect(await ended).toMatch(/^HTTP\/1\.1 421 /);
  });

  it.each(['no-port', 'host:99999', 'a b:443'])('that asks for a tunnel to %j is answered 400', async (target) => {
    const { socket, status } = await connectThrough(product.proxy, target);
    socket.destroy();

    expect(status).toBe(400);
  });

  it('that hangs up in the middle of its upload costs nothing', async () => {
    const socket = await tlsThrough(product.proxy, host);
    socket.write(
      `POST ${anthropic.path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":`,
    );
    socket.destroy();

    await expectAlive();
  });
});

describe('the end of the proxy', () => {
  it('drains on SIGTERM: what is under way is answered, then it exits with 0', async () => {
    const asked = new Promise<TLSSocket>((resolve) => {
      serve = answering(resolve);
    });
    const reply = product.send(url, { body: hello });
    const socket = await asked;
    const ended = product.proxy.end('SIGTERM');
    await product.proxy.logged(/draining/);
    socket.end(whole);

    expect((await reply).status).toBe(200);
    expect(await ended).toBe(0);
  });
});
