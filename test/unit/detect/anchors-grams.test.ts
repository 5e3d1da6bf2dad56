import { describe, expect, it } from 'vitest';
import { shareOfGrams } from '../../../src/detect/anchors-grams.ts';
import { planOf } from '../../../src/detect/plan.ts';

/** The share of a text of four bytes. */
const shareOf = (text: string): number => shareOfGrams(Array.from(text, (char) => [char.charCodeAt(0) | 0x20]));
const letters = Array.from({ length: 26 }, (_, index) => 0x61 + index);

const windowsOf = (pattern: string): readonly string[] =>
  planOf(pattern)
    .anchoring()
    .windows.map(({ key }) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(key);
      return bytes.toString('latin1');
    });

describe('shareOfGrams', () => {
  it.each(['tion', 'http', 'name', 'mess'])('knows that %s is a part of common words', (text) => {
    expect(shareOf(text)).toBeGreaterThan(0);
  });

  it('orders them by how common they are', () => {
    expect(shareOf('tion')).toBeGreaterThan(shareOf('mess'));
  });

  it.each(['qzxv', 'ird_', 'AKIA'])('knows nothing of %s', (text) => {
    expect(shareOf(text)).toBe(0);
  });

  it('adds up what several texts take', () => {
    const [e = 0, s = 0, t = 0] = Buffer.from('est');
    const behind = letters.map((letter) => shareOfGrams([[e], [s], [t], [letter]]));
    const sum = behind.reduce((total, share) => total + share, 0);

    expect(shareOfGrams([[e], [s], [t], letters])).toBeCloseTo(sum, 12);
    expect(sum).toBeGreaterThan(Math.max(...behind));
  });
});

describe('the windows of a pattern', () => {
  it('stand in the rare word of two', () => {
    expect(windowsOf('(?i:message[_-]?bird)=[0-9a-f]{16}').every((window) => !'message'.includes(window))).toBe(true);
  });

  it('are found all the same where every word is common', () => {
    expect(windowsOf('(?i:message)=[0-9a-f]{16}').length).toBeGreaterThan(0);
  });
});
