import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Interned, mostInterned } from '../../../src/body/interned.ts';

const numberIn = (texts: Interned, text: string): number => {
  const bytes = Buffer.from(`"${text}"`);
  return texts.idOf(bytes, 1, bytes.length - 1);
};

describe('interned texts', () => {
  it('gives equal numbers to equal texts only, and gives each text back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 300 }), (texts) => {
        const interned = new Interned();
        const numbers = new Map<number, string>();
        for (const text of [...texts, ...texts]) {
          const number = numberIn(interned, text);
          expect(numbers.get(number) ?? text).toBe(text);
          expect(interned.text(number)).toBe(text);
          numbers.set(number, text);
        }
        expect(numbers.size).toBe(new Set(texts).size);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps copies', () => {
    const interned = new Interned();
    const bytes = Buffer.from('type');
    const number = interned.idOf(bytes, 0, 4);
    bytes.fill('x');

    expect(interned.text(number)).toBe('type');
    expect(numberIn(interned, 'type')).toBe(number);
  });

  it('gives no number to a long text', () => {
    expect(numberIn(new Interned(), 'x'.repeat(128))).toBe(0);
    expect(numberIn(new Interned(), 'x'.repeat(129))).toBe(-1);
  });

  it('holds only so many, and forgets none of them', () => {
    const interned = new Interned();
    const count = mostInterned * 2;
    const numbers = Array.from({ length: count }, (_, index) => numberIn(interned, `name ${String(index)}`));

    expect(Math.max(...numbers)).toBe(mostInterned - 1);
    expect(numbers.at(-1)).toBe(-1);
    expect(numberIn(interned, 'name 7')).toBe(numbers[7]);
  });
});
