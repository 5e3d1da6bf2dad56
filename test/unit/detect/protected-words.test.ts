import { describe, expect, it } from 'vitest';
import { canSpread, everydayReason, secretParts } from '../../../src/detect/protected-words.ts';

/** Joined from parts, so that no scanner takes it for a real one. */
const join = (...parts: string[]): string => parts.join('');

describe('which protected values may match everywhere', () => {
  it.each([
    ['a random token', join('x9Kd', '82Lq', 'Pz01')],
    ['eight mixed characters', join('tr0u', 'b4d0')],
    ['random letters of one case', join('qzxv', 'kjhg', 'fdsw')],
    ['random letters of both cases', join('aKjQ', 'wZmT', 'pLxR')],
    ['base64', join('c2Vj', 'cmV0', 'L3Rv+a2Vu', 'MTIz==')],
    ['a UUID', join('3f2b8c1e', '-9d4a-4e7b', '-8c5f-1a2b3c4d5e6f')],
    ['a three-part token', join('eyJh', 'bGci.', 'eyJz', 'dWIi.', 'c2ln', 'bmF0')],
    ['a URL with a password', join('postgres://app:', 'pw', '@db.internal/x')],
    ['a URL with a secret parameter', join('https://x.test/?token=', 'abc')],
    ['a path with a key in it', join('/services/', 'T0aB3cD4eF5gH6iJ7kL8m')],
    ['punctuation', join('!Qw#', '9$xZ', '&*(k')],
  ])('lets %s', (_, text) => {
    expect(everydayReason(text)).toBeUndefined();
  });

  it.each([
    ['3000', 'a number'],
    ['1,234,567.89', 'a number'],
    ['123456789012345', 'a number'],
    ['0x1F', 'a number'],
    ['true', 'a constant'],
    ['DISABLED', 'a constant'],
    ['2026-01-31T10:00:00Z', 'a time'],
    ['/usr/local/share/application', 'a path'],
    ['C:\\Program Files\\Sluice', 'a path'],
    ['./src/index.ts', 'a path'],
    ['src/components/Button.tsx', 'only words and short numbers'],
    ['us-east-1', 'only words and short numbers'],
    ['eu-central-1a', 'only words and short numbers'],
    ['localhost:5432', 'a host name'],
    ['db-1.cluster-abc.eu-west-1.rds.amazonaws.com', 'a host name'],
    ['127.0.0.1:8080', 'a host name'],
    ['https://api.example.com/v1/users?page=2', 'a URL without a secret part'],
    ['My Application Name 2', 'only words and short numbers'],
    ['claude-sonnet-4-5', 'only words and short numbers'],
    ['development', 'only words and short numbers'],
    ['correct-horse-battery-staple', 'only words and short numbers'],
    ['applicationConfigurationProvider', 'only words and short numbers'],
    ['sha256', 'only words and short numbers'],
    ['aaaaaaaaaaaaaaaa1', 'a few repeated characters'],
    [join('x9K', 'd8'), 'short'],
  ])('does not let %s: %s', (text, reason) => {
    expect(everydayReason(text)).toBe(reason);
  });

  it('takes the secret parts out of a URL', () => {
    expect(secretParts('redis://:pw1@h/0')).toEqual(['pw1']);
    expect(secretParts('amqp://token1@h')).toEqual(['token1']);
    expect(secretParts('https://h/?page=1&api_key=k1&sig=s1#f')).toEqual(['k1', 's1']);
    expect(secretParts('https://h/')).toEqual([]);
    expect(secretParts('not a url')).toBeUndefined();
  });
});

describe('which found values spread', () => {
  it.each([
    [join('x9Kd', '82Lq'), true],
    ['correct horse battery', true],
    [join('7', 'charss').slice(0, 7), false],
    ['password', false],
    ['ChangeMe', false],
    ['12345678901', false],
    ['--------------', false],
    ['x'.repeat(40), true],
  ])('%s: %s', (text, spreads) => {
    expect(canSpread(Buffer.from(text))).toBe(spreads);
  });
});
