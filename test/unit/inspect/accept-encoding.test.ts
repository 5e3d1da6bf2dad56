import { describe, expect, it } from 'vitest';
import { acceptableCodings } from '../../../src/inspect/accept-encoding.ts';

const readable = new Set(['identity', 'gzip', 'deflate', 'br']);

describe('accept-encoding', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'gzip, deflate, br'],
    ['gzip,  deflate;q=0.5', 'gzip,  deflate;q=0.5'],
    ['zstd', 'identity'],
    ['*', 'identity'],
    ['GZIP;q=1.0, x-new', 'GZIP;q=1.0'],
  ])('offers of %s what can be read', (offered, expected) => {
    expect(acceptableCodings([['Accept-Encoding', offered]], readable)).toEqual([['Accept-Encoding', expected]]);
  });

  it('adds nothing where nothing is offered', () => {
    expect(acceptableCodings([['accept', '*/*']], readable)).toEqual([['accept', '*/*']]);
  });
});
