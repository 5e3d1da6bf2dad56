import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../../src/body/byte-queue.ts';

describe('byte queue', () => {
  it('releases views of the chunks it was given', () => {
    const queue = new ByteQueue();
    const chunk = Buffer.from('abcdef');
    queue.push(chunk);

    const [first] = queue.release(2, []);
    const [rest] = queue.release(6, []);

    expect(first?.buffer).toBe(chunk.buffer);
    expect([first?.length, rest?.length, queue.released, queue.length]).toEqual([2, 4, 6, 6]);
  });

  it('applies splices at absolute offsets', () => {
    const queue = new ByteQueue();
    queue.push(Buffer.from('abc'));
    queue.push(Buffer.from('defg'));
    queue.release(1, []);

    const output = queue.release(6, [{ start: 2, end: 5, replacement: Buffer.from('X') }]);

    expect(Buffer.concat([...output]).toString()).toBe('bXf');
  });

  it('reads any held range', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(chunks, fc.nat(), fc.nat(), fc.nat(), (parts, a, b, c) => {
        const whole = Buffer.concat(parts);
        const [from = 0, start = 0, end = 0] = [a, b, c].map((n) => n % (whole.length + 1)).toSorted((x, y) => x - y);
        const queue = new ByteQueue();
        for (const part of parts) queue.push(part);

        expect(Buffer.concat([...queue.release(from, [])]).equals(whole.subarray(0, from))).toBe(true);
        expect(Buffer.from(queue.slice(start, end)).equals(whole.subarray(start, end))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
