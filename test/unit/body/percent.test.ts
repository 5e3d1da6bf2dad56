import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePercent, percentView } from '../../../src/body/percent.ts';
import { applySplices } from '../../../src/body/splice.ts';

describe('percent-encoding', () => {
  it.each([
    ['a%20b', false, 'a b'],
    ['a+b', false, 'a+b'],
    ['a+b%2B', true, 'a b+'],
    ['100%', false, '100%'],
    ['%zz%4', false, '%zz%4'],
    ['%e2%82%ac', false, '€'],
  ])('decodes %s (form: %s)', (raw, isForm, text) => {
    const bytes = Buffer.from(raw);

    expect(Buffer.from(percentView(bytes, { start: 0, end: bytes.length }, isForm).text).toString()).toBe(text);
  });

  it('decodes what it encodes, and maps every byte back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), fc.boolean(), (bytes, isForm) => {
        const raw = encodePercent(bytes);
        const view = percentView(raw, { start: 0, end: raw.length }, isForm);

        expect(Buffer.from(view.text).equals(bytes)).toBe(true);
        for (let at = 0; at < bytes.length; at += 1) {
          const { start, end } = view.toOuter(at, at + 1);
          expect(Buffer.from(encodePercent(bytes.subarray(at, at + 1))).equals(raw.subarray(start, end))).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('replaces a range and encodes what it puts there', () => {
    const outer = Buffer.from('q=a%20secret%22&x=1');
    const view = percentView(outer, { start: 2, end: 15 }, true);

    const splices = view.toSplices([{ start: 2, end: 9, replacement: Buffer.from('X "Y') }]);

    expect(Buffer.concat([...applySplices([outer], splices)]).toString()).toBe('q=a%20X%20%22Y&x=1');
  });
});
