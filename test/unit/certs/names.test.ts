import { describe, expect, it } from 'vitest';
import { addressBytes, isWithin, parseHost, requireHost } from '../../../src/certs/names.ts';

describe('host names', () => {
  it.each([
    ['API.Example.COM', { kind: 'dns', name: 'api.example.com' }],
    ['api.example.com.', { kind: 'dns', name: 'api.example.com' }],
    ['localhost', { kind: 'dns', name: 'localhost' }],
    ['a_b.example', { kind: 'dns', name: 'a_b.example' }],
    ['bücher.example', { kind: 'dns', name: 'xn--bcher-kva.example' }],
    ['constructor', { kind: 'dns', name: 'constructor' }],
    ['__proto__', { kind: 'dns', name: '__proto__' }],
    ['127.0.0.1', { kind: 'ip', name: '127.0.0.1' }],
    ['[::1]', { kind: 'ip', name: '::1' }],
    ['0:0:0:0:0:0:0:1', { kind: 'ip', name: '::1' }],
    ['2001:DB8::A', { kind: 'ip', name: '2001:db8::a' }],
  ])('reads %s', (host, expected) => {
    expect(parseHost(host)).toEqual(expected);
  });

  it.each([
    '',
    '.',
    'a..b',
    '-a.example',
    'a-.example',
    '../../etc/passwd',
    'a b',
    'a/b',
    'a:443',
    'a%00b.example',
    '*.example.com',
    '1.2.3.4.5',
    '0x7f.1',
    '999.1.1.1',
    'fe80::1%eth0',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}example`,
  ])('finds no host in %j', (host) => {
    expect(parseHost(host)).toBeUndefined();
    expect(() => requireHost(host)).toThrowError(expect.objectContaining({ code: 'ERR_CONNECT_TARGET' }));
  });

  it('gives an address as the bytes a certificate holds', () => {
    expect([...addressBytes('127.0.0.1')]).toEqual([127, 0, 0, 1]);
    expect([...addressBytes('::1')]).toEqual([...Array.from({ length: 15 }, () => 0), 1]);
  });

  it('takes a name for within a domain only at a label’s edge', () => {
    expect(isWithin('a.example.com', 'example.com')).toBe(true);
    expect(isWithin('example.com', 'example.com')).toBe(true);
    expect(isWithin('badexample.com', 'example.com')).toBe(false);
  });
});
