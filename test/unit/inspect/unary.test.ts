import { describe, expect, it } from 'vitest';
import { declaredLength, isUnary } from '../../../src/inspect/unary.ts';

describe('a unary body', () => {
  it.each([
    [[['Content-Length', '12']], true],
    [[['content-type', 'application/json; charset=utf-8']], true],
    [[['content-type', 'application/x-www-form-urlencoded']], true],
    [[['content-type', 'multipart/form-data; boundary=x']], true],
    [[['content-type', 'application/grpc']], false],
    [[['content-type', 'application/x-ndjson']], false],
    [[], false],
  ] as const)('is known by its length or type: %j', (headers, expected) => {
    expect(isUnary({ method: 'POST', headers })).toBe(expected);
  });

  it('takes no length that is not a number', () => {
    expect(declaredLength([['content-length', '1e3']])).toBeUndefined();
  });
});
