/** Tells characters drawn at random from words and identifiers: entropy, kinds of characters, letter pairs. */
import { entropyOf } from '../entropy.ts';
import { isIdentifier } from './identifiers.ts';
import { remembered } from './remembered.ts';
import { isDrawn, wordOdds } from './word-odds.ts';

/**
 * Whether a value looks drawn at random: high entropy, and either the kinds of characters change often or its letters
 * are hardly those of words.
 */
export const isRandom = remembered((value: string): boolean => {
  if (value.length < 12 || kindsOf(value) < 2 || isHumped(value) || isIdentifier(value)) return false;
  // Without a digit only its letters can tell it from an identifier.
  if (!/\d/.test(value)) return isDrawn(value);
  if (entropyOf(value) < Math.min(3.6, Math.log2(value.length) * 0.8)) return false;
  return changesOf(value) / value.length >= 0.3 || wordOdds(value) < -6;
});

/**
 * Whether a value is an identifier in camel case, with a number in it or without: `OAuth2RefreshTokenGrant`. Most of its
 * letters stand in runs of lower case that read as words, which is rare where case is drawn at random.
 */
function isHumped(value: string): boolean {
  if (!/^[A-Za-z_$][\w$.]*$/.test(value) || !/[A-Z][a-z]{2}/.test(value)) return false;
  const runs = value.match(/[A-Z]?[a-z]{2,}/g) ?? [];
  const inRuns = runs.reduce((sum, run) => sum + run.length, 0);
  return inRuns >= 0.75 * value.replaceAll(/[^A-Za-z]/g, '').length && wordOdds(value) >= 4;
}

/** How often lower case, upper case, digits and signs follow one another. */
function changesOf(value: string): number {
  let changes = 0;
  let previous = -1;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const kind =
      code >= 0x61 && code <= 0x7a ? 0 : code >= 0x41 && code <= 0x5a ? 1 : code >= 0x30 && code <= 0x39 ? 2 : 3;
    if (kind !== previous) changes++;
    previous = kind;
  }
  return changes;
}

/** How many of the kinds lower case, upper case, digit, other occur. */
function kindsOf(value: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
}

/** Whether it is hexadecimal digits only, as many as keys have, and not a few of them again and again. */
function isHexKey(value: string): boolean {
  return value.length >= 24 && /^[0-9a-f]+$/i.test(value) && /\d/.test(value) && entropyOf(value) >= 3;
}

/** Whether so many digits stand in a run of letters that it names nothing: `abc123def456ghi789`. */
function isDigitRich(value: string): boolean {
  const runs = value.match(/[A-Za-z0-9]{16,}/g) ?? [];
  if (!runs.some((run) => /[A-Za-z]/.test(run) && /(?:\d.*){4}/.test(run))) return false;
  return entropyOf(value) >= 3.3 && !isHumped(value) && !isIdentifier(value);
}

/** Whether a value is as strong as a generated key: at least 16 characters drawn at random, or hexadecimal. */
export function isStrong(value: string): boolean {
  return isHexKey(value) || (value.length >= 16 && isRandom(value)) || isDigitRich(value);
}

/** Whether so many different signs stand in it that it can only be a password: `m{h}o)p$e]n>b#`. */
export function isFullOfSigns(value: string): boolean {
  if (value.length < 10 || /^[\w\s./:,-]*$/.test(value)) return false;
  const signs = new Set(value.replaceAll(/[\w\s./:,-]/g, ''));
  return signs.size >= 5;
}
