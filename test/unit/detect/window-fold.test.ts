/** What windows do not tell apart. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { alike, foldByte, foldWord } from '../../../src/detect/window-fold.ts';

function charOf(byte: number): string {
  return String.fromCharCode(byte);
}

describe('a window', () => {
  it.each([
    ['capitals from small letters', 'GHP_', 'ghp\x7f'],
    ['one digit from another', '1:59', '0:00'],
    ['signs beside the digits, which stay as they are', '/:;?', '/:;?'],
  ])('does not tell %s', (_, text, folded) => {
    expect([...utf8(text)].map((byte) => charOf(foldByte(byte))).join('')).toBe(folded);
  });

  it('has every byte of a word as it has the byte alone', () => {
    for (let byte = 0; byte < 256; byte++) {
      const bytes = [byte, 0x39, (byte * 7 + 3) & 0xff, 255 - byte];
      const word = bytes.reduce((sum, each, index) => sum | (each << (8 * index)), 0);
      const folded = bytes.reduce((sum, each, index) => sum | (foldByte(each) << (8 * index)), 0);

      expect(foldWord(word)).toBe(folded);
    }
  });

  it('takes all digits for one, and every other byte for itself', () => {
    expect(alike(foldByte(0x37)).map(charOf).join('')).toBe('0123456789');
    expect(alike(foldByte(0x41))).toEqual([0x61]);
  });
});
