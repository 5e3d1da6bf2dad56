/** The instruments of the client suite must be able to say no. */
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { request as httpRequest } from 'node:http';
import { connect as connectH2 } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScript } from '../../src/app/stand-in/script.ts';
import { createStandIn } from '../../src/app/stand-in/stand-in.ts';
import { differences } from '../clients/identical.ts';
import { sentRequests } from '../clients/replay.ts';
import { startTap } from '../clients/tap.ts';
import { encodedForms, leaks, plantedFile } from '../helpers/planted.ts';
import { createThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import type { TLSSocket } from 'node:tls';
import type { StandIn } from '../../src/app/stand-in/stand-in.ts';
import type { Tap } from '../clients/tap.ts';
import type { ThrowawayAuthority } from '../helpers/throwaway-authority.ts';

const host = 'api.anthropic.com';
const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'hello' }] });

let authority: ThrowawayAuthority;
let standIn: StandIn;
let tap: Tap;

beforeEach(async () => {
  authority = createThrowawayAuthority();
  standIn = createStandIn({
    secureContextFor: authority.secureContextFor,
    script: createScript([{ says: 'Hello.' }]),
  });
  const vendorPort = await standIn.listen();
  tap = await startTap({
    secureContextFor: authority.secureContextFor,
    next: { kind: 'vendor', port: vendorPort, ca: authority.certificatePem },
  });
});

afterEach(async () => {
  await tap.close();
  await standIn.close();
  authority.remove();
});

/** A TLS connection through the tap. */
async function tunnel(protocol: 'http/1.1' | 'h2'): Promise<TLSSocket> {
  const socket = connectTcp(tap.port, '127.0.0.1');
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
  await once(socket, 'data');
  const secure = connectTls({ socket, servername: host, ca: authority.certificatePem, ALPNProtocols: [protocol] });
  await once(secure, 'secureConnect');
  return secure;
}

async function sendH1(): Promise<void> {
  const socket = await tunnel('http/1.1');
  const headers = { Host: host, 'X-Case-Kept': 'a', 'x-twice': ['1', '2'] };
  const request = httpRequest({ createConnection: () => socket, method: 'POST', path: '/v1/messages', headers });
  request.end(body);
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
  socket.destroy();
}

async function sendH2(): Promise<void> {
  const socket = await tunnel('h2');
  const session = connectH2(`https://${host}`, { createConnection: () => socket });
  const stream = session.request({ ':method': 'POST', ':path': '/v1/messages', 'x-one': '1' });
  stream.end(body);
  stream.resume();
  await once(stream, 'end');
  session.close();
  await once(session, 'close');
}

describe('the recording tap', () => {
  it.each([
    ['http/1.1', sendH1],
    ['h2', sendH2],
  ] as const)('records requests over %s as they were sent', async (protocol, send) => {
    await send();
    const sent = await sentRequests(tap.recordings);

    expect(sent).toMatchObject([{ host, protocol, method: 'POST', target: '/v1/messages' }]);
    expect(sent[0]?.body.toString()).toBe(body);
    expect(differences(sent, standIn.requests)).toEqual([]);
  });

  it('says when a text has reached the client, and when it has not', async () => {
    await sendH1();

    expect(await tap.reached('message_start', 1)).toBe(true);
    expect(await tap.reached('never sent', 1)).toBe(false);
  });

  it('notices what the next hop refuses', async () => {
    const plain = httpRequest({ host: '127.0.0.1', port: tap.port, path: 'http://127.0.0.1/x' });
    plain.end();
    const [response] = await once(plain, 'response');
    response.resume();

    expect(response.statusCode).toBe(400);
    expect(tap.refused).toEqual(['GET http://127.0.0.1/x']);
  });
});

describe('the comparison of sent and received', () => {
  it.each([
    ['another body', { body: Buffer.from(`${body} `) }, 'another body'],
    ['a header changed', { headers: [['X-Case-Kept', 'b']] as const }, 'headers differ at X-Case-Kept'],
    ['a header gone', { headers: [] }, 'headers differ'],
    ['another protocol', { protocol: 'h2' as const }, 'http/1.1 became h2'],
    ['another target', { target: '/v1/other' }, 'did not arrive'],
    [
      'a coding added',
      {
        headers: [
          ['X-Case-Kept', 'a'],
          ['Accept-Encoding', 'br'],
        ] as const,
      },
      'accept-encoding',
    ],
  ])('finds %s', (_name, change, problem) => {
    const sent = {
      host,
      protocol: 'http/1.1' as const,
      method: 'POST',
      target: '/v1/messages',
      headers: [['X-Case-Kept', 'a']] as const,
      body: Buffer.from(body),
    };

    expect(differences([sent], [sent])).toEqual([]);
    expect(differences([sent], [{ ...sent, ...change }]).join('\n')).toContain(problem);
    expect(differences([], [sent])).toHaveLength(1);
  });
});

describe('the search for planted values', () => {
  const planted = plantedFile();

  it('plants what it says', () => {
    for (const { value } of planted.values) expect(planted.text).toContain(value);
  });

  it.each(planted.values.map(({ name, value }) => [name, value] as const))(
    'finds the %s in every form',
    (name, value) => {
      const named = planted.values.filter((candidate) => candidate.name === name);
      for (const form of encodedForms(value)) {
        const request = { method: 'POST', target: '/', headers: [], body: Buffer.from(`..${form}..`) };

        expect(leaks([request], named)).toHaveLength(1);
      }
    },
  );

  it('finds nothing where there is nothing', () => {
    const request = { method: 'POST', target: '/', headers: [['a', 'b']] as const, body: Buffer.from(body) };

    expect(leaks([request], planted.values)).toEqual([]);
  });
});
