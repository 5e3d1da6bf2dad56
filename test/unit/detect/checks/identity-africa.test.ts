/** Numbers of Africa and the Middle East: those that their registers and libraries publish as examples. */
import { describe, expect, it } from 'vitest';
import { changed, holds } from '../../../helpers/check-holds.ts';

describe('published numbers', () => {
  it.each([
    ['tr-tckn', '17291716060'],
    ['tr-tckn', '10000000146'],
    ['il-id', '039337423'],
    ['za-id', '7503305044089'],
    ['ng-nin', '12345678902'],
    ['ae-emirates-id', '784-1980-1234567-8'],
  ])('%s holds for %s and not once its last character is another', (name, value) => {
    expect(holds(name, value)).toBe(true);
    expect(holds(name, changed(value))).toBe(false);
  });
});

describe('what no register gives out', () => {
  it.each([
    ['za-id', '7513305044089', false],
    ['tr-tckn', '02531814694', false],
    ['sa-id', '1000000008', true],
    ['sa-id', '3000000004', false],
    ['eg-id', '28503140112345', true],
    ['eg-id', '28513140112345', false],
    ['eg-id', '28503149912345', false],
    ['kw-civil-id', '285031400002', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
