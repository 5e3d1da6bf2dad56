import { describe, expect, it } from 'vitest';
import { createSlots } from '../../../../src/app/detector/slots.ts';

describe('slots', () => {
  it('let so many go on at one time, the others in the order in which they came', async () => {
    const slots = createSlots(2);
    const order: string[] = [];
    const releases = [await slots.take(), await slots.take()];
    const third = slots.take().then((release) => (order.push('third'), release));
    const fourth = slots.take().then((release) => (order.push('fourth'), release));
    await Promise.resolve();
    expect(order).toEqual([]);

    releases[0]?.();
    (await third)();
    (await fourth)();
    releases[1]?.();

    expect(order).toEqual(['third', 'fourth']);
    // All are free again.
    await Promise.all([slots.take(), slots.take()]);
  });
});
