import { describe, expect, it } from 'vitest';
import { canonicalPath, compilePathGlobs, spellingsOf } from '../../../src/policy/paths.ts';

describe('the spelling of paths', () => {
  it.each([
    ['/a/./b/../c', '/a/c'],
    ['a//b/', 'a/b'],
    ['../../etc/x', 'etc/x'],
    ['C:\\Users\\me\\x', '/c:/Users/me/x'],
    ['c:/x', '/c:/x'],
    ['file:///a/b', '/a/b'],
    ['file://localhost/a/b', '/a/b'],
    ['file:///C:/x', '/c:/x'],
    ['\\\\?\\C:\\x', '/c:/x'],
    ['~/x', '~/x'],
    ['cafe\u0301', 'caf\u00e9'],
  ])('%s is %s', (path, expected) => {
    expect(canonicalPath(path)).toBe(expected);
  });
});

describe('proprietary paths', () => {
  const isPricing = compilePathGlobs(['**/pricing-engine/**', 'src/secret/*.ts', '**/*.pem', 'D:\\keys\\**'], false);

  it.each([
    '/repo/pricing-engine/a.ts',
    'pricing-engine/a.ts',
    './pricing-engine/a.ts',
    '/repo/x/../pricing-engine/a.ts',
    'C:\\repo\\Pricing-Engine\\a.ts',
    'file:///repo/pricing-engine/a.ts',
    'file:///repo/pricing%2Dengine/a.ts',
    '/repo/pricing%252Dengine/a.ts',
    '/repo/src/secret/a.ts',
    'key.PEM',
    'd:/keys/x/y',
  ])('cover %s', (path) => {
    expect(isPricing(spellingsOf(path))).toBe(true);
  });

  it.each(['/repo/pricing-engine-docs/a.ts', '/repo/src/secret/deep/a.ts', 'a.pem.md', '%E0%A4%A', ''])(
    'do not cover %j',
    (path) => {
      expect(isPricing(spellingsOf(path))).toBe(false);
    },
  );

  it('may be case-sensitive', () => {
    expect(compilePathGlobs(['**/A'], true)(spellingsOf('/x/a'))).toBe(false);
  });
});
