/** The arithmetic that numbering systems share. */
import { describe, expect, it } from 'vitest';
import {
  isBirthday,
  isDay,
  isDdmmyy,
  isOneDigit,
  isYymmdd,
  passesMod11And10,
  passesVerhoeff,
  remainder,
  weighted,
} from '../../../../src/detect/checks/number-systems.ts';

describe('check digits', () => {
  it.each([
    ['2363', true],
    ['2364', false],
    ['3263', false],
  ])('knows whether %s passes Verhoeff', (digits, expected) => {
    expect(passesVerhoeff(digits)).toBe(expected);
  });

  it.each([
    ['0794', false],
    ['79462', false],
    ['36574261809', true],
    ['36574261890', false],
  ])('knows whether %s passes ISO 7064 MOD 11,10', (digits, expected) => {
    expect(passesMod11And10(digits)).toBe(expected);
  });

  it('weighs leading digits, and takes what is missing for nothing', () => {
    expect(weighted('123', [10, 1])).toBe(12);
    expect(weighted('1', [10, 1])).toBe(10);
  });

  it('takes the remainder of numbers beyond the exact integers', () => {
    expect(remainder('3214282912345698765432161182', 97)).toBe(1);
  });

  it('knows numbers of one digit', () => {
    expect(isOneDigit('77777')).toBe(true);
    expect(isOneDigit('77778')).toBe(false);
  });
});

describe('dates', () => {
  it.each([
    [2, 29, 2024, true],
    [2, 29, 2023, false],
    [2, 29, 1900, false],
    [2, 29, 2000, true],
    [2, 29, undefined, true],
    [4, 31, undefined, false],
    [0, 1, undefined, false],
    [13, 1, undefined, false],
    [1, 0, undefined, false],
  ])('month %i, day %i of %s exists: %s', (month, day, year, expected) => {
    expect(isDay(month, day, year)).toBe(expected);
  });

  it('reads them in the orders that registers use', () => {
    expect([isYymmdd('850314'), isYymmdd('851403')]).toEqual([true, false]);
    expect([isDdmmyy('140385'), isDdmmyy('031485')]).toEqual([true, false]);
    expect([isBirthday('19850314'), isBirthday('18850314'), isBirthday('21850314')]).toEqual([true, false, false]);
  });
});
