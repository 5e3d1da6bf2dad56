import fc from 'fast-check';
import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { hasReadableWords, readable } from '../../../../src/inspect/detector/readable.ts';

const bytes = (...values: readonly (string | number)[]): Uint8Array =>
  Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value) : Buffer.from([value]))));

describe('bytes of any kind as text', () => {
  it('leaves text as it is', () => {
    const text = bytes('Grüße an 🙂 Zoë');

    expect(readable(text)).toBe(text);
  });

  it.each([
    ['a lone byte of a sequence', bytes('a', 0x80, 'b'), 'a\x7fb'],
    ['a sequence that is cut', bytes('a', 0xf0, 0x9f, 0x99), 'a\x7f\x7f\x7f'],
    ['half of a surrogate pair', bytes('x', 0xed, 0xa0, 0xbd, 'y'), 'x\x7f\x7f\x7fy'],
    ['an overlong form', bytes(0xc0, 0xaf, 'z'), '\x7f\x7fz'],
    ['what lies beyond the last code point', bytes(0xf4, 0x90, 0x80, 0x80), '\x7f\x7f\x7f\x7f'],
    ['one beside whole characters', bytes('é', 0xff, '🙂'), 'é\x7f🙂'],
  ])('puts a stand-in for each byte of %s', (_, given, text) => {
    expect(Buffer.from(readable(given)).toString()).toBe(text);
  });

  it('keeps every length, and every place of what is whole', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const given = Buffer.concat(parts);
        const text = readable(given);

        expect(text.length).toBe(given.length);
        expect(isUtf8(text)).toBe(true);
        expect(text.every((byte, index) => byte === 0x7f || byte === given[index])).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('whether a text can hold a name', () => {
  it.each([
    ['words', bytes('Anna Schmidt'), true],
    ['one short word', bytes('Anna'), true],
    ['another script', bytes('王小明'), true],
    ['a long text of another script', bytes('王小明'.repeat(100)), true],
    ['signs alone', bytes('--- *** ---'), false],
    ['long base64', bytes('QUJDRA+/'.repeat(50)), false],
    ['long base64 in lines', bytes(`${'QUJDRA+/'.repeat(8)}\n`.repeat(9)), false],
    ['a long line of JSON', bytes(`{"name":"Anna","list":[${'1,'.repeat(200)}1]}`), true],
    ['binary data', Buffer.from(Array.from({ length: 400 }, (_, index) => index % 32)), false],
  ])('%s: told', (_, text, answer) => {
    expect(hasReadableWords(text)).toBe(answer);
  });
});
