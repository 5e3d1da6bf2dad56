import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, overlaps, RangeIndex } from '../../../src/body/range.ts';

describe('ranges', () => {
  const range = { start: 5, end: 10 };

  it.each([
    [{ start: 0, end: 5 }, false, false],
    [{ start: 10, end: 12 }, false, false],
    [{ start: 4, end: 6 }, true, false],
    [{ start: 5, end: 10 }, true, true],
    [{ start: 6, end: 9 }, true, true],
    [{ start: 0, end: 20 }, true, false],
  ])('compares with %j', (other, isOverlapping, isCovered) => {
    expect([overlaps(range, other), covers(range, other)]).toEqual([isOverlapping, isCovered]);
  });

  it('answers for many ranges what it answers for each', () => {
    const anyRange = fc
      .tuple(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 8 }))
      .map(([start, size]) => ({ start, end: start + size }));
    fc.assert(
      fc.property(fc.array(anyRange, { maxLength: 8 }), anyRange, (ranges, other) => {
        const index = new RangeIndex(ranges);

        expect(index.covers(other)).toBe(ranges.some((one) => covers(one, other)));
        expect(index.overlaps(other)).toBe(ranges.some((one) => overlaps(one, other)));
      }),
      { numRuns: 2000 },
    );
  });
});
