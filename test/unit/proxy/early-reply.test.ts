import { describe, expect, it } from 'vitest';
import { EarlyReply } from '../../../src/proxy/early-reply.ts';

describe('what comes before it may be passed on', () => {
  it('is held in order, until there is enough of it', () => {
    const early = new EarlyReply({ status: 200, headers: [] });

    expect([early.add(Buffer.alloc(65_535, 1)), early.add(Buffer.of(2))]).toEqual([true, false]);
    expect(early.bytes).toBe(65_536);
    expect(early.chunks.map((chunk) => chunk[0])).toEqual([1, 2]);
  });
});
