import { describe, expect, it } from 'vitest';
import { cutLines, matchLines, startOfLines } from '../../../src/detect/known-values-lines.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('values of several lines', () => {
  it('are cut at line breaks of either kind, without empty lines at the end', () => {
    const cut = cutLines(bytes('first line\r\nsecond line\n\n'));

    expect(cut?.lines.map((line) => Buffer.from(line).toString())).toEqual(['first line', 'second line']);
  });

  it.each(['one line only', 'a\nb\nc', ''])('%j has nothing worth looking for', (text) => {
    expect(cutLines(bytes(text))).toBeUndefined();
  });

  it('are found from an anchor backwards and matched to their end', () => {
    const cut = cutLines(bytes('begin\nanchor-line-long\nend'));
    const text = bytes('begin begin\n2: anchor-line-long\n3: end.');

    const start = cut === undefined ? -1 : startOfLines(text, text.indexOf('anchor'), cut);

    expect(start).toBe(6);
    expect(matchLines(text, start, cut?.lines ?? [])).toBe(text.length - 1);
    expect(matchLines(text, 0, cut?.lines ?? [])).toBe(-1);
  });

  it('are looked for in no byte beyond the text, however short it is after the anchor', () => {
    const cut = cutLines(bytes('a first line that is long\nanchor'));
    const text = Uint8Array.from(bytes('x\nanchor'));

    expect(cut === undefined ? 0 : startOfLines(text, 2, cut)).toBe(-1);
  });
});
