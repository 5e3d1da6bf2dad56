import { describe, expect, it } from 'vitest';
import { createPendingBudget } from '../../../src/proxy/pending-budget.ts';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

describe('what waits for slow clients', () => {
  it('may be a megabyte for one', () => {
    const share = createPendingBudget().share();

    expect(share.isOver(megabyte)).toBe(false);
    expect(share.isOver(megabyte + 1)).toBe(true);
  });

  it('stays below 16 MB for 200 that are stalled, however they came', () => {
    const budget = createPendingBudget();
    for (let n = 0; n < 200; n += 1) {
      const share = budget.share();
      for (let pending = 0; !share.isOver(pending);) pending += 16 * kilobyte;
    }

    expect(budget.usedBytes).toBeLessThan(16 * megabyte);
  });

  it('is given back', () => {
    const budget = createPendingBudget();
    const share = budget.share();
    share.isOver(500);
    share.isOver(200);
    expect(budget.usedBytes).toBe(200);
    share.release();
    share.release();

    expect(budget.usedBytes).toBe(0);
  });
});
