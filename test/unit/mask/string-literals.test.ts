import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { decodeLiteral, jsonLiterals, scriptLiterals, toScriptInside } from '../../../src/mask/string-literals.ts';

const inside = (text: string, literals: readonly { start: number; end: number }[]): string[] =>
  literals.map(({ start, end }) => text.slice(start, end));

describe('literals of JSON', () => {
  it('lists names and values with their escapes, also of a text that was cut', () => {
    const text = String.raw`{"a":"b\"c","d":["\\"],"e":"cut`;
    expect(inside(text, jsonLiterals(text))).toEqual(['a', String.raw`b\"c`, 'd', '\\\\', 'e', 'cut']);
  });
});

describe('literals of JavaScript', () => {
  it.each([
    [`f("a", 'b', \`c\`)`, ['a', 'b', 'c']],
    ['`a ${x + "b" + `c${d}e`} f`', ['a ', 'b', 'c', 'e', ' f']],
    ['x = {a: `1${ {b: "2"} }3`}', ['1', '2', '3']],
    ['// "no"\n/* "no" */ "yes"', ['yes']],
    [`a = /["']/g; "yes"`, ['yes']],
    ['a / b; c = "yes" / 2', ['yes']],
    ['"cut', ['cut']],
  ])('of %j', (text, expected) => {
    expect(inside(text, scriptLiterals(text)).sort()).toEqual([...expected].sort());
  });
});

describe('escapes', () => {
  it.each([
    [String.raw`a\nb`, 'a\nb'],
    [String.raw`\u0041\x42\u{43}`, 'ABC'],
    [String.raw`\'\"\\\/`, `'"\\/`],
    ['a\\\nb', 'ab'],
    [String.raw`\ud83d\ude00`, '😀'],
  ])('are undone: %j', (raw, expected) => {
    expect(decodeLiteral(raw).text).toBe(expected);
  });

  it('keep where each unit came from', () => {
    expect(decodeLiteral(String.raw`a\nb`).offsets).toEqual([0, 1, 3, 4]);
  });

  it.each(['"', "'", '`'] as const)('are written so that a program reads the same text, in %s', (quote) => {
    const text = 'a"b\'c`d${e}\\f\n\r\u2028\0\ud800 end';
    const program = `${quote}${toScriptInside(text, quote)}${quote}`;
    // The grammar itself is the judge; what is run was written by the line above.
    expect(runInNewContext(program)).toBe(text);
  });
});
