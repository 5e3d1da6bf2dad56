import { describe, expect, it } from 'vitest';
import { remembered } from '../../../../src/detect/checks/remembered.ts';

describe('what was found of a value last', () => {
  it('is not worked out again while the same value is asked about', () => {
    const asked: string[] = [];
    const length = remembered((value) => {
      asked.push(value);
      return value.length;
    });

    expect([length('ab'), length('ab'), length('abc'), length('ab')]).toEqual([2, 2, 3, 2]);
    expect(asked).toEqual(['ab', 'abc', 'ab']);
  });

  it('is kept apart for each function', () => {
    const isShort = remembered((value) => value.length < 3);
    const isLong = remembered((value) => value.length >= 3);

    expect([isShort('ab'), isLong('ab'), isShort('abc'), isLong('abc')]).toEqual([true, false, false, true]);
  });
});
