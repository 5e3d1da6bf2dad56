/** What tells a secret from a piece of code or of a longer token. */
import { describe, expect, it } from 'vitest';
import { holds } from '../../../helpers/check-holds.ts';

describe('a token by itself', () => {
  it.each([
    ['=', ';', true, true],
    ['\\n', '\\n', true, true],
    ['"', '".', true, true],
    ['', '. Then', true, true],
    ['x', '', false, true],
    ['.', '', false, true],
    ['', '-x', true, false],
    ['', '.x', true, false],
  ])('between %j and %j begins: %s, stops: %s', (before, after, begins, stops) => {
    expect(holds('token-begins', 'a8bQ~c1', before, after)).toBe(begins);
    expect(holds('token-stops', 'a8bQ~c1', before, after)).toBe(stops);
  });
});

describe('program text', () => {
  it.each([
    'isOpen?1024:0',
    'HOME_KEY?0:t.length-1',
    '--disable-darwin',
    '--network=build',
    'user.password',
    'users.*.apiKey',
    'a.b.length>0,{x:1',
    'tokens[0]',
    './keys/a1',
    'projects/12345/secrets/db/versions/1',
    '!vault',
    's/unlink/remove/',
    'print|raise|return',
    'eli:x:2098:1000:Eli',
    'SYSTEM_ZLIB=yes',
    'input[type=',
    '].join(',
    ',hostname:',
  ])('is %s', (value) => {
    expect(holds('not-code', value, '= ', '\n')).toBe(false);
  });

  it.each(['q7Kx9vR2mZ?a:b!', '--x9Kd83', 'plum2042'])('is not %s', (value) => {
    expect(holds('not-code', value, '= ', '\n')).toBe(true);
  });
});

describe('the name of a user as its password', () => {
  it.each([
    ['@cluster0.plum.net/app', true],
    ['@35.1.2.3:5672', true],
    ['@10.1.2.3:5672', false],
    ['@localhost/app', false],
    ['@db:5432/app', false],
    ['@db.internal/app', false],
    ['@db.example.com/app', false],
  ])('is a password where others reach the host: %s is %s', (host, expected) =>
    expect(holds('not-default', 'shop', '//shop:', host)).toBe(expected),
  );
});

describe('what is assigned where program text stands', () => {
  it.each([
    ['rules of a form', 'required|min:6|confirmed', "'", "'", false],
    ['a call whose arguments are quoted', 'getenv(', ' ', '"', false],
    ['a tag of YAML', '!vault', ' ', ' ', false],
    ['what begins with the sign of one', '!plum321', '=', ';', true],
  ])('%s: %s', (_what, value, before, after, expected) =>
    expect(holds('not-code', value, before, after)).toBe(expected),
  );

  it.each([
    ['1433;database=x', false],
    ['1433x;y', true],
  ])('is no port with parameters behind: %s is %s', (value, expected) =>
    expect(holds('not-port', value)).toBe(expected),
  );
});
