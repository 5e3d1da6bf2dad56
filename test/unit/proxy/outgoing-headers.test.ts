/** Which headers go upstream, and when trailers may follow. */
import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/core/http.ts';
import { outgoingHeaders } from '../../../src/proxy/outgoing-headers.ts';

const inspected: HeaderList = [
  ['Accept', '*/*'],
  ['Content-Length', '3'],
  ['Connection', 'x-mine'],
  ['X-Mine', '1'],
  ['Expect', '100-continue'],
  ['Trailer', 'x-sum'],
];

function client(protocol: 'http/1.1' | 'h2', headers: HeaderList, hasBody = true) {
  return { protocol, headers, hasBody };
}

describe('outgoingHeaders', () => {
  it('keeps what is meant for the vendor, without framing and what concerns the connection only', () => {
    const { headers, mayTrail, named } = outgoingHeaders(client('http/1.1', inspected), inspected, 3);

    expect(headers).toEqual([['Accept', '*/*']]);
    expect(mayTrail).toBe(false);
    expect([...named]).toContain('x-mine');
  });

  it('keeps the announcement of trailers where a chunked body has some', () => {
    const { headers, mayTrail } = outgoingHeaders(client('http/1.1', inspected), inspected, undefined);

    expect(mayTrail).toBe(true);
    expect(headers).toContainEqual(['Trailer', 'x-sum']);
  });

  it.each([
    ['says over HTTP/2 that it takes trailers', client('h2', [['te', 'trailers']]), true],
    ['says so over HTTP/1.1, where that concerns replies', client('http/1.1', [['te', 'trailers']]), false],
    ['has no body', client('h2', [['te', 'trailers']], false), false],
  ])('where a client %s', (_, side, expected) => {
    expect(outgoingHeaders(side, side.headers, undefined).mayTrail).toBe(expected);
  });
});
