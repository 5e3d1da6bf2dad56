import { describe, expect, it } from 'vitest';
import { callStrings, plainName } from '../../../src/mask/call-strings.ts';

function read(text: string): readonly [string, string, boolean][] {
  return callStrings(text).map(({ start, end, names, isName }) => [text.slice(start, end), names.join('.'), isName]);
}

describe('the strings of a call', () => {
  it('have the names of the members that hold them', () => {
    const text =
      '{"file_path": "a", "edits": [{"oldText": "b"}, {"newText": "c, d"}], "x": ["e", ["f"]], "n": 1, "y": "g"}';
    expect(read(text).filter(([, , isName]) => !isName)).toEqual([
      ['a', 'filepath', false],
      ['b', 'edits.oldtext', false],
      ['c, d', 'edits.newtext', false],
      ['e', 'x', false],
      ['f', 'x', false],
      ['g', 'y', false],
    ]);
  });

  it('are told from names, also where a value is an object', () => {
    expect(read('{"a":{"b":"c"},"d":"e"}')).toEqual([
      ['a', '', true],
      ['b', 'a', true],
      ['c', 'a.b', false],
      ['d', '', true],
      ['e', 'd', false],
    ]);
  });

  it('know the array that they are elements of', () => {
    const strings = callStrings('{"a":"x","b":["y","z"]}').filter(({ isName }) => !isName);
    expect(strings.map(({ isElement }) => isElement)).toEqual([false, true, true]);
    expect(strings[1]?.holder).toBe(strings[2]?.holder);
    expect(strings[1]?.above).toBe(strings[0]?.holder);
  });

  it.each(['{"a":"b', '{"a":["b"', '}}]]{"a":"b"', '"a" "b"', ''])(
    'are read as far as a broken text goes: %j',
    (text) => {
      expect(() => callStrings(text)).not.toThrow();
    },
  );

  it('compare names without case and separators', () => {
    expect(plainName('File_Path-x')).toBe('filepathx');
  });
});
