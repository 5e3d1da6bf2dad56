import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplices, type Splice } from '../../../src/body/splice.ts';

const splice = (start: number, end: number, text: string): Splice => ({ start, end, replacement: Buffer.from(text) });

describe('splicing', () => {
  it('returns the same chunks when there is nothing to replace', () => {
    const chunks = [Buffer.from('ab'), Buffer.from('cd')];

    expect(applySplices(chunks, [])).toBe(chunks);
  });

  it('keeps chunks without a splice by reference', () => {
    const chunks = [Buffer.from('ab'), Buffer.from('cd'), Buffer.from('ef')];

    const output = applySplices(chunks, [splice(2, 4, 'X')]);

    expect(output[0]).toBe(chunks[0]);
    expect(output.at(-1)).toBe(chunks[2]);
  });

  it('does to chunks what it does to the whole', () => {
    const ranges = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 6 })), { maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), ranges, fc.array(fc.nat({ max: 40 })), (bytes, gaps, cuts) => {
        const splices: Splice[] = [];
        let at = 0;
        for (const [gap, size] of gaps) {
          if (at + gap + size > bytes.length) break;
          splices.push(splice(at + gap, at + gap + size, 'new'));
          at += gap + size;
        }
        let expected = Buffer.from(bytes);
        for (const { start, end, replacement } of splices.toReversed()) {
          expected = Buffer.concat([expected.subarray(0, start), replacement, expected.subarray(end)]);
        }
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));

        expect(Buffer.concat([...applySplices(chunks, splices)]).equals(expected)).toBe(true);
        const moved = splices.map((one) => ({ ...one, start: one.start + 100, end: one.end + 100 }));
        expect(Buffer.concat([...applySplices(chunks, moved, 100)]).equals(expected)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
