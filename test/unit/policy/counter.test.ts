import { describe, expect, it } from 'vitest';
import { createFindingCounts } from '../../../src/policy/counter.ts';

const hourMs = 3_600_000;

describe('counts of findings', () => {
  it('count each value once, each entry and request for itself', () => {
    const counts = createFindingCounts();
    const first = counts.forRequest(0);

    expect([first.add('a', 'request', 'x'), first.add('a', 'request', 'x'), first.add('a', 'request', 'y')]).toEqual([
      1, 1, 2,
    ]);
    expect(first.add('b', 'request', 'x')).toBe(1);
    expect(counts.forRequest(1).add('a', 'request', 'y')).toBe(1);
  });

  it('forget what was last seen an hour ago, and keep what was seen again', () => {
    const counts = createFindingCounts();
    counts.forRequest(0).add('a', 'hour', 'old');
    counts.forRequest(0).add('a', 'hour', 'kept');
    counts.forRequest(hourMs / 2).add('a', 'hour', 'kept');

    expect(counts.forRequest(hourMs - 1).add('a', 'hour', 'new')).toBe(3);
    expect(counts.forRequest(hourMs).add('a', 'hour', 'new')).toBe(2);
  });
});
