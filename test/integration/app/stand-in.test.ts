import { once } from 'node:events';
import { connect as connectH2 } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStandIn } from '../../../src/app/stand-in/stand-in.ts';
import { createScript } from '../../../src/app/stand-in/script.ts';
import { createThrowawayAuthority } from '../../helpers/throwaway-authority.ts';
import type { StandIn } from '../../../src/app/stand-in/stand-in.ts';
import type { ThrowawayAuthority } from '../../helpers/throwaway-authority.ts';

const host = 'api.anthropic.com';
const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });

let authority: ThrowawayAuthority;
let standIn: StandIn;
let port: number;
let releaseRest: () => void = () => undefined;
let isHolding = false;

beforeAll(async () => {
  authority = createThrowawayAuthority();
  standIn = createStandIn({
    secureContextFor: (name) => authority.secureContextFor(name),
    script: createScript([{ says: 'Hello from the stand-in, at some length.' }]),
    afterFirstChunk: () =>
      isHolding
        ? new Promise((resolve) => {
            releaseRest = resolve;
          })
        : Promise.resolve(),
  });
  port = await standIn.listen();
});

afterAll(async () => {
  await standIn.close();
  authority.remove();
});

interface H1Reply {
  readonly status: number;
  readonly requestId: string | undefined;
  readonly text: string;
}

async function sendH1(method: string, path: string, payload?: Uint8Array | string, coding?: string): Promise<H1Reply> {
  const request = httpsRequest({
    host: '127.0.0.1',
    port,
    servername: host,
    ca: authority.certificatePem,
    method,
    path,
    headers: { Host: host, ...(coding === undefined ? {} : { 'content-encoding': coding }) },
    agent: false,
  });
  request.end(payload);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, requestId: response.headers['request-id'], text };
}

describe('the stand-in vendor', () => {
  it('answers over HTTP/1.1 and remembers the very bytes', async () => {
    const reply = await sendH1('POST', '/v1/messages?beta=true', body);

    expect(reply).toMatchObject({ status: 200, requestId: expect.stringMatching(/^req_/) });
    expect(reply.text).toContain('message_stop');
    const received = standIn.requests.at(-1);
    expect(received).toMatchObject({ host, protocol: 'http/1.1', method: 'POST', target: '/v1/messages?beta=true' });
    expect(Buffer.from(received?.body ?? []).toString()).toBe(body);
    expect(received?.headers).toContainEqual(['Host', host]);
  });

  it('answers over HTTP/2 by ALPN', async () => {
    const session = connectH2(`https://${host}`, {
      createConnection: () =>
        connectTls({ host: '127.0.0.1', port, servername: host, ca: authority.certificatePem, ALPNProtocols: ['h2'] }),
    });
    const stream = session.request({ ':method': 'POST', ':path': '/v1/messages' });
    stream.end(body);
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    session.close();

    expect(text).toContain('message_stop');
    expect(standIn.requests.at(-1)).toMatchObject({ host, protocol: 'h2' });
  });

  it.each([
    ['GET', '/api/claude_code/settings', 404],
    ['POST', '/api/event_logging/v2/batch', 200],
  ])('answers the side channel %s %s with %i and {}', async (method, path, status) => {
    expect(await sendH1(method, path)).toMatchObject({ status, text: '{}' });
  });

  it('reads a body that is gzip', async () => {
    const reply = await sendH1('POST', '/v1/messages', gzipSync(body), 'gzip');

    expect(reply.text).toContain('message_stop');
  });

  it('refuses a model request it cannot read', async () => {
    expect(await sendH1('POST', '/v1/messages', '{"mess')).toMatchObject({ status: 400 });
  });

  it('answers a WebSocket upgrade with 426', async () => {
    const before = standIn.upgrades;
    const request = httpsRequest({
      host: '127.0.0.1',
      port,
      servername: host,
      ca: authority.certificatePem,
      path: '/v1/responses',
      headers: { Host: host, Connection: 'Upgrade', Upgrade: 'websocket' },
      agent: false,
    });
    request.end();
    const [response] = await once(request, 'response');
    response.resume();

    expect(response.statusCode).toBe(426);
    expect(standIn.upgrades).toBe(before + 1);
  });

  it('holds the rest of a streamed reply until told', async () => {
    isHolding = true;
    const request = httpsRequest({
      host: '127.0.0.1',
      port,
      servername: host,
      ca: authority.certificatePem,
      method: 'POST',
      path: '/v1/messages',
      agent: false,
    });
    request.end(body);
    const [response] = await once(request, 'response');
    const [first] = await once(response, 'data');
    response.pause();

    expect(String(first)).toContain('message_start');
    expect(String(first)).not.toContain('message_stop');
    isHolding = false;
    releaseRest();
    let rest = '';
    for await (const chunk of response) rest += String(chunk);
    expect(rest).toContain('message_stop');
  });
});
