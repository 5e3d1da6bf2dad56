/** What stands right beside a number, and values that are published or cannot be. */
import { describe, expect, it } from 'vitest';
import { holds } from '../../../helpers/check-holds.ts';

describe('a clear boundary', () => {
  it.each([
    ['', ''],
    ['id ', '.'],
    ['"', '"'],
    ['=', ','],
    ['(', ')'],
    [':', '\n'],
  ])('is between %j and %j', (before, after) => {
    expect(holds('clear-boundary', '123456789', before, after)).toBe(true);
  });

  it.each([
    ['a version', '1.', '.2'],
    ['a path', '/items/', ''],
    ['a path that goes on', '', '/items'],
    ['a UUID', 'a0-', '-b1'],
    ['a number with a fraction', '', '.5'],
    ['a sum', '1+', ''],
    ['a word that goes on', '', 'px'],
  ])('is not within %s', (_, before, after) => {
    expect(holds('clear-boundary', '123456789', before, after)).toBe(false);
  });
});

describe('groups', () => {
  it.each([
    ['pay ', ' 12/27', true],
    ['pay ', ' 123', true],
    ['5231 ', '', false],
    ['', ' 5236', false],
    ['', '-5236', false],
    ['no. 52310 ', ' 523600', true],
  ])('stand alone between %j and %j: %s', (before, after, expected) => {
    expect(holds('no-further-group', '5232 5233 5234 5235', before, after)).toBe(expected);
  });
});

describe('values that mean something', () => {
  it.each([
    ['bic', 'DEUTDEFF', true],
    ['bic', 'EXAMXXLE', false],
    ['coordinates', 'lat 48.8583, lon 2.2944', true],
    ['coordinates', 'lat 98.8583, lon 2.2944', false],
    ['coordinates', 'lat 0.0000, lon 0.0000', false],
    ['birth-date', '1984-03-07', true],
    ['birth-date', '07.03.1984', true],
    ['birth-date', '03/27/1984', true],
    ['birth-date', '19840307', true],
    ['birth-date', '7 March 1984', true],
    ['birth-date', '1984-13-41', false],
    ['birth-date', '45.67.1984', false],
    ['birth-date', '7 Foo 1984', false],
    ['not-one-digit', '0000', false],
    ['not-one-digit', '0001', true],
    ['test-card', '4242 4242 4242 4242', true],
    ['not-test-card', '4242424242424242', false],
  ])('%s of %s: %s', (name, value, expected) => {
    expect(holds(name, value)).toBe(expected);
  });
});
