import { describe, expect, it } from 'vitest';
import { blockBytesAmong, createOutlet } from '../../../src/proxy/outlet.ts';

const usual = (): number => blockBytesAmong(1);

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what an upstream reads from', () => {
  it('hands on as one what came in one turn, and what comes later by itself', async () => {
    const outlet = createOutlet(() => undefined, usual);
    const blocks: string[] = [];
    outlet.readable.on('data', (block: Buffer) => void blocks.push(block.toString()));
    outlet.write(Buffer.from('a'));
    outlet.write(Buffer.from('b'));
    await nextTurn();
    outlet.write(Buffer.from('c'));
    outlet.end();
    await new Promise((resolve) => outlet.readable.on('end', resolve));

    expect(blocks).toEqual(['ab', 'c']);
  });

  it('wants no more while nobody reads, and says when there is room', async () => {
    let rooms = 0;
    const outlet = createOutlet(() => (rooms += 1), usual);
    expect(outlet.write(Buffer.alloc(65_535))).toBe(true);
    expect(outlet.write(Buffer.alloc(1))).toBe(false);

    outlet.readable.resume();
    await nextTurn();
    expect(rooms).toBeGreaterThan(0);
    expect(outlet.write(Buffer.alloc(1))).toBe(true);
    outlet.end();
  });

  it('hands on smaller blocks where many are under way', async () => {
    const outlet = createOutlet(
      () => undefined,
      () => blockBytesAmong(200),
    );
    const blocks: number[] = [];
    outlet.readable.on('data', (block: Buffer) => void blocks.push(block.length));
    for (let at = 0; at < 4; at += 1) outlet.write(Buffer.alloc(16_384));
    await nextTurn();
    outlet.end();

    expect(blocks).toEqual([32_768, 32_768]);
  });

  it.each([
    { exchanges: 1, bytes: 65_536 },
    { exchanges: 64, bytes: 65_536 },
    { exchanges: 128, bytes: 32_768 },
    { exchanges: 1_000, bytes: 16_384 },
  ])('lets a block be $bytes bytes among $exchanges', ({ exchanges, bytes }) => {
    expect(blockBytesAmong(exchanges)).toBe(bytes);
  });

  it('lets one block wait, however small, and no more', () => {
    const outlet = createOutlet(
      () => undefined,
      () => blockBytesAmong(1_000),
    );
    expect(outlet.write(Buffer.alloc(16_383))).toBe(true);
    expect(outlet.write(Buffer.alloc(1))).toBe(false);
    outlet.readable.destroy();
  });

  it('writes nothing once it is destroyed', async () => {
    const outlet = createOutlet(() => undefined, usual);
    outlet.write(Buffer.from('a'));
    outlet.readable.destroy();
    await nextTurn();

    expect(outlet.readable.readableLength).toBe(0);
  });
});
