import { describe, expect, it } from 'vitest';
import {
  isNameOfPassword,
  isPeopleSecret,
  isPlainPassword,
  isPlainWords,
  isShortPassword,
  isWordyPassword,
} from '../../../../src/detect/checks/passwords.ts';

describe('passwords as people make them', () => {
  it.each(['quietlyplum', '80387338', 'quiet plum walks uphill', 'quiet-plum-walks', 'quiet.plum.walks.uphill'])(
    'are words run together, phrases and numbers: %s',
    (value) => expect(isPlainPassword(value)).toBe(true),
  );

  it.each([
    ['a state', 'required'],
    ['a word of programs', 'newpassword'],
    ['a short word', 'plum'],
    ['a short number', '12345'],
    ['a sentence', 'enter it at least once again'],
    ['a text about one', 'wrong user name given'],
    ['two words', 'quietly plummeting'],
    ['an identifier', 'quiet_plum'],
    ['words with capitals', 'Quiet Plum Walks Uphill'],
  ])('are not %s', (_what, value) => expect(isPlainPassword(value)).toBe(false));

  it('may be a word with a number behind', () => {
    expect(['quietPlum42', 'plum2042', 'plum7', 'QUIET2042'].map(isWordyPassword)).toEqual([true, true, false, false]);
    expect(['access_token', 'plum2042', 'x9!kd83'].map(isPlainWords)).toEqual([true, false, false]);
  });

  it.each(['quiet-plum-42-walks', 'Quiet.Plum.7.Walks', 'QuietPlumWalks7'])(
    'may be a phrase with a number: %s',
    (value) => expect(isWordyPassword(value)).toBe(true),
  );

  it.each(['step-2-user-field', 'quiet-plum-walks', 'TestUserName7', 'a-1-b'])(
    'are no phrase with a number: %s',
    (value) => expect(isWordyPassword(value)).toBe(false),
  );

  it('stand for drawn secrets where their words are not those of programs', () => {
    expect(['quietPlum42', 'Quiet2042!', 'clientSecret12', 'quiet_plum42'].map(isPeopleSecret)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('words in the place of a password', () => {
  it.each(['db_password', 'my_password', 'userPassword1', 'EmailPass', 'username', 'required'])(
    'that say what belongs there are none: %s',
    (value) => expect(isNameOfPassword(value)).toBe(true),
  );

  it.each(['quietplum', 'QuietPlum', 'plumpass9', 'lab-plum'])('that say nothing of it may be: %s', (value) =>
    expect(isNameOfPassword(value)).toBe(false),
  );

  it.each([
    ['plum', true],
    ['plum42', true],
    ['80387', true],
    ['plu', false],
    ['quietplum', false],
    ['text', false],
    ['secure1', false],
    ['user1', false],
  ])('that are short are ones beside a connection: %s is %s', (value, expected) =>
    expect(isShortPassword(value)).toBe(expected),
  );
});
