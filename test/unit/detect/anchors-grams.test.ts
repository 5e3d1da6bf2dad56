import { describe, expect, it } from 'vitest';
import { shareOfGram } from '../../../src/detect/anchors-grams.ts';
import { planOf } from '../../../src/detect/plan.ts';

const keyOf = (letters: string): number => Buffer.from(letters).readUInt32BE();

const windowsOf = (pattern: string): readonly string[] =>
  planOf(pattern)
    .anchoring()
    .windows.map(({ key }) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(key);
      return bytes.toString('latin1');
    });

describe('shareOfGram', () => {
  it.each(['tion', 'http', 'name', 'mess'])('knows that %s is a part of common words', (letters) => {
    expect(shareOfGram(keyOf(letters))).toBeGreaterThan(0);
  });

  it('orders them by how common they are', () => {
    expect(shareOfGram(keyOf('tion'))).toBeGreaterThan(shareOfGram(keyOf('mess')));
  });

  it.each(['qzxv', 'ird_', 'AKIA'])('knows nothing of %s', (letters) => {
    expect(shareOfGram(keyOf(letters))).toBe(0);
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
