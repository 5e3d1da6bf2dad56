import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRuleFile, resolveFrom, resolvePaths } from '../../../src/config/relative.ts';

describe('paths in a configuration', () => {
  it.each([
    ['secrets', false],
    ['regulated/*', false],
    ['./own', true],
    ['../own.yaml', true],
    ['/etc/own.yaml', true],
    ['~/own.yaml', true],
    ['rules/own.yml', true],
    ['C:\\own', true],
  ])('%s is a rule file: %s', (entry, isFile) => {
    expect(isRuleFile(entry)).toBe(isFile);
  });

  it.each([
    ['a/b', resolve('/base', 'a/b')],
    ['/a/b', '/a/b'],
    ['~/a', join(homedir(), 'a')],
    ['~', homedir()],
    ['~a', resolve('/base', '~a')],
  ])('%s from /base is %s', (path, expected) => {
    expect(resolveFrom('/base', path)).toBe(expected);
  });

  it('are all resolved, and nothing else', () => {
    const file = { home: 'h', ca: { publish: 'p' }, rules: ['secrets', './r'], mode: 'observe' } as const;

    expect(resolvePaths({ ...file, rules: [...file.rules] }, '/base')).toEqual({
      home: '/base/h',
      ca: { publish: '/base/p' },
      rules: ['secrets', '/base/r'],
      mode: 'observe',
    });
  });
});
