/** Where context words may begin: told by three letters, and never missed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { contextAround } from '../../../src/detect/context.ts';
import {
  fold,
  keySetOf,
  keysOfWords,
  mayHoldWord,
  someBeginning,
  spellingsOf,
} from '../../../src/detect/context-words.ts';

function mayHold(text: string, word: string): boolean {
  const bytes = utf8(text);
  return mayHoldWord(bytes, 0, bytes.length, [fold(word)]);
}

describe('a context word', () => {
  it.each([
    ['NÚMERO', 'numero'],
    ['Straße', 'straße'],
    ['SSN', 'ssn'],
  ])('is kept without case and accents: %s', (word, folded) => {
    expect(fold(word)).toBe(folded);
  });

  it('of several parts is looked for with blanks and in one', () => {
    expect(spellingsOf(['tax_id'])).toEqual(['tax id', 'taxid']);
  });

  it('has few keys, also where anything may join its parts', () => {
    expect(keysOfWords(['card'])).toHaveLength(1);
    expect(keysOfWords(['e-card'])).toHaveLength(6);
    expect(keysOfWords(['id'])).toHaveLength(32);
  });

  it('beyond ASCII has none: near such bytes nothing is told by keys', () => {
    expect(keysOfWords(['身份证'])).toEqual([]);
    expect(mayHold('我的身份证', '身份证')).toBe(true);
    expect(mayHold('é x', 'ssn')).toBe(true);
  });
});

describe('a place where a word may begin', () => {
  it.each(['ssn', '(ssn', '9ssn', '_ssn', 'mySsn', '\\nssn', '\\\\tssn', 'a.SSN'])('is seen in %s', (text) => {
    expect(mayHold(text, 'ssn')).toBe(true);
  });

  it.each(['classn', 'XSSN', 'xssn', 'ss', 's s n'])('is not seen in %s', (text) => {
    expect(mayHold(text, 'ssn')).toBe(false);
  });

  it('is told with its key, until one is the right one', () => {
    const keys = keySetOf(keysOfWords(['card', 'ssn']));
    const seen: number[] = [];
    const text = utf8('card ssn card');
    const isAny = someBeginning(text, 0, text.length, keys, (key) => seen.push(key) === 2);

    expect(isAny).toBe(true);
    expect(seen).toEqual([...keysOfWords(['card']), ...keysOfWords(['ssn'])]);
  });

  it('is never missed where a word is found', () => {
    const words = ['ssn', 'nn', 'tax id', 'número', 'ИНН', 'a.k.', 'card'].map(fold);
    const part = fc.constantFrom(
      ...words,
      'idNo',
      'TaxId',
      'a-k',
      'ak',
      'Card',
      'SSN',
      'x',
      '\\',
      'n',
      ' ',
      '_',
      'é',
      '1',
    );
    const texts = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.constantFrom(...words), (before, word) => {
        const text = utf8(`${before}123456789`);
        const start = text.length - 9;
        const rule = { words: [word], within: 200, isAloneEnough: false };
        const isFound = contextAround(text, start, text.length, false, rule) === 'word';

        expect(!isFound || mayHoldWord(text, 0, start, [word])).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
