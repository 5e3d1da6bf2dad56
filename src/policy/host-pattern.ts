/** Host patterns: `*.x.com` covers any depth below (not x.com itself), `*` every host, anything else is exact. */
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { AppError } from '../core/errors.ts';
import type { TextTest } from './glob.ts';

/**
 * Brings a host to the one spelling that patterns compare: lower-case, without brackets, port or trailing dots, IP
 * addresses in their canonical form (an IPv4-mapped IPv6 address is the IPv4 one), international names in ASCII.
 */
export function canonicalHost(host: string): string {
  const bare = host.startsWith('[') ? host.slice(1, host.includes(']') ? host.indexOf(']') : undefined) : host;
  const name = bare.replace(/\.+$/, '').toLowerCase();
  if (/^[\d.]+$|:|^0x/.test(name) && ipaddr.isValid(name)) return ipaddr.process(name).toString();
  if (/[\u{80}-\u{10ffff}]/u.test(name)) return domainToASCII(name);
  return name;
}

function refused(pattern: string, why: string): AppError {
  return new AppError('ERR_CONFIG_INVALID', `the host pattern ${JSON.stringify(pattern)} ${why}`, {
    hint: 'a host pattern is a host name, an IP address, *.domain for everything below it, or * for every host',
  });
}

/**
 * Compiles a host pattern; the test takes a host as {@link canonicalHost} gives it.
 * @throws AppError `ERR_CONFIG_INVALID` when it is not one of the known shapes.
 */
export function compileHost(pattern: string): TextTest {
  if (pattern === '*') return () => true;
  const isBelow = pattern.startsWith('*.');
  const host = canonicalHost(isBelow ? pattern.slice(2) : pattern);
  if (host === '') throw refused(pattern, 'names no host');
  if (host.includes('*')) throw refused(pattern, 'has a * elsewhere than as its first label');
  if (/[\s/@\\?#]/.test(host)) throw refused(pattern, 'is not a host: leave out scheme, path and user');
  if (host.includes(':') && !ipaddr.isValid(host)) throw refused(pattern, 'has a port: leave it out');
  if (!isBelow) return (text) => text === host;
  const suffix = '.' + host;
  return (text) => text.length > suffix.length && text.endsWith(suffix);
}

/** Compiles several host patterns: whether a host matches any. */
export function compileHosts(patterns: readonly string[]): TextTest {
  const exact = new Set<string>();
  const others: TextTest[] = [];
  for (const pattern of patterns) {
    const test = compileHost(pattern);
    if (pattern.startsWith('*')) others.push(test);
    else exact.add(canonicalHost(pattern));
  }
  return (host) => exact.has(host) || others.some((test) => test(host));
}
