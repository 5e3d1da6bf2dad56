import { expect, it } from 'vitest';
import { coversHost, coversPath, normaliseHost } from '../../../src/providers/host-match.ts';

it.each([
  ['a.example', 'a.example', true],
  ['a.example', 'b.a.example', false],
  ['*.a.example', 'b.a.example', true],
  ['*.a.example', 'c.b.a.example', true],
  ['*.a.example', 'a.example', false],
  ['*.a.example', 'ba.example', false],
])('the host pattern %s covers %s: %s', (pattern, host, expected) => {
  expect(coversHost(pattern, host)).toBe(expected);
});

it.each([
  ['/a/b', '/a/b', true],
  ['/a/b', '/a/b/c', false],
  ['/a/*', '/a/b', true],
  ['/a/*', '/a/', false],
  ['/a/*', '/a/b/c', false],
  ['/a/**', '/a/b/c', true],
  ['/a/**', '/a', true],
  ['/a/**', '/ab', false],
  ['/**/z', '/a/b/z', true],
  ['/**/z', '/a/b/y', false],
])('the path glob %s covers %s: %s', (glob, path, expected) => {
  expect(coversPath(glob, path)).toBe(expected);
});

it('writes hosts in lower case without a trailing dot', () => {
  expect(normaliseHost('API.Example.')).toBe('api.example');
});
