import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteOffsets } from '../../../../src/app/detector/code-points.ts';

describe('code points as bytes', () => {
  it.each([
    ['ASCII', 'abc', [0, 1, 3], [0, 1, 3]],
    ['umlauts', 'äbc', [0, 1, 3], [0, 2, 4]],
    ['another script', '王小明', [1, 3], [3, 9]],
    ['astral characters', '🙂 Anna', [0, 1, 2, 6], [0, 4, 5, 9]],
    ['characters that join others', 'e\u0301x', [1, 2, 3], [1, 3, 4]],
    ['a flag and a family', '🇩🇪👩‍👧', [2, 3, 4, 5], [8, 12, 15, 19]],
    ['the end of an empty text', '', [0], [0]],
  ])('counts %s', (_, text, points, bytes) => {
    expect(points.map((point) => byteOffsets(text, points)?.get(point))).toEqual(bytes);
  });

  it.each([
    ['behind the end', [4]],
    ['before the beginning', [-1]],
    ['between two characters', [0.5]],
    ['nowhere', [Number.NaN]],
  ])('knows no place %s', (_, points) => {
    expect(byteOffsets('abc', points)).toBeUndefined();
  });

  it('agrees with the text itself, cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(60), { maxLength: 8 }), (text, points) => {
        const characters = Array.from(text);
        const inside = points.filter((point) => point <= characters.length);
        const offsets = byteOffsets(text, inside);

        for (const point of inside) {
          expect(offsets?.get(point)).toBe(Buffer.byteLength(characters.slice(0, point).join('')));
        }
        expect(byteOffsets(text, points) === undefined).toBe(inside.length < points.length);
      }),
      { numRuns: 1000 },
    );
  });
});
