/** Host names and addresses in the one form that certificates, constraints and caches use. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { AppError } from '../core/errors.ts';

/** A host as a certificate can name it. */
export type HostName = { readonly kind: 'dns'; readonly name: string } | { readonly kind: 'ip'; readonly name: string };

/** Letters, digits, hyphens, and the underscore that real hosts use; labels of at most 63 (RFC 1035 §2.3.4). */
const dnsName = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * Reads a host (no port; IPv6 with or without brackets) into its normal form: lower case, ASCII, no trailing dot,
 * addresses in their shortest spelling. Returns undefined for what no certificate could name.
 */
export function parseHost(host: string): HostName | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) return bare.includes('%') ? undefined : { kind: 'ip', name: ipaddr.parse(bare).toString() };
  const dotless = bare.endsWith('.') ? bare.slice(0, -1) : bare;
  // domainToASCII alone would accept and rewrite more than a host (percent-escapes, numbers as addresses).
  const ascii = /^[\x20-\x7e]*$/.test(dotless) ? dotless.toLowerCase() : domainToASCII(dotless);
  // An all-numeric last label would be read as an IPv4 address by URL parsers (WHATWG URL, "ends in a number").
  if (!dnsName.test(ascii) || /(?:^|\.)\d+$/.test(ascii)) return undefined;
  return { kind: 'dns', name: ascii };
}

/**
 * The same, for callers to whom any other host is a mistake.
 *
 * @throws AppError `ERR_CONNECT_TARGET`.
 */
export function requireHost(host: string): HostName {
  const parsed = parseHost(host);
  if (parsed === undefined) throw new AppError('ERR_CONNECT_TARGET', 'the host is not a name or address');
  return parsed;
}

/** The bytes of an address in its normal form: 4 or 16. */
export function addressBytes(address: string): Uint8Array {
  return Uint8Array.from(ipaddr.parse(address).toByteArray());
}

/** Whether `name` is `domain` or stands below it. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
