import { describe, expect, it } from 'vitest';
import { OffsetMap } from '../../../src/body/offset-map.ts';

describe('offset map', () => {
  // raw:     a \n b \u0041 c      decoded: a . b . c
  const map = new OffsetMap();
  map.add(1, 2, 1);
  map.add(4, 6, 1);

  it.each([
    [0, 1, 0, 1],
    [1, 2, 1, 3],
    [2, 3, 3, 4],
    [3, 4, 4, 10],
    [4, 5, 10, 11],
    [0, 5, 0, 11],
    [3, 3, 4, 4],
    [5, 5, 11, 11],
  ])('maps %i-%i to %i-%i', (start, end, rawStart, rawEnd) => {
    expect(map.toRaw(start, end)).toEqual({ start: rawStart, end: rawEnd });
  });
});
