import { describe, expect, it } from 'vitest';
import { deepFreeze, settings, valueAt, withValue } from '../../../src/config/plain.ts';

describe('plain data', () => {
  it('is copied where it is changed', () => {
    const base = { a: { b: 1 }, c: 2 };

    expect(withValue(base, ['a', 'd'], 3)).toEqual({ a: { b: 1, d: 3 }, c: 2 });
    expect(withValue(base, ['c', 'd'], 3)).toEqual({ a: { b: 1 }, c: { d: 3 } });
    expect(base).toEqual({ a: { b: 1 }, c: 2 });
  });

  it('is read by own keys only', () => {
    expect(valueAt({ a: { b: 1 } }, ['a', 'b'])).toBe(1);
    expect(valueAt({ a: 1 }, ['a', 'b'])).toBeUndefined();
    expect(valueAt({}, ['constructor'])).toBeUndefined();
  });

  it('is listed by setting', () => {
    expect(settings({ a: { b: 1, c: [2] }, d: { e: 3 }, f: undefined }, new Set(['d']))).toEqual([
      [['a', 'b'], 1],
      [['a', 'c'], [2]],
      [['d'], { e: 3 }],
    ]);
  });

  it('is frozen to its leaves', () => {
    const value = deepFreeze({ a: [{ b: 1 }] });

    expect(Object.isFrozen(value.a[0])).toBe(true);
  });
});
