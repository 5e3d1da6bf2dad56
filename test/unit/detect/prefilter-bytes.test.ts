import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createRareBytes } from '../../../src/detect/prefilter-bytes.ts';
import { createHits } from '../../../src/detect/prefilter.ts';

describe('the rare byte', () => {
  it('is found wherever it stands in the range, with the list of all who wait for it', () => {
    const rare = createRareBytes([3, 5], 7);
    const hits = createHits(1);
    const count = rare.collect(utf8('@a@b@'), 1, 4, hits);

    expect([count, hits.positions[0], hits.lists[0], hits.next]).toEqual([1, 2, 7, 4]);
    expect(rare.lists).toEqual([
      [
        { rule: 3, offset: 0 },
        { rule: 5, offset: 0 },
      ],
    ]);
    expect(rare.next(utf8('ab@'), 0, 2)).toBe(-1);
  });

  it('is not looked for when nobody waits for it', () => {
    const hits = createHits(0);

    expect(createRareBytes([], 0).collect(utf8('@@'), 0, 2, hits)).toBe(0);
  });

  it('goes on where there was no more room', () => {
    const rare = createRareBytes([0], 0);
    const bytes = utf8('@'.repeat(40_000));
    const hits = createHits(1);
    let found = 0;
    for (hits.next = 0; hits.next < bytes.length;) found += rare.collect(bytes, hits.next, bytes.length, hits);

    expect(found).toBe(40_000);
  });
});
