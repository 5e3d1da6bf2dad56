import { describe, expect, it } from 'vitest';
import { compileGlob, compileGlobs } from '../../../src/policy/glob.ts';

describe('path globs', () => {
  it.each([
    ['*.pem', 'a.pem', true],
    ['*.pem', 'x/a.pem', false],
    ['**/*.pem', 'a.pem', true],
    ['**/*.pem', 'x/y/a.pem', true],
    ['**/pricing/**', '/repo/src/pricing/a/b.ts', true],
    ['**/pricing/**', '/repo/src/pricing-old/b.ts', false],
    ['src/**', 'src/a/b', true],
    ['src/**', 'source/a', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c].ts', 'b.ts', true],
    ['[!a-c].ts', 'b.ts', false],
    ['[!a-c]', '/', false],
    ['*.{ts,tsx}', 'a.tsx', true],
    ['*.{ts,tsx}', 'a.js', false],
    ['a.b', 'axb', false],
    [String.raw`a\*b`, 'a*b', true],
    [String.raw`a\*b`, 'axb', false],
    ['.env*', '.env.local', true],
    ['(a|b)+$', '(a|b)+$', true],
  ])('%s against %s: %s', (pattern, text, matches) => {
    expect(compileGlob(pattern)(text)).toBe(matches);
  });

  it('match names with * over slashes, and ignore case on request', () => {
    expect(compileGlob('secrets*', { isPath: false })('secrets/github')).toBe(true);
    expect(compileGlob('ABC*', { ignoreCase: true })('abcd')).toBe(true);
    expect(compileGlob('ABC', { ignoreCase: true })('abc')).toBe(true);
    expect(compileGlobs(['a', 'b*'])('bc')).toBe(true);
  });

  it.each(['', '!x', '[abc', '{a,b', '!(a|b)', '@(a)', 'x'.repeat(513)])('refuse %s', (pattern) => {
    expect(() => compileGlob(pattern)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });

  it('are not held up by a hostile pattern', () => {
    const test = compileGlob(`${'*a'.repeat(60)}*b`);

    expect(test('a'.repeat(100_000))).toBe(false);
  });
});
