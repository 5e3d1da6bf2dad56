import { describe, expect, it } from 'vitest';
import { mayBlock, stricter, strictness } from '../../../src/policy/layer.ts';

describe('the stricter of two values', () => {
  it.each([
    ['tunnel', 'inspect', 'inspect'],
    ['block', 'tunnel', 'block'],
    ['inspect', undefined, 'inspect'],
  ] as const)('%s and %s: %s', (a, b, expected) => {
    expect(stricter(strictness.destination, a, b)).toBe(expected);
  });
});

describe('a layer', () => {
  it('may block when one of its entries does', () => {
    const entry = { when: {}, exceptions: true } as const;

    expect(mayBlock({ name: 'x' })).toBe(false);
    expect(mayBlock({ name: 'x', policy: [{ ...entry, action: 'mask' }] })).toBe(false);
    expect(mayBlock({ name: 'x', policy: [{ ...entry, action: 'block' }] })).toBe(true);
  });
});
