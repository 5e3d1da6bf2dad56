import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../../src/proxy/body-blocks.ts';

const blockBytes = 131_072;

async function blocksOf(body: Uint8Array | Readable): Promise<Buffer[]> {
  if (!(body instanceof Readable)) return [Buffer.from(body)];
  const blocks: Buffer[] = [];
  for await (const block of body) if (Buffer.isBuffer(block)) blocks.push(block);
  return blocks;
}

/** Bytes that differ at every place nearby. */
const patterned = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_unused, n) => n % 251));

describe('a body on its way', () => {
  it('is one buffer while it is small', () => {
    const body = bodyOf([Buffer.from('ab'), Buffer.from('c')], 3);

    expect(Buffer.isBuffer(body) || body instanceof Uint8Array).toBe(true);
    expect(body).toEqual(new Uint8Array(Buffer.from('abc')));
  });

  it('is itself, however it was cut', async () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 70_000 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(cuts, async (sizes) => {
        const whole = patterned(sizes.reduce((sum, size) => sum + size, 0));
        let at = 0;
        const chunks = sizes.map((size) => whole.subarray(at, (at += size)));

        expect(Buffer.concat(await blocksOf(bodyOf(chunks, whole.length))).equals(whole)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('goes in blocks where one chunk is large, and keeps none that has gone', async () => {
    const whole = patterned(2 * blockBytes + 10);
    const chunks: Uint8Array[] = [whole];
    const blocks = await blocksOf(bodyOf(chunks, whole.length));

    expect(blocks.map(({ length }) => length)).toEqual([blockBytes, blockBytes, 10]);
    expect(chunks.map(({ length }) => length)).toEqual([0]);
  });
});
