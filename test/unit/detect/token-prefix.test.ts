/** Tokens with a prefix of their own are found whatever touches them. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import { planOf } from '../../../src/detect/plan.ts';
import { randomFrom, validFor } from '../../../src/rules/examples.ts';
import { loadRules } from '../../../src/rules/load.ts';

const rules = loadRules(['secrets/github', 'secrets/aws', 'secrets/slack', 'secrets/anthropic']);
const matcher = createMatcher(rules);

function found(text: string): readonly string[] {
  const bytes = utf8(text);
  return matcher
    .scan(bytes, 0, true)
    .matches.map(({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString());
}

const esc = '\u001b';
const kinds = ['github-pat', 'anthropic-key', 'aws-access-key-id', 'slack-bot-token'];
const surroundings: readonly (readonly [string, string, string])[] = [
  ['italics', '_', '_'],
  ['a name', 'TOKEN_', ''],
  ['quoted-printable', 'key=3D', ''],
  ['a comma in quoted-printable', 'a=2C', ''],
  ['a percent-escape', 'key%3D', ''],
  ['a shell escape', String.raw`\x20`, ''],
  ['an octal escape', String.raw`\040`, ''],
  ['colours', `${esc}[33m`, `${esc}[0m`],
  ['grep --color', `.env:${esc}[m${esc}[K`, `${esc}[m${esc}[K`],
  ['colours spelled with \\e', String.raw`\e[31m`, String.raw`\e[0m`],
  ['colours spelled with \\033', String.raw`\033[1;31m`, String.raw`\033[0m`],
  ['colours spelled with \\x1b', String.raw`\x1b[38;5;203m`, String.raw`\x1b[0m`],
  ['colours in JSON', String.raw`\u001b[31m`, String.raw`\u001b[0m`],
];

describe('a token with a prefix of its own', () => {
  it.each(surroundings)('is found in %s', (_, before, after) => {
    const random = randomFrom(5);
    for (const id of kinds) {
      const rule = rules.find((one) => one.id === id);
      if (rule === undefined) throw new Error(`no rule ${id}`);
      const token = validFor(rule, random);

      // A class that holds `_` takes one that follows.
      expect(found(`see ${before}${token}${after} there`).some((one) => one.startsWith(token))).toBe(true);
    }
  });

  it('that begins with capitals is found behind a letter in lower case, any other is not', () => {
    const random = randomFrom(6);
    const [aws, github] = ['aws-access-key-id', 'github-pat'].map((id) => rules.find((one) => one.id === id));
    if (aws === undefined || github === undefined) throw new Error('no rules');
    const [id, token] = [validFor(aws, random), validFor(github, random)];

    expect(found(`k${id}`)).toEqual([id]);
    expect(found(`K${id}`)).toEqual([]);
    expect(found(`k${token}`)).toEqual([]);
  });
});

describe('what a pattern says of how its tokens begin', () => {
  it.each([
    [String.raw`\b(?<value>ghp_[A-Za-z0-9]{36})\b`, 'token'],
    [String.raw`\b(?<value>xox[abp]-[0-9]{10,13})\b`, 'token'],
    [String.raw`\b(?<value>sk-ant-(?:api|admin)[0-9]{2}-[\w-]{80})`, 'token'],
    [String.raw`\b(?<value>(?:AKIA|ASIA)[A-Z2-7]{16})\b`, 'capitals'],
    [String.raw`\b(?<value>(?:live|test)_[0-9a-f]{35})\b`, 'word'],
    [String.raw`\b(?<value>sk-[0-9A-Za-z]{20,})\b`, 'word'],
    [String.raw`\b(?<value>(?:ghp_|key)[A-Za-z0-9]{36})\b`, 'word'],
    [String.raw`\bghp_key=(?<value>[A-Za-z0-9]{36})\b`, 'word'],
    [String.raw`(?<value>ghp_[A-Za-z0-9]{36})\b`, 'word'],
  ])('is read off it: %s', (pattern, start) => {
    expect(planOf(pattern).facts.start).toBe(start);
  });
});
