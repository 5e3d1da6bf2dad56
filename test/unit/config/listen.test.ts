import { describe, expect, it } from 'vitest';
import { listenerProblem, parseAddress } from '../../../src/config/listen.ts';
import { profiles } from '../../../src/config/profiles.ts';

describe('addresses', () => {
  it.each([
    ['127.0.0.1:7787', { host: '127.0.0.1', port: 7787, isLoopback: true }],
    ['[::1]:0', { host: '::1', port: 0, isLoopback: true }],
    ['localhost:1', { host: 'localhost', port: 1, isLoopback: true }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80, isLoopback: false }],
    ['[::]:80', { host: '::', port: 80, isLoopback: false }],
    ['127.evil.test:80', { host: '127.evil.test', port: 80, isLoopback: false }],
    ['localhost.evil.test:80', { host: 'localhost.evil.test', port: 80, isLoopback: false }],
  ])('%s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });
});

describe('a listener', () => {
  it.each([
    [profiles.workstation, undefined],
    [profiles.gateway, undefined],
    [{ ...profiles.workstation, listen: '0.0.0.0:1' }, 'listen'],
    [{ ...profiles.gateway, auth: { mode: 'required' as const } }, 'auth.mode'],
  ])('row %#', (config, path) => {
    expect(listenerProblem(config)?.path).toBe(path);
  });
});
