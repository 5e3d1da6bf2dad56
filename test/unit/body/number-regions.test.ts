import { describe, expect, it } from 'vitest';
import { leastRegion, numberRegions } from '../../../src/body/number-regions.ts';

const numbers = '103, 104, '.repeat(20);

describe('regions of numbers', () => {
  it('are met wherever they begin, with all that belongs to them', () => {
    for (let before = 0; before < 130; before += 1) {
      const text = `${'w'.repeat(before)}${numbers}w`;
      expect(numberRegions(Buffer.from(text))).toEqual([{ start: before, end: before + numbers.length }]);
    }
  });

  it('are met among blanks too', () => {
    const text = `word [${Array.from({ length: 30 }, () => '103').join(`,\n${' '.repeat(12)}`)}] word`;
    expect(numberRegions(Buffer.from(text))).toHaveLength(1);
  });

  it.each([
    ['words', 'some words of a text and 12 numbers, '.repeat(20)],
    ['indentation', `${' '.repeat(60)}word\n`.repeat(20)],
    ['few numbers', `${numbers.slice(0, leastRegion - 6)}word `.repeat(9)],
    ['nothing', ''],
  ])('are none in %s', (_what, text) => {
    expect(numberRegions(Buffer.from(text))).toEqual([]);
  });
});
