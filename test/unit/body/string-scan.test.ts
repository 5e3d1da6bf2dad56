import { describe, expect, it } from 'vitest';
import { endOfShort, skipByHand, skipString, wordsOf } from '../../../src/body/string-scan.ts';

const ways = { skipByHand, skipString } as const;

describe.each(Object.entries(ways))('%s', (_name, skip) => {
  const filler = 'text '.repeat(80_000);
  const skipped = (text: string): { readonly at: number; readonly escapes: boolean } => {
    const bytes = Buffer.from(text);
    const result = skip(bytes, wordsOf(bytes), 0, bytes.length);
    return { at: result >> 1, escapes: (result & 1) === 1 };
  };

  it.each([
    ['a quote', '"'],
    ['a control character', '\u0001'],
    ['a unicode escape', '\\u0041'],
    ['an escaped slash', '\\/'],
    ['an escape that is none', '\\x'],
  ])('stops at %s, wherever it stands', (_what, stop) => {
    for (const before of [0, 1, 17, 63, 190, 191, 192, 193, 1000, 1215, 1216, 1217, 70_000, 399_990]) {
      expect(skipped(`${filler.slice(0, before)}${stop}${filler}`)).toEqual({ at: before, escapes: false });
    }
  });

  it('passes plain escapes, and says so', () => {
    for (const before of [0, 60, 190, 191, 192, 1214, 1215, 1216, 70_000]) {
      const text = `${filler.slice(0, before)}\\n\\"\\\\\\t${filler.slice(0, 3000)}`;
      expect(skipped(`${text}"`)).toEqual({ at: text.length, escapes: true });
    }
  });

  it('stops before an escape that is cut', () => {
    for (const before of [0, 191, 300, 1215, 70_000]) {
      expect(skipped(`${filler.slice(0, before)}\\`)).toEqual({ at: before, escapes: false });
    }
  });
});

describe('short strings', () => {
  it('end at their quote, if nothing but plain characters stands before it', () => {
    expect(endOfShort(Buffer.from('type"'), 0)).toBe(4);
    expect(endOfShort(Buffer.from('a\\"b"'), 0)).toBe(-1);
    expect(endOfShort(Buffer.from('no end'), 0)).toBe(-1);
    expect(endOfShort(Buffer.from(`${'x'.repeat(40)}"`), 0)).toBe(-1);
  });

  it('are not looked at by words', () => {
    expect(wordsOf(Buffer.from('short'))).toBeUndefined();
    expect(wordsOf(new Uint8Array(100).subarray(3))).toHaveLength(25);
  });
});
