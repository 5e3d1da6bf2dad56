import { describe, expect, it } from 'vitest';
import { numberRuns } from '../../../src/body/number-runs.ts';

const runs = (text: string): readonly number[] => numberRuns(Buffer.from(text), { start: 0, end: text.length }, 4);

describe('runs of numbers', () => {
  it.each([
    ['decimal ones', '103, 104, 112, 95', [0]],
    ['behind another mark', '7: 103, 104, 112, 95', [3]],
    ['pairs of hex digits', '67 68 70 5f', [0]],
    ['hex digits behind 0x', '0x67, 0x68, 0x70, 0xa', [0]],
    ['over numbered lines', '103, 104,\n 13\t112,\n 14\t95', [0]],
    ['two of them', '103, 104, 112, 95; 67:68:70:5f', [0, 19]],
    ['longer ones, once', '103, 104, 112, 95, 103, 104', [0]],
  ])('begin at %s', (_what, text, starts) => {
    expect(runs(text)).toEqual(starts);
  });

  it.each([
    ['too few', '103, 104, 112'],
    ['other separators', '103, 104: 112, 95: 103'],
    ['numbers too large', '1030, 1040, 1120, 950'],
    ['controls', '1, 2, 3, 4, 5'],
    ['both kinds of digits', '103, 5f, 112, 6b, 114'],
  ])('are none: %s', (_what, text) => {
    expect(runs(text)).toEqual([]);
  });
});
