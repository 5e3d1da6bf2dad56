/** Words and identifiers, against letters drawn at random. */
import { describe, expect, it } from 'vitest';
import { isDrawn, wordOdds } from '../../../../src/detect/checks/word-odds.ts';
import { isWords } from '../../../../src/detect/checks/words.ts';
import { drawn } from '../../../helpers/drawn.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';

describe('wordOdds', () => {
  it.each([
    'configuration',
    'getUserAccountSettingsById',
    'toHaveBeenCalledWith',
    'XMLHttpRequest',
    'MAX_CONNECTION_ATTEMPTS',
    'primary-navigation-button',
    'Keep your passwords out of source control',
    'user:2818771:profile',
  ])('takes %s for words', (value) => {
    expect(wordOdds(value)).toBeGreaterThan(0);
    expect(isDrawn(value)).toBe(false);
  });

  it.each([
    ['both cases', lower + lower.toUpperCase(), 20, 990],
    ['lower case', lower, 20, 975],
    ['capitals', lower.toUpperCase(), 20, 975],
    ['both cases, in short', lower + lower.toUpperCase(), 16, 970],
  ])('takes letters of %s for drawn where they are', (_, alphabet, length, atLeast) => {
    const values = Array.from({ length: 1000 }, (__, seed) => drawn(alphabet, length, seed));

    expect(values.filter(isDrawn).length).toBeGreaterThan(atLeast);
    expect(values.filter((value) => !isWords(value)).length).toBeGreaterThan(atLeast);
  });

  it('says nothing of what holds no two letters in a row', () => {
    expect(['', '1234-5678', 'a1b2c3'].map(wordOdds)).toEqual([0, 0, 0]);
  });
});
