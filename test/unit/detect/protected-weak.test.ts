import { describe, expect, it } from 'vitest';
import { createWeakValues } from '../../../src/detect/protected-weak.ts';

const weak = (name: string, value: string, isNamed = true) => ({
  bytes: Buffer.from(value),
  rule: 'protected-value',
  name,
  isProtected: true,
  isNamed,
});

function masked(text: string, ...values: ReturnType<typeof weak>[]): string {
  const bytes = Buffer.from(text);
  let result = bytes.toString('latin1');
  for (const { start, end } of createWeakValues(values).scan(bytes, 0, true).matches.toReversed()) {
    result = `${result.slice(0, start)}#${result.slice(end)}`;
  }
  return Buffer.from(result, 'latin1').toString();
}

describe('weak protected values', () => {
  const dev = weak('DB_PASSWORD', 'dev');

  it.each([
    ['DB_PASSWORD=dev', 'DB_PASSWORD=#'],
    ['export DB_PASSWORD="dev"', 'export DB_PASSWORD="#"'],
    ["DB_PASSWORD: 'dev'", "DB_PASSWORD: '#'"],
    ['{"DB_PASSWORD": "dev"}', '{"DB_PASSWORD": "#"}'],
    [String.raw`{\"DB_PASSWORD\": \"dev\"}`, String.raw`{\"DB_PASSWORD\": \"#\"}`],
    ['process.env["DB_PASSWORD"] = "dev"', 'process.env["DB_PASSWORD"] = "#"'],
    ['getenv("DB_PASSWORD", "dev")', 'getenv("DB_PASSWORD", "#")'],
    ['DB_PASSWORD => "dev"', 'DB_PASSWORD => "#"'],
    [String.raw`x\nDB_PASSWORD=dev\n`, String.raw`x\nDB_PASSWORD=#\n`],
    ['postgres://app:dev@db/x', 'postgres://app:#@db/x'],
    [String.raw`postgres:\/\/app:dev@db`, String.raw`postgres:\/\/app:#@db`],
    ['redis://:dev@db', 'redis://:#@db'],
  ])('are found in %s', (text, expected) => {
    expect(masked(text, dev)).toBe(expected);
  });

  it.each([
    'npm run dev',
    'NODE_ENV=dev',
    'MY_DB_PASSWORD=dev',
    'DB_PASSWORD_FILE=dev',
    'DB_PASSWORD=development',
    'DB_PASSWORD is dev',
    'app:dev@db',
    'mail a:dev@x of //host/',
  ])('are not found in %s', (text) => {
    expect(masked(text, dev)).toBe(text);
  });

  it('are found only in a URL where their name says nothing', () => {
    const unnamed = weak('DATABASE', 'dev', false);

    expect(masked('DATABASE=dev postgres://app:dev@db', unnamed)).toBe('DATABASE=dev postgres://app:#@db');
  });

  it('are found with their characters escaped', () => {
    expect(masked(String.raw`{"PIN_SECRET":"a\"b"}`, weak('PIN_SECRET', 'a"b'))).toBe('{"PIN_SECRET":"#"}');
    expect(masked('ftp://u:a%2Fb@h', weak('PIN_SECRET', 'a/b'))).toBe('ftp://u:#@h');
  });
});
