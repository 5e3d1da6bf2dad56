import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLinger } from '../../../src/proxy/linger.ts';

describe('work that nobody waits for', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is done together, after a moment', () => {
    const done: string[] = [];
    const linger = createLinger(5);
    linger.add(() => done.push('a'));
    vi.advanceTimersByTime(4);
    linger.add(() => done.push('b'));
    expect(done).toEqual([]);

    vi.advanceTimersByTime(1);
    expect(done).toEqual(['a', 'b']);
  });

  it('is not done twice, and later work is done later', () => {
    const done: string[] = [];
    const linger = createLinger(5);
    const first = (): void => void done.push('first');
    linger.add(first);
    linger.remove(first);
    vi.advanceTimersByTime(5);
    linger.add(() => done.push('second'));
    vi.advanceTimersByTime(4);
    expect(done).toEqual([]);

    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(50);
    expect(done).toEqual(['second']);
  });
});
