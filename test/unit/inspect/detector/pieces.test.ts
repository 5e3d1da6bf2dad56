import fc from 'fast-check';
import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { pieces } from '../../../../src/inspect/detector/pieces.ts';

const cut = (text: string, most: number): readonly string[] =>
  pieces(Buffer.from(text), most).map(({ start, end }) => Buffer.from(text).subarray(start, end).toString());

describe('cutting a text into pieces', () => {
  it('leaves a text that is short enough whole', () => {
    expect(cut('one two', 16)).toEqual(['one two']);
  });

  it('cuts behind the last line break, and repeats the words before it', () => {
    const lines = 'aaaa bbbb cc\ndddd eeee ffff';

    expect(cut(lines, 16)).toEqual(['aaaa bbbb cc\n', 'cc\ndddd eeee ', 'ffff']);
  });

  it('shows what a cut divides whole in the next piece', () => {
    const text = `${'word '.repeat(300)}Anna Maria Schmidt ${'word '.repeat(300)}`;

    for (let lead = 0; lead < 64; lead += 1) {
      expect(cut('x'.repeat(lead) + text, 1000).some((piece) => piece.includes('Anna Maria Schmidt'))).toBe(true);
    }
  });

  it('keeps the pieces of a text that has grown', () => {
    const text = 'some words in a line\n'.repeat(400);
    const before = cut(text, 1024);

    expect(cut(`${text}and more words`, 1024).slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  });

  it('covers all of a text by whole characters, in pieces of the size asked for', () => {
    const unit = fc.constantFrom('a', 'ü', '王', '🙂', ' ', '\n');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 400 }), fc.integer({ min: 16, max: 200 }), (given, most) => {
        const text = Buffer.from(given);
        const ranges = pieces(text, most);

        let covered = 0;
        for (const { start, end } of ranges) {
          expect(start).toBeLessThanOrEqual(covered);
          expect(end - start).toBeLessThanOrEqual(most);
          expect(isUtf8(text.subarray(start, end))).toBe(true);
          covered = end;
        }
        expect(covered).toBe(text.length);
      }),
      { numRuns: 1000 },
    );
  });
});
