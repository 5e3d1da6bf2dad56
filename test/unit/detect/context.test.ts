/** What stands around a value: words beside it, the heading of its column, nothing else at all. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { fold } from '../../../src/detect/context-words.ts';
import { contextAround } from '../../../src/detect/context.ts';
import { headingReach } from '../../../src/detect/headings.ts';

/** Judges the value that stands between guillemets. */
function judge(marked: string, words: readonly string[], isAloneEnough = false, isOpen = false): string {
  const [before = '', value = '', after = ''] = marked.split(/[«»]/);
  const start = utf8(before).length;
  return contextAround(utf8(before + value + after), start, start + utf8(value).length, isOpen, {
    words: words.map(fold),
    within: 40,
    isAloneEnough,
  });
}

describe('words beside a value', () => {
  it.each([
    ['before it', 'my ssn is «123»', 'ssn'],
    ['after it', '«123» is my ssn', 'ssn'],
    ['in capitals', 'SSN: «123»', 'ssn'],
    ['with accents', 'NÚMERO «123»', 'numero'],
    ['without the accents of the rule', 'numero «123»', 'número'],
    ['as a part of a name in camel case', 'userSsn=«123»', 'ssn'],
    ['before a further hump', 'ssnNumber: «123»', 'ssn'],
    ['as a part of a name in snake case', 'user_ssn_1: «123»', 'ssn'],
    ['in the plural', 'PANs: «123»', 'pan'],
    ['after an escaped line break', '\\nssn: «123»', 'ssn'],
    ['in Cyrillic, whatever its case', 'Инн: «123»', 'ИНН'],
    ['in Chinese, between other characters', '我的身份证号«123»', '身份证'],
    ['as the beginning of a longer word', 'Ausweisnummer «123»', 'ausweis'],
    ['of two parts in snake case', 'tax_id: «123»', 'tax id'],
    ['of two parts in camel case', 'userTaxId: «123»', 'tax id'],
    ['of two parts in kebab case', 'tax-id=«123»', 'tax id'],
    ['of two parts with full stops', 'org.nr «123»', 'org nr'],
    ['with a sign that a name cannot have', 'carta_d_identita: «123»', "carta d'identità"],
  ])('count %s', (_, text, word) => {
    expect(judge(text, [word])).toBe('word');
  });

  it.each([
    ['as the tail of another', 'classn «123»', 'ssn'],
    ['as the beginning of another when short', 'panel «123»', 'pan'],
    ['as the beginning of another in capitals', 'PANEL «123»', 'pan'],
    ['within another of the same script', 'длинный «123»', 'инн'],
    ['as the tail of one that begins out of reach', `class${'.'.repeat(37)} «123»`, 'ss'],
    ['farther away', `ssn ${'.'.repeat(60)} «123»`, 'ssn'],
  ])('do not count %s', (_, text, word) => {
    expect(judge(text, [word])).toBe('none');
  });

  it.each([
    ['«123» h', 'h', 'unresolved'],
    ['«123» ssn', 'ssn', 'unresolved'],
    ['«123» ssn, ', 'ssn', 'unresolved'],
    ['«123» ssn of', 'ssn', 'word'],
    ['«123» ausweis', 'ausweis', 'word'],
  ])('count at the end of a text that grows only if they have ended: %s', (text, word, verdict) => {
    expect(judge(text, [word], false, true)).toBe(verdict);
  });

  it('leave the verdict open while bytes that may hold one are to come', () => {
    expect(judge('«123» is', ['ssn'], false, true)).toBe('unresolved');
    expect(judge(`«123» ${'.'.repeat(60)}`, ['ssn'], false, true)).toBe('none');
  });
});

describe('the heading of a column', () => {
  const far = 'some name that is long enough to be out of reach';

  it.each([
    ['separated by commas', `id,name,ssn,city\n1,${far},«123»,x`],
    ['several rows down', `id,name,ssn\n1,${far},4\n2,${far},«123»`],
    ['in quotes, with a delimiter inside a cell', `"id","name","ssn"\n"1","${far}, him","«123»"`],
    ['separated by tabs', `id\tname\tssn\n1\t${far}\t«123»`],
    ['in a Markdown table', `| id | name | ssn |\n| --- | --- | --- |\n| 1 | ${far} | «123» |`],
    ['in the first column', `ssn,name\n4,${far}\n«123»,${far}`],
    ['with line breaks that are escaped', `id,name,ssn\\n1,${far},«123»`],
  ])('counts %s', (_, text) => {
    expect(judge(text, ['ssn'])).toBe('word');
  });

  it.each([
    ['of another column', `ssn,name,id\n4,${far},5\n4,${far},«123»`],
    ['beyond a row with fewer cells', `id,name,ssn\ntotal\n1,${far},«123»`],
    ['out of reach', `id,name,ssn\n${`1,${far},4\n`.repeat(headingReach / far.length)}1,${far},«123»`],
    ['over text that is no row', `ssn and more\n${far} and so on «123»`],
  ])('does not count %s', (_, text) => {
    expect(judge(text, ['ssn'])).toBe('none');
  });
});

describe('a value on its own', () => {
  it.each(['«123»', ' «123»\n'])('needs no word where the rule says so: %j', (text) => {
    expect(judge(text, ['ssn'], true)).toBe('alone');
    expect(judge(text, ['ssn'], false)).toBe('none');
  });

  it.each(['«A1234567» B7654321', '«A1234567», B7654321\n', '«A1234567» and B7654321'])(
    'is on its own among its like: %j',
    (text) => {
      expect(judge(text, ['ssn'], true)).toBe('alone');
      expect(judge(text, ['ssn'], true, true)).toBe('unresolved');
    },
  );

  it.each(['«A1234567» of B7654321', '«A1234567» v1.2', '«A1234567»-B7654321', '«A1234567» order 7654321'])(
    'is not among its like in %j',
    (text) => {
      expect(judge(text, ['ssn'], true)).toBe('none');
    },
  );

  it.each(['x «123»', '«123».', `${' '.repeat(40)}«123»`])('is not alone in %j', (text) => {
    expect(judge(text, ['ssn'], true)).toBe('none');
  });

  it.each([' '.repeat(40), ` B7654321${'x'.repeat(31)}`, ` B7654321 ${'B'.repeat(30)}`])(
    'is not judged by a word that may grow: %j',
    (after) => {
      expect(judge(`«A1234567»${after}`, ['ssn'], true, true)).not.toBe('alone');
      expect(judge(`«A1234567»${after.slice(0, 39)}`, ['ssn'], true, true)).toBe('unresolved');
    },
  );

  it('is open where its text may end with a further value', () => {
    expect(judge(`«A1234567» B7654321 C${'7'.repeat(28)}`, ['ssn'], true, true)).toBe('unresolved');
  });

  it('is not known to be alone before its text has ended', () => {
    expect(judge('«123»', ['ssn'], true, true)).toBe('unresolved');
  });
});
