import { describe, expect, it } from 'vitest';
import { LiteralIndex } from '../../../src/detect/known-values-index.ts';

function find(literals: string[], text: string, from = 0, to = Buffer.byteLength(text)): readonly string[] {
  const index = new LiteralIndex<string>();
  for (const literal of literals) index.add(Buffer.from(literal), literal);
  const found: string[] = [];
  index.find(Buffer.from(text), from, to, (literal, start, end) => found.push(`${start}-${end} ${literal}`));
  return found.sort();
}

describe('an index of literals', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 40])('finds literals of %i bytes at every offset', (length) => {
    const literal = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH'.slice(0, length);

    for (let lead = 0; lead < 20; lead++) {
      const text = `${'.'.repeat(lead)}${literal}..`;

      expect(find([literal, 'something-else'], text)).toEqual([`${lead}-${lead + length} ${literal}`]);
    }
  });

  it('keeps to the range it is given', () => {
    expect(find(['needle'], 'needle needle needle', 1, 19)).toEqual(['7-13 needle']);
  });

  it('finds old literals after a shorter one has been added', () => {
    expect(find(['a-long-literal-1', 'tiny', 'ab'], 'a-long-literal-1 tiny ab')).toEqual([
      '0-16 a-long-literal-1',
      '17-21 tiny',
      '22-24 ab',
    ]);
  });

  it('finds overlapping occurrences', () => {
    expect(find(['aaaaa'], 'aaaaaaa')).toEqual(['0-5 aaaaa', '1-6 aaaaa', '2-7 aaaaa']);
  });
});
