/** How the checks of identifiers are made, and the values that are made for them. */
import { describe, expect, it } from 'vitest';
import { bare, identifier, written } from '../../../../src/detect/checks/identifier.ts';

describe('an identifier', () => {
  it('is its letters and digits, in capitals', () => {
    expect(bare('ab-12.c/3 4')).toBe('AB12C34');
  });

  it('is checked without its separators', () => {
    const check = identifier('even', 'it is even', (id) => Number(id) % 2 === 0);
    const test = (value: string): boolean => check.test({ text: new Uint8Array(), start: 0, end: 0, value });

    expect([test('1-2'), test('1-3')]).toEqual([true, false]);
  });
});

describe('a value made for a check', () => {
  it('keeps its shape and its first characters', () => {
    const check = identifier('by-97', 'it is divisible by 97', (id) => Number(id) % 97 === 0);

    const made = check.fix?.('123.456.789.012-34') ?? '';

    expect(made).toMatch(/^123\.456\.\d{3}\.\d{3}-\d{2}$/);
    expect(Number(bare(made)) % 97).toBe(0);
  });

  it('holds what its shape says, from the right', () => {
    const check = identifier('dated', 'always', () => true, '85.4..');

    expect(check.fix?.('ab-11-11-11-11')).toBe('ab-11-85-14-11');
  });

  it('varies letters where digits are not enough', () => {
    const check = written('letter', 'it ends with K', (value) => value.endsWith('K'));

    expect(check.fix?.('A')).toBe('K');
  });
});
