import { describe, expect, it } from 'vitest';
import { createLines } from '../../../../src/app/detector/lines.ts';

describe('lines of a program', () => {
  it.each([1, 2, 3, 5, 100])('are the same however they are cut: by %d', (size) => {
    const text = Buffer.from('{"a":"ü🙂"}\n\nnext\r\nlast\nrest');
    const lines = createLines(64);
    const found: (readonly string[] | undefined)[] = [];
    for (let at = 0; at < text.length; at += size) found.push(lines.push(text.subarray(at, at + size)));

    expect(found.flat()).toEqual(['{"a":"ü🙂"}', '', 'next\r', 'last']);
  });

  it.each([
    ['whole', [Buffer.from('123456789\n')]],
    ['in pieces', [Buffer.from('12345'), Buffer.from('6789')]],
    ['behind a short one', [Buffer.from('1\n123456789')]],
  ])('that are too long, %s, are not kept', (_, chunks) => {
    const lines = createLines(8);

    expect(chunks.map((chunk) => lines.push(chunk)).at(-1)).toBeUndefined();
  });
});
