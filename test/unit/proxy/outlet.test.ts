import { describe, expect, it } from 'vitest';
import { createOutlet } from '../../../src/proxy/outlet.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what an upstream reads from', () => {
  it('hands on as one what came in one turn, and what comes later by itself', async () => {
    const outlet = createOutlet(() => undefined);
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
    const outlet = createOutlet(() => (rooms += 1));
    expect(outlet.write(Buffer.alloc(65_535))).toBe(true);
    expect(outlet.write(Buffer.alloc(1))).toBe(false);

    outlet.readable.resume();
    await nextTurn();
    expect(rooms).toBeGreaterThan(0);
    expect(outlet.write(Buffer.alloc(1))).toBe(true);
    outlet.end();
  });

  it('writes nothing once it is destroyed', async () => {
    const outlet = createOutlet(() => undefined);
    outlet.write(Buffer.from('a'));
    outlet.readable.destroy();
    await nextTurn();

    expect(outlet.readable.readableLength).toBe(0);
  });
});
