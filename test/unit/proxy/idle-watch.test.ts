import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIdleWatch } from '../../../src/proxy/idle-watch.ts';

describe('what stands still', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([0, 10, 20])('is noticed after its time and not before, begun %s ms after another', (afterMs) => {
    const idle: string[] = [];
    const watch = createIdleWatch(100);
    watch(() => idle.push('first'));
    vi.advanceTimersByTime(afterMs);
    watch(() => idle.push('second'));
    vi.advanceTimersByTime(99);
    expect(idle).not.toContain('second');

    vi.advanceTimersByTime(27);
    expect(idle).toEqual(['first', 'second']);
    vi.advanceTimersByTime(1_000);
    expect(idle).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on while it moves', () => {
    let isIdle = false;
    const one = createIdleWatch(100)(() => (isIdle = true));
    for (let n = 0; n < 10; n += 1) {
      vi.advanceTimersByTime(90);
      one.moved();
    }
    expect(isIdle).toBe(false);

    vi.advanceTimersByTime(126);
    expect(isIdle).toBe(true);
  });

  it('is not noticed once it has ended', () => {
    let isIdle = false;
    const one = createIdleWatch(100)(() => (isIdle = true));
    one.end();
    one.end();
    vi.advanceTimersByTime(1_000);

    expect(isIdle).toBe(false);
  });
});
