import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../../src/core/bytes.ts';
import { createBodyHold } from '../../../src/proxy/body-hold.ts';

describe('a held body', () => {
  it('is what was added, however it was cut and whatever length was announced', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(chunks, fc.option(fc.nat(30_000), { nil: undefined }), (added, expected) => {
        const hold = createBodyHold(expected);
        const held = added.map((chunk) => hold.add(chunk));
        expect(held.map((chunk) => Buffer.from(chunk))).toEqual(added.map((chunk) => Buffer.from(chunk)));
      }),
      { numRuns: 1000 },
    );
  });

  it('lies in one piece where its length is known, and is joined without a copy', () => {
    const hold = createBodyHold(9);
    const whole = concat(['abc', 'def', 'ghi'].map((text) => hold.add(Buffer.from(text))));
    expect(Buffer.from(whole).toString()).toBe('abcdefghi');
    expect(whole.buffer.byteLength).toBe(9);
  });

  it('is the chunk itself where it comes in one', () => {
    const chunk = Buffer.from('abc');
    expect(createBodyHold(3).add(chunk)).toBe(chunk);
  });

  it('does not depend on what becomes of the chunk', () => {
    const chunk = Buffer.from('abc');
    const held = createBodyHold(undefined).add(chunk);
    chunk.fill(0);
    expect(Buffer.from(held).toString()).toBe('abc');
  });
});
