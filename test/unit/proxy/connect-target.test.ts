import { describe, expect, it } from 'vitest';
import { canonicalHost, formatHostPort, parseHostPort } from '../../../src/proxy/connect-target.ts';

describe('a CONNECT target', () => {
  it.each([
    ['api.example.com:443', 'api.example.com', 443],
    ['API.Example.COM.:8443', 'api.example.com', 8443],
    ['127.0.0.1:1', '127.0.0.1', 1],
    ['[2001:DB8::1]:65535', '2001:db8::1', 65_535],
    ['constructor:443', 'constructor', 443],
    ['my_host-1:80', 'my_host-1', 80],
  ])('reads %s', (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ host, port });
  });

  it.each([
    '',
    'host',
    ':443',
    'host:',
    'host:0',
    'host:00443',
    'host:65536',
    'host:4e2',
    'host: 443',
    'host:443:443',
    'a b:443',
    '../x:443',
    'a/b:443',
    'user@host:443',
    'host\u0000.example:443',
    '1.2.3.4.5:443',
    '1.2.3:443',
    '0x7f000001:443',
    '127.1:443',
    '2130706433:443',
    '::1:443',
    '[::1:443',
    '[1.2.3.4]:443',
    '[]:443',
    '-a.example:443',
    'a-.example:443',
    'a..example:443',
    `${'a'.repeat(64)}.example:443`,
    `${'a.'.repeat(127)}example:443`,
    'ünï.example:443',
  ])('refuses what is no target: %s', (text) => {
    expect(parseHostPort(text)).toBeUndefined();
  });

  it('takes a default port only where there is one', () => {
    expect(parseHostPort('host.example', 80)).toEqual({ host: 'host.example', port: 80 });
    expect(parseHostPort('host.example:', 80)).toBeUndefined();
  });

  it('writes what it reads', () => {
    expect(formatHostPort({ host: '::1', port: 443 })).toBe('[::1]:443');
    expect(formatHostPort({ host: 'a.example', port: 443 }, 443)).toBe('a.example');
    expect(canonicalHost('[::1]')).toBe('::1');
  });
});
