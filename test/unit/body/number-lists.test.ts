import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRanges, listViews } from '../../../src/body/number-lists.ts';
import { applySplices } from '../../../src/body/splice.ts';

const words = Buffer.from('PORT=3000\nTOKEN=some-value-of-a-token\nMODE=é~\n');
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Numbers in lines of twelve, as `xxd -i` writes them. */
const lines = (bytes: Buffer): string =>
  Array.from(bytes, (byte) => `0x${hex(byte)}`)
    .join(', ')
    .replaceAll(/((?:0x.., ){11}0x..,) /g, '$1\n  ');
const list =
  (write: (byte: number) => string, between: string) =>
  (bytes: Buffer): string =>
    Array.from(bytes, write).join(between);

const writers: Readonly<Record<string, (bytes: Buffer) => string>> = {
  'JSON without blanks': list(String, ','),
  'numbers with commas': list(String, ', '),
  'numbers on lines of their own': list(String, ',\n      '),
  'numbers with blanks, as Go prints them': list(String, ' '),
  'pairs of digits': list(hex, ' '),
  'pairs with colons': list(hex, ':'),
  'large pairs with hyphens': list((byte) => hex(byte).toUpperCase(), '-'),
  'an array of C': lines,
  'an array of C behind the signs of a diff': (bytes) => lines(bytes).replaceAll('\n', '\n+'),
  'numbers without zeros before them': list((byte) => `0x${byte.toString(16)}`, ', '),
};

const shown = (text: string): readonly string[] =>
  listViews(Buffer.from(text)).map((view) => Buffer.from(view.text).toString());

describe.each(Object.entries(writers))('a list of bytes: %s', (_name, write) => {
  it.each([
    ['alone', (text: string) => text],
    ['in brackets', (text: string) => `x = [${text}];\n`],
    ['behind words', (text: string) => `some words <Buffer ${text}>\nand more`],
  ])('is read %s', (_where, put) => {
    expect(shown(put(write(words)))).toEqual([words.toString()]);
  });

  it('is written anew from what is replaced on, in the same way', () => {
    const text = Buffer.from(`a = [${write(words)}] b`);
    const [view] = listViews(text);
    const start = words.indexOf('some');
    const replacement = Buffer.from('X_OF_ANOTHER_LENGTH_THAN_THE_VALUE');
    const inner = [{ start, end: words.indexOf('\nMODE'), replacement }];

    const changed = Buffer.concat([...applySplices([text], view?.toSplices(inner) ?? [])]).toString();

    const after = Buffer.from(words.toString().replace('some-value-of-a-token', replacement.toString()));
    expect(changed).toBe(`a = [${write(after)}] b`);
    const outer = view?.toOuter(start, start + 4);
    expect(text.subarray(outer?.start, outer?.end).toString()).toBe(write(words.subarray(start, start + 4)).trim());
  });
});

describe('lists of bytes', () => {
  it('go on over lines that are numbered', () => {
    const numbered = `1\t${lines(words)}`.replaceAll('\n', '\n    12\t');
    expect(shown(numbered)).toEqual([words.toString()]);
  });

  it.each([
    ['data', list(String, ', ')(Buffer.alloc(80, 200))],
    ['short ones', list(String, ', ')(words.subarray(0, 19))],
    ['numbers too large', '1030, 1040, 1050, 1060, '.repeat(20)],
    ['numbers with parts', '103.5, 104.5, 105.5, 106.5, '.repeat(20)],
    ['other separators', list(String, ' | ')(words)],
    ['times', '10:11:12, 10:11:13, '.repeat(20)],
  ])('are none: %s', (_what, text) => {
    expect(shown(text)).toEqual([]);
  });

  it('are open where a text that grows may go on with them', () => {
    const text = `x [${list(String, ', ')(words)}`;
    expect(listRanges(Buffer.from(text)).map(({ end }) => end)).toEqual([text.length + 1]);
    expect(listRanges(Buffer.from(`${text}]${' y'.repeat(40)}`)).map(({ end }) => end)).toEqual([text.length]);
  });

  it('hold for any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 30 }), fc.constantFrom(...Object.values(writers)), (text, write) => {
        // Only letters tell pairs of hex digits from decimal numbers.
        const bytes = Buffer.from(`jkl${text}`);
        const [view] = listViews(Buffer.from(`{ ${write(bytes)} }`));
        expect(Buffer.from(view?.text ?? []).toString()).toBe(`jkl${text}`);
      }),
    );
  });
});
