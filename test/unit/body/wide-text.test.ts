import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplices } from '../../../src/body/splice.ts';
import { base64View, type View } from '../../../src/body/views.ts';
import { readWide, wideOrder } from '../../../src/body/wide-text.ts';

const orders = ['le', 'be'] as const;

function wide(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

function narrow(bytes: Buffer, order: 'le' | 'be'): string {
  return (order === 'le' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le');
}

/** The view of bytes in base64, and the text that it stands in. */
function viewed(bytes: Buffer): { readonly view: View; readonly outer: Buffer } {
  const outer = Buffer.from(bytes.toString('base64'));
  return { view: readWide(base64View(outer, { start: 0, end: outer.length })), outer };
}

describe('UTF-16 in an encoding', () => {
  it.each(orders)('is read as its text, whatever letters are in it (%s)', (order) => {
    const text = 'value = Grüße-漢字-😀-2026-x';
    const { view } = viewed(wide(text, order));

    expect(wideOrder(wide(text, order))).toBe(order);
    expect(Buffer.from(view.text).toString()).toBe(text);
    expect(view.encoding).toBe('base64-utf16');
  });

  it.each([
    ['plain text', Buffer.from('some words and no zeros')],
    ['zeros alone', Buffer.alloc(64)],
    ['a few bytes', Buffer.from('a\0b\0')],
    ['numbers of four bytes', Buffer.from('a\0\0\0b\0\0\0c\0\0\0d\0\0\0')],
    ['another alphabet', wide('漢字漢字漢字漢字', 'le')],
  ])('is not seen in %s', (_what, bytes) => {
    expect(wideOrder(bytes)).toBeUndefined();
    expect(viewed(bytes).view.text).toEqual(bytes);
  });

  it.each(orders)('takes what is put in as UTF-16 too, and keeps the rest (%s)', (order) => {
    const before = 'Grüße 😀: ';
    const { view, outer } = viewed(wide(`${before}secret, and more words`, order));
    const start = Buffer.byteLength(before);

    const splices = view.toSplices([{ start, end: start + 6, replacement: Buffer.from('NEW') }]);
    const changed = Buffer.concat([...applySplices([outer], splices)]).toString();

    expect(narrow(Buffer.from(changed, 'base64'), order)).toBe(`${before}NEW, and more words`);
  });

  it('keeps a byte that is left over', () => {
    const { view, outer } = viewed(Buffer.concat([wide('some words here', 'le'), Buffer.of(0x7a)]));
    const splices = view.toSplices([{ start: 0, end: 4, replacement: Buffer.from('no') }]);

    expect(Buffer.from(view.text).toString()).toBe('some words here');
    expect(Buffer.from(Buffer.concat([...applySplices([outer], splices)]).toString(), 'base64').at(-1)).toBe(0x7a);
  });

  it('changes nothing where characters are replaced by themselves', () => {
    const piece = fc.constantFrom('a', 'word ', 'é', '漢', '😀', 'x'.repeat(300));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(), fc.nat(), (pieces, a, b) => {
        const characters = Array.from(`begins in Latin letters ${pieces.join('')}${' and more'.repeat(pieces.length)}`);
        const { view, outer } = viewed(wide(characters.join(''), 'le'));
        const from = a % (characters.length + 1);
        const to = from + (b % (characters.length - from + 1));
        const start = Buffer.byteLength(characters.slice(0, from).join(''));
        const replacement = Buffer.from(characters.slice(from, to).join(''));

        const splices = view.toSplices([{ start, end: start + replacement.length, replacement }]);

        expect(Buffer.concat([...applySplices([outer], splices)]).equals(outer)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
