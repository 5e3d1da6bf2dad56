import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, part } from '../../../src/core/bytes.ts';

describe('concat', () => {
  it('joins chunks, whether they lie in one piece or apart', () => {
    const whole = Buffer.from(Uint8Array.from({ length: 256 }, (_unused, n) => n));
    const range = fc.tuple(fc.nat(255), fc.nat(40)).map(([start, length]) => [start, Math.min(256, start + length)]);
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), (ranges) => {
        const chunks = ranges.map(([start = 0, end = 0]) => part(whole, start, end));
        expect(Buffer.from(concat(chunks))).toEqual(Buffer.concat(chunks));
      }),
      { numRuns: 1000 },
    );
  });

  it('copies nothing that lies in one piece', () => {
    const whole = new Uint8Array([1, 2, 3, 4, 5, 6]);
    const joined = concat([part(whole, 1, 3), part(whole, 3, 3), part(whole, 3, 5)]);
    expect([...joined]).toEqual([2, 3, 4, 5]);
    expect(joined.buffer).toBe(whole.buffer);
  });
});
