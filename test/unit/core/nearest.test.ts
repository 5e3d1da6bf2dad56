import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/core/nearest.ts';

describe('the nearest known name', () => {
  it.each([
    ['destinatons', 'destinations'],
    ['bodyByte', 'bodyBytes'],
    ['severty', 'severity'],
    ['msak', 'mask'],
    ['Listen', 'listen'],
    ['zzzzzz', undefined],
    ['', undefined],
    ['x'.repeat(1000), undefined],
  ])('of %s is %s', (unknown, expected) => {
    expect(nearest(unknown, ['destinations', 'bodyBytes', 'severity', 'mask', 'listen'])).toBe(expected);
  });
});
