import { describe, expect, it } from 'vitest';
import { translatePattern } from '../../../../src/rules/import/go-pattern.ts';

const patternsOf = (source: string, group = 0) => translatePattern(source, group).map(({ pattern }) => pattern);

describe('a pattern in the syntax of Go', () => {
  it.each([
    ['the first group is the value', String.raw`acme_(x{4})(y)`, 0, [String.raw`acme_(?<value>x{4})(?:y)`]],
    ['the group named by number is the value', '(a)bcde(f)', 2, ['(?:a)bcde(?<value>f)']],
    ['without a group the match is the value', 'abcd[0-9]', 0, ['abcd[0-9]']],
    ['names of groups are dropped', '(?P<id>a)bcd(?<rest>e)', 2, ['(?:a)bcd(?<value>e)']],
    ['groups that capture nothing stay', '(?:a|b)(?i:c)(?-i)(d)', 0, ['(?:a|b)(?i:c)(?-i)(?<value>d)']],
    ['brackets in classes and escapes are none', String.raw`[(|]\((a)[])]`, 0, [String.raw`[(|]\((?<value>a)[])]`]],
    ['classes with a name are one class', '[[:alnum:]](b)', 0, ['[[:alnum:]](?<value>b)']],
    ['quoted text is escaped', String.raw`\Qa.b(\E(c)`, 0, [String.raw`a\.b\((?<value>c)`]],
    ['ends of the text are ends of a line', String.raw`\A(a)\z`, 0, ['(?m)^(?<value>a)$']],
    ['alternatives with groups become patterns', 'abc(d)|efg(h)', 0, ['abc(?<value>d)', 'efg(?<value>h)']],
    ['flags at the start hold for each of them', '(?i)abc(d)|efg', 0, ['(?i)abc(?<value>d)', '(?i)efg']],
    ['alternatives inside a group stay together', '(ab|cd)', 0, ['(?<value>ab|cd)']],
    ['alternatives without groups stay together', 'abcd|efgh', 0, ['abcd|efgh']],
  ])('%s', (_, source, group, expected) => {
    expect(patternsOf(source, group)).toEqual(expected);
  });

  it('says where an end of the text became an end of a line', () => {
    expect(translatePattern('(a)$', 0)[0]?.notes).toEqual([
      '`^` and `$` stand for the ends of a line, not of the text',
    ]);
    expect(translatePattern(String.raw`(a)\$[$^]`, 0)[0]?.notes).toEqual([]);
  });
});
