import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/clock.ts';

describe('ids', () => {
  it('are 26 characters that sort by time and never come twice', async () => {
    const first = Array.from({ length: 2000 }, () => systemClock.newId());
    const startedMs = systemClock.nowMs();
    await new Promise<void>((resolve) => {
      const look = (): void => void (systemClock.nowMs() > startedMs ? resolve() : setImmediate(look));
      look();
    });
    const later = systemClock.newId();

    expect(new Set(first).size).toBe(2000);
    for (const id of first) {
      expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
      expect(id < later).toBe(true);
    }
  });
});
