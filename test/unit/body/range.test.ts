import { describe, expect, it } from 'vitest';
import { covers, overlaps } from '../../../src/body/range.ts';

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
});
