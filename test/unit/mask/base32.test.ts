import { describe, expect, it } from 'vitest';
import { base32, isBase32Code } from '../../../src/mask/base32.ts';

describe('base32', () => {
  // RFC 4648 §10, in lower case and without padding.
  it.each([
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['fooba', 'mzxw6ytb'],
  ])('writes %j as the RFC does', (text, expected) => {
    const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(1)]);
    expect(base32(bytes, expected.length)).toBe(expected);
  });

  it('knows its alphabet', () => {
    const accepted = [...Array(128).keys()].filter(isBase32Code).map((code) => String.fromCharCode(code));
    expect(accepted.join('')).toBe('234567abcdefghijklmnopqrstuvwxyz');
  });
});
