import { describe, expect, it } from 'vitest';
import { constraintsFor, isCertifiable, permits, uncovered } from '../../../src/certs/constraints.ts';

describe('name constraints', () => {
  it('turns hosts into subtrees, wildcards into their domains, and drops what another covers', () => {
    expect(
      constraintsFor([
        'api.a.example',
        '*.b.example',
        'x*.c.example',
        'v.b.example',
        'API.A.example',
        '127.0.0.1',
        '::1',
      ]),
    ).toEqual({ dns: ['api.a.example', 'b.example', 'c.example'], ip: ['127.0.0.1', '::1'] });
  });

  it.each(['a.example', '*.a.example', 'x*.a.example', 'localhost', '127.0.0.1'])('can be made for %s', (pattern) => {
    expect(isCertifiable(pattern)).toBe(true);
  });

  it('permits nothing when no host is named', () => {
    expect(permits(constraintsFor([]), 'a.example')).toBe(false);
    expect(permits(constraintsFor([]), '127.0.0.1')).toBe(false);
  });

  it.each(['*', '*.com', 'x*', '*.0.0.1', 'a b', '../x', ''])('refuses the pattern %j', (pattern) => {
    expect(isCertifiable(pattern)).toBe(false);
    expect(() => constraintsFor([pattern])).toThrowError(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });

  it.each([
    ['api.a.example', true],
    ['x.api.a.example', true],
    ['API.A.EXAMPLE', true],
    ['a.example', false],
    ['notapi.a.example', false],
    ['127.0.0.1', true],
    ['127.0.0.2', false],
    ['::1', false],
    ['not a host', false],
  ])('permits %s: %s', (host, expected) => {
    expect(permits(constraintsFor(['api.a.example', '127.0.0.1']), host)).toBe(expected);
  });

  it('permits every host, and nothing that is none, where there are no constraints', () => {
    expect(permits(null, 'bank.example')).toBe(true);
    expect(permits(null, 'not a host')).toBe(false);
    expect(uncovered(null, ['a.example', '*.b.example'])).toEqual([]);
  });

  it('names the patterns that are not covered whole', () => {
    const constraints = constraintsFor(['api.a.example', '*.b.example']);

    expect(uncovered(constraints, ['*.a.example', 'x.b.example', '*.b.example', 'c.example', '*'])).toEqual([
      '*.a.example',
      'c.example',
      '*',
    ]);
  });
});
