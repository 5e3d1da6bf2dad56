import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGatherMemory } from '../../../src/proxy/gather-memory.ts';

describe('the memory of gathered bodies', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is taken at once while there is room', () => {
    const memory = createGatherMemory(() => 100, 1_000);
    const lease = memory.lease();

    expect(lease.take(60)).toBe(true);
    expect(memory.usedBytes).toBe(60);
    lease.release();
    lease.release();
    expect(memory.usedBytes).toBe(0);
  });

  it('is waited for in order, and given when another is done', async () => {
    const memory = createGatherMemory(() => 100, 1_000);
    const [first, large, small] = [memory.lease(), memory.lease(), memory.lease()];
    void first.take(80);
    const largeTaken = large.take(90);
    const smallTaken = small.take(5);
    const served: string[] = [];
    void Promise.resolve(largeTaken).then(() => served.push('large'));
    void Promise.resolve(smallTaken).then(() => served.push('small'));
    first.release();
    await vi.advanceTimersByTimeAsync(0);

    expect(served).toEqual(['large', 'small']);
    expect(memory.usedBytes).toBe(95);
  });

  it('is refused to who waits too long, and leaves the queue', async () => {
    const memory = createGatherMemory(() => 100, 1_000);
    void memory.lease().take(80);
    const late = memory.lease().take(50);
    const behind = memory.lease().take(10);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(await late).toBe(false);
    // It had waited as long, but the room was there once the one before it had left.
    expect(await behind).toBe(true);
    expect(memory.usedBytes).toBe(90);
  });

  it('is not held by who gave up while waiting', async () => {
    const memory = createGatherMemory(() => 100, 1_000);
    const [holder, waiter] = [memory.lease(), memory.lease()];
    void holder.take(80);
    const taken = waiter.take(50);
    waiter.release();
    holder.release();

    expect(await taken).toBe(false);
    expect(memory.usedBytes).toBe(0);
  });

  it('is given only to who is seen to be there, and those who have gone leave before there is any', async () => {
    const memory = createGatherMemory(() => 100, 10_000);
    const holder = memory.lease();
    void holder.take(80);
    const order: string[] = [];
    const [gone, there] = [memory.lease(), memory.lease()];
    const goneTaken = gone.take(50, async () => {
      order.push('read on for the one that has gone');
      gone.release();
    });
    let isSeen = (): void => undefined;
    const thereTaken = there.take(50, () => {
      order.push('read on for the one that is there');
      return new Promise((resolve) => (isSeen = resolve));
    });
    void Promise.resolve(thereTaken).then((hasRoom) => order.push(`room: ${hasRoom}`));
    await vi.advanceTimersByTimeAsync(0);
    expect(await goneTaken).toBe(false);
    holder.release();
    await vi.advanceTimersByTimeAsync(0);
    order.push('seen');
    isSeen();
    await vi.advanceTimersByTimeAsync(0);

    expect(order).toEqual([
      'read on for the one that has gone',
      'read on for the one that is there',
      'seen',
      'room: true',
    ]);
  });

  it('is given after a moment to who may be there but sends nothing', async () => {
    const memory = createGatherMemory(() => 100, 10_000);
    const holder = memory.lease();
    void holder.take(80);
    const taken = memory.lease().take(50, () => new Promise(() => undefined));
    holder.release();
    await vi.advanceTimersByTimeAsync(1_000);

    expect(await taken).toBe(true);
  });

  it('lets one body that is larger than everything have it all', () => {
    expect(
      createGatherMemory(() => 100, 1_000)
        .lease()
        .take(500),
    ).toBe(true);
  });

  it('is taken from whoever hardly brings what others wait for', async () => {
    const memory = createGatherMemory(() => 100, 10_000);
    const [slow, brisk] = [memory.lease(), memory.lease()];
    const told: string[] = [];
    void slow.take(60);
    void brisk.take(30);
    slow.watch(() => {
      told.push('slow');
      slow.release();
    });
    const pace = brisk.watch(() => told.push('brisk'));
    const trickle = setInterval(() => pace.moved(30_000), 1_000);
    const waiting = memory.lease().take(50);
    await vi.advanceTimersByTimeAsync(2_500);
    clearInterval(trickle);

    expect(told).toEqual(['slow']);
    expect(await waiting).toBe(true);
  });

  it('stays with whoever is slow while nobody waits, has all, or waits too', async () => {
    const memory = createGatherMemory(() => 100, 10_000);
    const [slow, whole, waits] = [memory.lease(), memory.lease(), memory.lease()];
    const told: string[] = [];
    void slow.take(50);
    void whole.take(40);
    const pace = slow.watch(() => told.push('slow'));
    await vi.advanceTimersByTimeAsync(60_000);
    pace.end();
    whole.watch(() => told.push('whole')).end();
    waits.watch(() => told.push('waits'));
    void waits.take(50);
    await vi.advanceTimersByTimeAsync(9_000);

    expect(told).toEqual([]);
  });
});
