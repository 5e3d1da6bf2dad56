/** The matcher: what it finds, where, how sure it is, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../../src/core/bytes.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import type { Rule } from '../../../src/detect/rule.ts';
import { plainRule } from '../../helpers/rules.ts';

const base = plainRule('test-rule', String.raw`\b(?<value>tok_[0-9A-Za-z]{12})\b`, { kind: 'TOKEN' });
const rule = (changes: Partial<Rule>): Rule => ({ ...base, ...changes });
const body = 'a1B2c3D4e5F6';

function find(rules: readonly Rule[], text: string): readonly string[] {
  const bytes = utf8(text);
  return createMatcher(rules)
    .scan(bytes, 0, true)
    .matches.map((match) => `${match.rule.id}=${fromUtf8(bytes.subarray(match.start, match.end))}`);
}

describe('matcher', () => {
  it.each([
    ['a bare token', `tok_${body}`],
    ['a token in quotes', `"tok_${body}"`],
    ['a token after an escaped newline', `line\\ntok_${body}\\n`],
    ['a token after a doubly escaped tab', `x\\\\ttok_${body}\\\\t`],
    ['a token after an escaped quote', `\\"tok_${body}\\"`],
    ['a token after a unicode escape', `\\u0022tok_${body}\\u0022`],
  ])('finds %s', (_, text) => {
    expect(find([base], text)).toEqual([`test-rule=tok_${body}`]);
  });

  it.each([
    ['inside a longer word', `xtok_${body}`],
    ['with a longer body', `tok_${body}z`],
    ['with a shorter body', `tok_${body.slice(1)}`],
  ])('leaves a token alone %s', (_, text) => {
    expect(find([base], text)).toEqual([]);
  });

  it('masks only the group named value', () => {
    const named = rule({ pattern: String.raw`pin\s{0,3}=\s{0,3}(?<value>\d{4,8});` });

    expect(find([named], 'set pin = 12345; end')).toEqual(['test-rule=12345']);
  });

  it('finds a value whose anchor stands in its middle, without the escape before it', () => {
    const middle = rule({ pattern: String.raw`\b(?<value>[a-z]{3,20}-us\d{1,2})\b` });

    expect(find([middle], 'x\\nabcdef-us12 ')).toEqual(['test-rule=abcdef-us12']);
  });

  it('needs a context word within reach', () => {
    const context = rule({ pattern: String.raw`\b(?<value>\d{3}-\d{2})\b`, context: { words: ['pin'], within: 10 } });

    expect(find([context], 'pin: 123-45')).toHaveLength(1);
    expect(find([context], 'spin: 123-45')).toHaveLength(0);
    expect(find([context], 'pin            123-45')).toHaveLength(0);
    expect(find([context], 'cardPin 123-45')).toHaveLength(1);
  });

  it('drops values below the entropy asked for', () => {
    expect(find([rule({ entropy: 2 })], 'tok_aaaaaaaaaaaa')).toEqual([]);
    expect(find([rule({ entropy: 2 })], `tok_${body}`)).toHaveLength(1);
  });

  it('lets a generic rule give way to a specific one on the same range', () => {
    const generic = rule({ id: 'generic', isGeneric: true, pattern: String.raw`secret=(?<value>\w{8,40})` });

    expect(find([generic, base], `secret=tok_${body}`)).toEqual([`test-rule=tok_${body}`]);
    expect(find([generic, base], 'secret=other_value')).toEqual(['generic=other_value']);
  });

  it('reports a value that two anchors lead to once', () => {
    const twice = rule({ pattern: String.raw`(?i:secret)[\w-]{0,20}=(?<value>\d{6})` });

    expect(find([twice], 'secret_secret=123456')).toEqual(['test-rule=123456']);
  });

  it('is certain when a confirming check holds, probable else, possible for generic rules', () => {
    const card = rule({ pattern: String.raw`\b(?<value>4\d{15})\b`, confirm: ['luhn'] });
    const confidence = (rules: readonly Rule[], text: string): unknown =>
      createMatcher(rules).scan(utf8(text), 0, true).matches[0]?.confidence;

    expect(confidence([card], '4111111111111111')).toBe('certain');
    expect(confidence([card], '4111111111111112')).toBe('probable');
    expect(confidence([rule({ isGeneric: true })], `tok_${body}`)).toBe('possible');
  });

  it('waits while a candidate is open and resumes at it', () => {
    const matcher = createMatcher([base]);
    const text = utf8(`before tok_${body}`);

    const open = matcher.scan(text, 0, false);
    const closed = matcher.scan(text, open.resume, true);

    expect(open.matches).toEqual([]);
    expect(open.resume).toBeLessThanOrEqual(7);
    expect(closed.matches).toHaveLength(1);
    expect(closed.resume).toBe(text.length);
  });

  it('does not cut a character in two', () => {
    const any = rule({ pattern: String.raw`code=(?<value>[^;]{4,5})` });

    expect(find([any], 'code=abcé;')).toEqual(['test-rule=abcé']);
    expect(find([any], 'code=abcdé;')).toEqual(['test-rule=abcdé']);
  });

  it('classifies a bare value by the specific rule that spans it', () => {
    const matcher = createMatcher([
      base,
      rule({ id: 'generic', isGeneric: true, pattern: String.raw`(?<value>tok_\w{4,40})` }),
    ]);

    expect(matcher.classify(utf8(`tok_${body}`))?.id).toBe('test-rule');
    expect(matcher.classify(utf8(`tok_${body} `))).toBeUndefined();
    expect(matcher.classify(utf8('tok_short'))).toBeUndefined();
  });
});
