/** Which headings of columns name secrets. */
import { describe, expect, it } from 'vitest';
import { latin1, utf8 } from '../../../../src/core/bytes.ts';
import { headingChecks, isSecretHeading } from '../../../../src/detect/checks/secret-headings.ts';

describe('a heading', () => {
  it.each(['password', 'Password', 'API key', 'api_key', 'client secret', 'access-token', 'dbPassword', 'secrets'])(
    'names secrets: %s',
    (heading) => {
      expect(isSecretHeading(heading)).toBe(true);
    },
  );

  it.each(['key', 'primary key', 'password hash', 'token type', 'max tokens', 'public key', 'user', '', '1password?'])(
    'names none: %s',
    (heading) => {
      expect(isSecretHeading(heading)).toBe(false);
    },
  );
});

describe('what may be a heading', () => {
  const holds = (marked: string): boolean => {
    const [before = '', value = '', after = ''] = marked.split(/[«»]/);
    const text = utf8(before + value + after);
    const start = utf8(before).length;
    const end = start + value.length;
    return headingChecks.every((check) => check.test({ text, start, end, value: latin1(text, start, end) }));
  };

  it.each([
    ['the first cell of a line', 'rows:\n«password»,user\n'],
    ['the last cell', 'rows:\nuser,«password»\n'],
    ['a cell in quotes', 'rows:\n"user name" ; "«password»"\n'],
    ['a cell of more words', 'rows:\nid | first «password» |\n'],
    ['the first of a line that is escaped', String.raw`rows:\n«token»,user\n`],
    ['what stands where the text begins', '«password»'],
    ['what stands far behind what is looked at', `${'word '.repeat(40)}«password»\n`],
  ])('is %s', (_, marked) => {
    expect(holds(marked)).toBe(true);
  });

  it.each([
    ['a member', 'const a = {«token»,\n'],
    ['the end of a line without delimiters', 'rows:\nenter your «password»\n'],
    ['the end of such a line that is escaped', String.raw`rows:\n  // the access «token»\n`],
  ])('is not %s', (_, marked) => {
    expect(holds(marked)).toBe(false);
  });
});
