import { describe, expect, it } from 'vitest';
import { endOfInteger, firstNumberState, isWholeNumber, nextNumberState } from '../../../src/body/json-number.ts';

/** Reads a text as a number: whether it is one from end to end. */
function isNumber(text: string): boolean {
  const [first = 0, ...rest] = Buffer.from(text);
  let state = firstNumberState(first);
  for (const byte of rest) {
    state = nextNumberState(state, byte);
    if (state === -1) return false;
  }
  return isWholeNumber(state);
}

describe('json numbers', () => {
  it.each(['0', '-0', '10', '-12.5', '0.25', '1e9', '1E+9', '12.5e-3'])('takes %s', (text) => {
    expect(isNumber(text)).toBe(true);
  });

  it.each(['-', '01', '1.', '1.e3', '1e', '1e+', '--1', '1.2.3', '0x1'])('refuses %s', (text) => {
    expect(isNumber(text)).toBe(false);
  });

  it('reads a short integer where it begins, if what follows ends it', () => {
    expect(endOfInteger(Buffer.from('123,'), 0)).toBe(3);
    expect(endOfInteger(Buffer.from('[0]'), 1)).toBe(2);
    expect(endOfInteger(Buffer.from('01}'), 0)).toBe(-1);
    expect(endOfInteger(Buffer.from('12.5}'), 0)).toBe(-1);
    expect(endOfInteger(Buffer.from('12'), 0)).toBe(-1);
  });
});
