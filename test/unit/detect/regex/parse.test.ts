/** Patterns that cannot run in linear time, or mean nothing in text that grows, are refused with a reason. */
import { describe, expect, it } from 'vitest';
import { parsePattern, PatternError } from '../../../../src/detect/regex/parse.ts';
import { widthOf } from '../../../../src/detect/regex/syntax.ts';

describe('pattern parser', () => {
  it.each([
    ['a look-ahead', '(?=a)b', /look-around/],
    ['a look-behind', '(?<!a)b', /look-around/],
    ['a back-reference', String.raw`(a)\1`, /back-reference/],
    ['a possessive quantifier', 'a++', /possessive/],
    ['an anchor to the whole text', '^abcd', /whole text/],
    ['an unclosed group', '(abcd', /not closed/],
    ['an unclosed class', '[abcd', /not closed/],
    ['a stray parenthesis', 'abcd)', /closing parenthesis/],
    ['reversed bounds', 'a{3,2}', /reversed/],
    ['a huge count', 'a{5000}', /more than 1000/],
    ['a Unicode class', String.raw`\p{L}`, /Unicode class/],
    ['a character beyond ASCII in a class', '[ä]', /beyond ASCII/],
    ['two groups named value', '(?<value>a)(?<value>b)', /second group/],
    ['a descending range', '[z-a]', /ascend/],
  ])('refuses %s', (_, pattern, message) => {
    expect(() => parsePattern(pattern)).toThrow(PatternError);
    expect(() => parsePattern(pattern)).toThrow(message);
  });

  it.each([
    ['abc', 3, 3],
    ['a?b{2,4}', 2, 5],
    ['(?:ab|cde)f', 3, 4],
    [String.raw`\bab\b`, 2, 2],
    ['a+', 1, Infinity],
    ['ä', 2, 2],
    [String.raw`\x41\x{e9}`, 3, 3],
    ['a{,3}', 5, 5],
  ])('measures %s', (pattern, min, max) => {
    expect(widthOf(parsePattern(pattern))).toEqual({ min, max });
  });
});
