import { describe, expect, it } from 'vitest';
import { valueText } from '../../../src/mask/value-text.ts';

describe('the text of a value', () => {
  it.each([
    ['plain', [0x61, 0x62], 'ab'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    ['U+D7FF, which begins like a surrogate', [0xed, 0x9f, 0xbf], '\ud7ff'],
    ['a lone surrogate', [0x61, 0xed, 0xa0, 0xbd, 0x62], 'a\ud83db'],
  ])('keeps %s', (_name, bytes, expected) => {
    expect(valueText(Uint8Array.from(bytes))).toBe(expected);
  });
});
