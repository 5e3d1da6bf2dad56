import { describe, expect, it } from 'vitest';
import { beginsOpaqueText, isOpaqueText, protectedHits } from '../../../../src/inspect/request/opaque.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const data = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 83 + 7) % 256)).toString('base64');

describe('opaque strings', () => {
  it.each([
    ['base64 of data', data, false],
    ['base64 of text', Buffer.from('the words of a file, called an image\n'.repeat(9)).toString('base64'), true],
    ['base64 of text with data behind it', Buffer.from(`${'words '.repeat(40)}\0\u0001`).toString('base64'), false],
    ['plain words', 'this is no image at all', true],
    ['a short signature', 'EqQBCkYIARgCKkDabc', false],
  ])('tells %s from text', (_what, text, isTextual) => {
    expect(isOpaqueText(Buffer.from(text))).toBe(isTextual);
  });

  it('judges a long string by its beginning', () => {
    const long = Buffer.from(Buffer.from('words and words '.repeat(100)).toString('base64'));

    expect(beginsOpaqueText(long.subarray(0, 1001))).toBe(true);
    expect(beginsOpaqueText(Buffer.from(data).subarray(0, 301))).toBe(false);
  });

  it('finds protected values of sixteen characters and no others', () => {
    const scan = requestScan({ protect: ['a-protected-value-16', 'pr0tect-short'] });
    const text = Buffer.from(`a-protected-value-16 pr0tect-short ${token('a')}`);

    expect(protectedHits(scan, text).hits.map(({ start, end, origin }) => [start, end, origin])).toEqual([
      [0, 20, 'protected'],
    ]);
  });
});
