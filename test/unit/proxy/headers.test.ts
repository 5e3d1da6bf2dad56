import { describe, expect, it } from 'vitest';
import { endToEnd, fromFlat, joinCookies, namedByConnection, toFlat, toGrouped } from '../../../src/proxy/headers.ts';

describe('headers between hops', () => {
  it('come and go as flat arrays, without pseudo-headers', () => {
    const flat = ['X-B', '1', 'x-a', '2', 'X-B', '3'];

    expect(toFlat(fromFlat([':method', 'GET', ...flat]))).toEqual(flat);
    expect(fromFlat(flat.map((text) => Buffer.from(text)))).toEqual(fromFlat(flat));
  });

  it('lose what is for one hop, whether Connection names it or not', () => {
    const headers = fromFlat([
      'Connection',
      'close, X-Hop',
      'X-Hop',
      '1',
      'Keep-Alive',
      '5',
      'TE',
      'gzip',
      'X-End',
      '2',
    ]);

    expect(endToEnd(headers, namedByConnection(headers))).toEqual([['X-End', '2']]);
  });

  it('keep framing and routing even where Connection names them', () => {
    const headers = fromFlat(['Connection', 'content-length, host', 'Host', 'a', 'Content-Length', '3']);

    expect(endToEnd(headers, namedByConnection(headers))).toEqual([
      ['Host', 'a'],
      ['Content-Length', '3'],
    ]);
  });

  it('keep `te: trailers` only where it is asked for, and no other value', () => {
    expect(endToEnd([['te', 'trailers']], new Set(), true)).toEqual([['te', 'trailers']]);
    expect(endToEnd([['te', 'trailers']], new Set())).toEqual([]);
    expect(endToEnd([['te', 'gzip']], new Set(), true)).toEqual([]);
  });

  it('are grouped in order without touching a prototype', () => {
    const grouped = toGrouped(fromFlat(['A', '1', '__proto__', 'x', 'a', '2', 'constructor', 'y']));

    expect(Object.entries(grouped)).toEqual([
      ['a', ['1', '2']],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('join the cookies that HTTP/2 splits, where the first stands', () => {
    const headers = fromFlat(['a', '1', 'cookie', 'x=1', 'b', '2', 'cookie', 'y=2']);

    expect(joinCookies(headers)).toEqual(fromFlat(['a', '1', 'cookie', 'x=1; y=2', 'b', '2']));
  });
});
