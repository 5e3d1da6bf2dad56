/** Characters drawn at random, against words, identifiers and numbers. */
import { describe, expect, it } from 'vitest';
import { isFullOfSigns, isRandom, isStrong } from '../../../../src/detect/checks/randomness.ts';
import { drawn } from '../../../helpers/drawn.ts';

const alnum = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

describe('randomness', () => {
  it.each([
    ['letters and digits', alnum, 32],
    ['base64', `${alnum}+/`, 43],
    ['hexadecimal', '0123456789abcdef', 40],
    ['lower case and digits', alnum.slice(0, 26) + alnum.slice(52), 24],
  ])('calls nearly all keys of %s strong', (_, alphabet, length) => {
    const strong = Array.from({ length: 500 }, (__, seed) => isStrong(drawn(alphabet, length, seed)));

    expect(strong.filter(Boolean).length).toBeGreaterThan(485);
  });

  it.each([
    'getUserAccountSettingsById',
    'OAuth2RefreshTokenGrant',
    'Ed25519PrivateKey',
    'ed25519.Ed25519PrivateKey',
    'primary-navigation-button',
    'application/json; charset=utf-8',
    'user:2818771:profile',
    'abcdef',
    '00000000000000000000000000000000',
    '2026-11-21T10:00:00',
  ])('does not call %s strong', (value) => {
    expect(isStrong(value)).toBe(false);
  });

  it('takes nothing short for drawn at random', () => {
    expect(isRandom('short1')).toBe(false);
  });

  it('knows letters without a digit that were drawn at random', () => {
    const values = Array.from({ length: 500 }, (_, seed) => drawn(alnum.slice(0, 52), 20, seed));

    expect(values.filter(isRandom).length).toBeGreaterThan(485);
  });

  it('knows a password by many different signs', () => {
    expect(isFullOfSigns('m{{h}o)p${e]nob(o')).toBe(true);
    expect(isFullOfSigns('call(argument)[0]')).toBe(false);
  });
});
