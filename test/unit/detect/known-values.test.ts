import { describe, expect, it } from 'vitest';
import { createKnownValues } from '../../../src/detect/known-values.ts';
import type { KnownMatch } from '../../../src/detect/match.ts';

/** Values are joined from parts, so that no scanner takes them for real ones. */
const secret = ['kv', 'Zq8', 'Lm3', 'Tt/', 'w+R', '5yB', '2xC', '9dE'].join('');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

function setOf(...values: string[]) {
  const known = createKnownValues();
  for (const value of values) known.add({ bytes: bytesOf(value), rule: 'test', isProtected: false });
  return known;
}

function found(values: string[], text: string): readonly KnownMatch[] {
  return setOf(...values).scan(bytesOf(text), 0, true).matches;
}

function foundTexts(values: string[], text: string): readonly string[] {
  return found(values, text).map(({ start, end }) => bytesOf(text).toString('utf8', start, end));
}

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const odd = ['pä"ss', '\\wörd', '/<&>', "'日本'", ' +=9x'].join('');
const percentAll = (text: string): string =>
  [...bytesOf(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const asciiJson = (text: string): string =>
  json(text).replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('known values', () => {
  it('finds nothing while it is empty', () => {
    expect(createKnownValues().scan(bytesOf(secret), 0, true)).toEqual({ matches: [], resume: secret.length });
  });

  it.each([
    ['as it is', odd, []],
    ['JSON-escaped', json(odd), ['json']],
    ['JSON-escaped twice', json(json(odd)), ['json', 'json']],
    ['JSON-escaped with slashes', json(odd).replaceAll('/', '\\/'), ['json']],
    ['JSON-escaped to ASCII', asciiJson(odd), ['json']],
    ['JSON-escaped to ASCII, then again', json(asciiJson(odd)), ['json', 'json']],
    ['JSON-escaped for HTML', json(odd).replaceAll(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`), ['json']],
    ['percent-encoded as a component', encodeURIComponent(odd), ['percent']],
    ['percent-encoded in lower case', encodeURIComponent(odd).replaceAll(/%../g, (c) => c.toLowerCase()), ['percent']],
    ['percent-encoded as a form', new URLSearchParams({ q: odd }).toString().slice(2), ['percent']],
    ['percent-encoded whole', percentAll(odd), ['percent']],
    ['in hex', bytesOf(odd).toString('hex'), ['hex']],
    ['in upper-case hex', bytesOf(odd).toString('hex').toUpperCase(), ['hex']],
  ])('finds a value %s', (_, form, encoding) => {
    const matches = found([odd], `a = ${form};`);

    expect(matches).toEqual([expect.objectContaining({ start: 4, end: 4 + bytesOf(form).length, encoding })]);
  });

  it.each([0, 1, 2])('finds a value in base64 after %i bytes of the same text', (lead) => {
    for (const coding of ['base64', 'base64url'] as const) {
      const outer = Buffer.concat([Buffer.alloc(lead + 3, 'x'), bytesOf(odd), Buffer.from('tail')]).toString(coding);

      const [match, ...others] = found([odd], outer);

      expect(others).toEqual([]);
      expect(match?.encoding[0]).toMatch(/^base64/);
      // Every character that holds a bit of the value is covered.
      expect(match?.start).toBe(Math.floor(((lead + 3) * 8) / 6));
      expect(match?.end).toBe(Math.ceil(((lead + 3 + bytesOf(odd).length) * 8) / 6));
    }
  });

  it('lets the longest of nested values win, and keeps those that only overlap', () => {
    expect(foundTexts(['inner-value-1', 'outer-inner-value-1-more'], 'x outer-inner-value-1-more y')).toEqual([
      'outer-inner-value-1-more',
    ]);
    expect(foundTexts(['abcdefgh-1', 'fgh-1ijklm'], 'abcdefgh-1ijklm')).toEqual(['abcdefgh-1', 'fgh-1ijklm']);
  });

  it.each([
    ['stands alone', 'x = hunter2x;', true],
    ['follows an escaped line break', String.raw`a\nhunter2x\tb`, true],
    ['follows a percent escape', '?q=%20hunter2x', true],
    ['follows an escaped character', '\\u000ahunter2x', true],
    ['is part of a longer word', 'hunter2xyz', false],
    ['ends a longer word', 'myhunter2x', false],
    ['is joined by an underscore', 'a_hunter2x', false],
  ])('matches a short word that %s: %s', (_, text, isFound) => {
    expect(found(['hunter2x'], text).length > 0).toBe(isFound);
  });

  it('finds a long value inside a longer word', () => {
    const long = ['abcdef', '0123456', '789xyz'].join('');

    expect(foundTexts([long], `prefix${long}suffix`)).toEqual([long]);
  });

  it('finds what is added after a first look', () => {
    const known = setOf('first-value-1');
    known.scan(bytesOf(secret), 0, true);

    known.add({ bytes: bytesOf(secret), rule: 'later', isProtected: true });

    expect(known.size).toBe(2);
    expect(known.scan(bytesOf(`x ${secret}`), 0, true).matches).toMatchObject([{ start: 2, value: { rule: 'later' } }]);
  });

  it('keeps the protected one of two equal values', () => {
    const known = setOf(secret);

    known.add({ bytes: bytesOf(secret), rule: 'protected-value', name: 'X', isProtected: true });

    expect(known.size).toBe(1);
    expect(known.scan(bytesOf(secret), 0, true).matches[0]?.value).toMatchObject({ isProtected: true, name: 'X' });
  });

  it('finds each of many values of one prefix, and of all lengths', () => {
    const values = Array.from({ length: 1500 }, (_, i) => `shared-prefix-${'q'.repeat(i % 30)}-${i}-end`);
    const text = values.join(' | ');

    expect(foundTexts(values, text)).toEqual(values);
  });

  it('finds values of one to three bytes', () => {
    expect(foundTexts(['§'], 'a § b')).toEqual(['§']);
  });

  it('ignores an empty value', () => {
    expect(setOf('').size).toBe(0);
  });
});

describe('known values of several lines', () => {
  const lines = [
    '-----BEGIN TEST DATA-----',
    'QUJD'.repeat(16),
    'REVG'.repeat(16),
    'R0hJ'.repeat(5),
    '-----END TEST DATA-----',
  ];
  const block = lines.join('\n');

  it.each([
    ['tab', (line: string, n: number) => `${n}\t${line}`],
    ['colon', (line: string, n: number) => `${n}: ${line}`],
    ['bar', (line: string, n: number) => ` ${n} | ${line}`],
    ['arrow', (line: string, n: number) => `     ${n}→${line}`],
    ['padded tab', (line: string, n: number) => `     ${n}\t${line}`],
    ['indentation', (line: string) => `    ${line}`],
    ['a diff', (line: string) => `+${line}`],
    ['nothing', (line: string) => line],
  ])('finds them decorated with %s', (_, decorate) => {
    const text = `head\n${lines.map((line, index) => decorate(line, index + 8)).join('\n')}\ntail`;

    for (const shown of [text, text.replaceAll('\n', '\r\n'), json(text), json(json(text))]) {
      const [match, ...others] = found([block], shown);
      const masked = bytesOf(shown).toString('utf8', match?.start, match?.end);

      expect(others).toEqual([]);
      expect(masked.startsWith('-----BEGIN')).toBe(true);
      expect(masked.endsWith('-----END TEST DATA-----')).toBe(true);
    }
  });

  it('does not find them with a line missing', () => {
    expect(found([block], lines.filter((_, index) => index !== 2).join('\n'))).toEqual([]);
  });
});
