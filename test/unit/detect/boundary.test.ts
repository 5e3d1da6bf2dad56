/** Where a word begins in text that a program has escaped or coloured. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { boundaryReach, isBoundary, isInsideEscape, isStartOf, isWordBefore } from '../../../src/detect/boundary.ts';

const esc = '\u001b';
const colours = ['[31m', '[m', '[0m', '[1;38;2;255;255;255;48;2;0;0;0m', '[K', '[2K', '[1G', '[?25h', '[38:5:203m'];
const spelled = [esc, String.raw`\e`, String.raw`\E`, String.raw`\033`, String.raw`\x1b`, String.raw`\x1B`].concat([
  String.raw`\u001b`,
  String.raw`\u001B`,
]);
const sequences = spelled.flatMap((start) => colours.map((colour) => start + colour));
const codes = [String.raw`\n`, String.raw`\t`, String.raw`\u0022`, String.raw`\x20`, String.raw`\040`, '=3D'];

describe('what stands before a word', () => {
  it.each([...sequences, ...codes])('is no word where it ends an escape: %j', (escape) => {
    for (const before of ['', 'a', '7_', ' ']) {
      const text = utf8(`${before}${escape}token`);

      expect(isWordBefore(text, text.length - 5)).toBe(false);
      expect(isBoundary(text, text.length - 5)).toBe(true);
    }
  });

  it.each([
    ['a letter', 'am'],
    ['an index', 'a[31m'],
    ['a list that is no sequence', '\\[31m'],
    ['a number in hexadecimal', '0x20'],
    ['half a code', String.raw`\u00`],
    ['a path', String.raw`C:\xylo`],
    ['an assignment', 'a=3'],
    ['an octal letter', String.raw`\101`],
    ['more parameters than there are', `${esc}[${'1;'.repeat(30)}m`],
    ['an end that is none', `${esc}[31x`],
  ])('is a word where it is %s', (_, before) => {
    expect(isWordBefore(utf8(`${before}token`), before.length)).toBe(true);
  });

  it('is looked at no farther than it says', () => {
    const longest = `${String.raw`\u001b`}[${'1'.repeat(40)}m`;

    expect(longest).toHaveLength(boundaryReach);
    expect(isWordBefore(utf8(`x${longest}t`), longest.length + 1)).toBe(false);
  });
});

describe('a token with a prefix of its own', () => {
  it.each([
    ['_', 'token', true],
    ['=2C', 'token', true],
    ['%2c', 'token', true],
    ['x', 'token', false],
    ['X', 'capitals', false],
    ['k', 'capitals', true],
    ['_', 'word', false],
    ['k', 'word', false],
    [' ', 'capitals', true],
  ] as const)('may begin behind %j as a %s: %s', (before, start, expected) => {
    expect(isStartOf(utf8(`a${before}TOKEN`), before.length + 1, start)).toBe(expected);
  });
});

describe('a place inside an escape', () => {
  it.each([
    [String.raw`a\nb`, 2, true],
    [String.raw`a\nb`, 3, false],
    [String.raw`\u0041b`, 4, true],
    [String.raw`\u0041b`, 6, false],
    [String.raw`\x41b`, 1, true],
    [String.raw`\x41b`, 3, true],
    [String.raw`\x41b`, 4, false],
  ])('is told in %j at %i: %s', (text, at, expected) => {
    expect(isInsideEscape(utf8(text), at)).toBe(expected);
  });
});
