import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkSender, createTokenCheck } from '../../../src/admin/guard.ts';

function requestWith(headers: Record<string, string>): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, headers);
  return request;
}

const names = new Set(['gateway.corp.example']);

describe('the sender', () => {
  it.each([
    ['127.0.0.1:7788'],
    ['localhost:7788'],
    ['LOCALHOST'],
    ['[::1]:7788'],
    ['10.1.2.3:7788'],
    ['gateway.corp.example:7788'],
  ])('may use the host %s', (host) => {
    expect(() => checkSender(requestWith({ host }), names)).not.toThrowError();
  });

  it.each([
    ['evil.example:7788'],
    ['localhost.evil.example'],
    ['127.0.0.1.evil.example'],
    ['evil.example@127.0.0.1'],
    ['127.0.0.1/evil.example'],
    [''],
    ['a b'],
  ])('is refused under a host name that is not its own: %j', (host) => {
    expect(() => checkSender(requestWith({ host }), names)).toThrowError(expect.objectContaining({ status: 421 }));
  });

  it('may be a page of this port', () => {
    const headers = { host: '127.0.0.1:7788', origin: 'http://127.0.0.1:7788', 'sec-fetch-site': 'same-origin' };

    expect(() => checkSender(requestWith(headers), names)).not.toThrowError();
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:9999' }],
    [{ origin: 'https://127.0.0.1:7788' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('is refused as a page of elsewhere: %j', (headers) => {
    expect(() => checkSender(requestWith({ host: '127.0.0.1:7788', ...headers }), names)).toThrowError(
      expect.objectContaining({ status: 403 }),
    );
  });
});

describe('the token', () => {
  const token = 'abc_DEF-123';
  const check = createTokenCheck(token);

  it.each([[`Bearer ${token}`], [`bearer ${token}`]])('is taken from %j', (authorization) => {
    expect(() => check(requestWith({ authorization }))).not.toThrowError();
  });

  it.each([
    [{}],
    [{ authorization: '' }],
    [{ authorization: token }],
    [{ authorization: 'Bearer ' }],
    [{ authorization: `Bearer ${token}x` }],
    [{ authorization: `Bearer ${token.slice(1)}` }],
    [{ authorization: `Bearer ${token.toLowerCase()}` }],
    [{ authorization: `Basic ${token}` }],
    [{ cookie: `token=${token}` }],
  ])('is missing or wrong in %j', (headers) => {
    expect(() => check(requestWith(headers))).toThrowError(
      expect.objectContaining({ status: 401, headers: { 'www-authenticate': 'Bearer' } }),
    );
  });
});
