import { describe, expect, it } from 'vitest';
import { isEscapedPem, isJsonText, timesEscaped } from '../../../src/mask/json-inside.ts';

describe('JSON inside a string', () => {
  it.each([
    ['a text that says something else is none', 'a-b', 'a/b', 2, 0],
    ['one escape', 'a\\/b', 'a/b', 2, 1],
    ['an escape in an escape', 'a\\\\u002fb', 'a/b', 2, 2],
    ['no deeper than there are strings', 'a\\\\u002fb', 'a/b', 1, 0],
    ['what another escapes', 'a&#47;b', 'a/b', 2, 0],
    ['what is no inside of a string', 'a"b', 'a/b', 2, 0],
  ])('%s', (_what, written, value, most, times) => {
    expect(timesEscaped(written, value, most)).toBe(times);
  });

  it('is an object or a list, and nothing that only begins like one', () => {
    expect([' {"a":1}', '[1]', '"a"', '1', '{"a":', 'text'].map(isJsonText)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('may be a key with its line ends escaped', () => {
    const key = ['-----BEGIN', 'KEY-----\\nabc'].join(' TEST ');

    expect([key, key.replace('\\n', '\n'), 'a\\nb'].map(isEscapedPem)).toEqual([true, false, false]);
  });
});
