import { describe, expect, it } from 'vitest';
import { saysSecret, selectVariables, sortProtected } from '../../../src/detect/protected.ts';

const strongValue = ['x9Kd', '82Lq', 'Pz01'].join('');
const sort = (...variables: [string, string][]) =>
  sortProtected([{ from: 'test', variables: variables.map(([name, value]) => ({ name, value })) }]);
const texts = (values: readonly { readonly bytes: Uint8Array }[]) =>
  values.map(({ bytes }) => Buffer.from(bytes).toString());

describe('choosing variables by name', () => {
  const environment = { DATABASE_URL: 'a', GITHUB_TOKEN: 'b', TOKENS: 'c', Path: 'd', GONE: undefined };

  it.each([
    [['DATABASE_URL'], ['DATABASE_URL']],
    [['*_TOKEN'], ['GITHUB_TOKEN']],
    [['*TOKEN*'], ['GITHUB_TOKEN', 'TOKENS']],
    [['?ath'], ['Path']],
    [['path'], []],
    [['*'], ['DATABASE_URL', 'GITHUB_TOKEN', 'TOKENS', 'Path']],
    [['.*'], []],
    [[], []],
  ])('%j chooses %j', (patterns, names) => {
    expect(selectVariables(environment, patterns).map(({ name }) => name)).toEqual(names);
  });

  it('ignores case where the platform does', () => {
    expect(selectVariables(environment, ['path'], true)).toHaveLength(1);
  });

  it('is not held up by a hostile pattern', () => {
    const name = 'a'.repeat(30_000);

    expect(selectVariables({ [name]: 'x' }, ['*a'.repeat(60) + '*b'])).toEqual([]);
  });
});

describe('the strength of protected values', () => {
  it.each(['DB_PASSWORD', 'apiKey', 'GITHUB_TOKEN', 'STRIPE_SECRET', 'clientSecret', 'SESSION_COOKIE', 'PGPASSWORD'])(
    'hears that %s is a secret',
    (name) => {
      expect(saysSecret(name)).toBe(true);
    },
  );

  it.each(['PORT', 'NODE_ENV', 'MONKEY', 'AUTHOR', 'TOKENIZER', 'COMPASS', 'KEYBOARD_LAYOUT', 'PASSENGER'])(
    'hears nothing of the kind in %s',
    (name) => {
      expect(saysSecret(name)).toBe(false);
    },
  );

  it('masks a strong value everywhere, whatever its name', () => {
    const { strong } = sort(['ANYTHING', strongValue]);

    expect(strong).toMatchObject([{ rule: 'protected-value', name: 'ANYTHING', isProtected: true }]);
    expect(texts(strong)).toEqual([strongValue]);
  });

  it('keeps a weak value for its own variable when the name says secret', () => {
    const { strong, weak, ignored } = sort(['DB_PASSWORD', 'dev'], ['NODE_ENV', 'dev']);

    expect(strong).toEqual([]);
    expect(weak).toMatchObject([{ name: 'DB_PASSWORD', isNamed: true }]);
    expect(ignored).toEqual([{ name: 'NODE_ENV', from: 'test', reason: 'only words and short numbers' }]);
  });

  it('takes nothing of an everyday file', () => {
    const everyday = sort(
      ['PORT', '3000'],
      ['DEBUG', 'true'],
      ['NODE_ENV', 'development'],
      ['APP_NAME', 'my-cool-app'],
      ['LOG_LEVEL', 'info'],
      ['MODEL', 'claude-sonnet-4-5'],
      ['AWS_REGION', 'us-east-1'],
      ['BASE_URL', 'http://localhost:3000/api'],
      ['DATA_DIR', '/var/lib/app'],
      ['TZ', 'Europe/Berlin'],
      ['EMPTY', ''],
    );

    expect(everyday.strong).toEqual([]);
    expect(everyday.weak).toEqual([]);
    expect(everyday.ignored).toHaveLength(11);
  });

  it('protects the secret part of a URL for itself', () => {
    const password = strongValue;
    const { strong, weak } = sort(['DATABASE_URL', `postgres://app:${password}@db/x`], ['REDIS', 'redis://:dev@h']);

    expect(texts(strong)).toEqual([`postgres://app:${password}@db/x`, password, 'redis://:dev@h']);
    expect(weak).toMatchObject([{ name: 'REDIS', isNamed: false }]);
    expect(texts(weak)).toEqual(['dev']);
  });

  it('protects a bounded number of values, the first that are named', () => {
    const variables = Array.from({ length: 3000 }, (_, i) => ({ name: `V${i}`, value: `${strongValue}${i}` }));
    const long = Array.from({ length: 100 }, (_, i) => ({ name: `L${i}`, value: `${strongValue}${i}`.repeat(1000) }));

    expect(sortProtected([{ from: 'test', variables }]).strong).toHaveLength(2000);
    expect(sortProtected([{ from: 'test', variables }]).ignored[0]).toEqual({
      name: 'V2000',
      from: 'test',
      reason: 'more than can be protected',
    });
    expect(sortProtected([{ from: 'test', variables: long }]).strong.length).toBeLessThan(80);
  });

  it('never tells a value in what it ignores', () => {
    const { ignored } = sort(['BIG', 'v'.repeat(70_000)], ['SHORT', 'q1w2']);

    expect(ignored.map(({ reason }) => reason)).toEqual(['too large', 'short']);
    expect(JSON.stringify(ignored)).not.toContain('q1w2');
  });
});
