/** The target of a CONNECT request or of an absolute-form one, read strictly: it decides where bytes go. */
import { isIPv4, isIPv6 } from 'node:net';

/** A host (lower-case, no brackets, no final dot) and its port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** LDH labels (RFC 1123 §2.1), with the underscore that real names hold; at most 253 octets (RFC 1035 §2.3.4). */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** Returns the port when it is 1 to 65535 in plain digits. */
function parsePort(text: string): number | undefined {
  if (!/^[1-9]\d{0,4}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** Returns a host in its one spelling; undefined when it is neither a name nor an address. */
export function canonicalHost(text: string): string | undefined {
  const bracketed = /^\[([0-9a-f:.]+)\]$/i.exec(text)?.[1];
  if (bracketed !== undefined) return isIPv6(bracketed) ? bracketed.toLowerCase() : undefined;
  const host = text.toLowerCase().replace(/\.$/, '');
  if (isIPv4(host)) return host;
  if (host.length === 0 || host.length > 253) return undefined;
  const labels = host.split('.');
  // SECURITY: what ends in a number is an IPv4 address in one of its odd spellings (WHATWG URL §3.5), and would reach
  // another place than it says. Guarded by connect-target.test.ts, "refuses what is no target".
  if (/^(?:0x[0-9a-f]*|\d+)$/.test(labels.at(-1) ?? '')) return undefined;
  return labels.every((part) => label.test(part)) ? host : undefined;
}

/** Splits `host:port`; without a port the default counts, where there is one. Undefined when it is not strictly that. */
export function parseHostPort(text: string, defaultPort?: number): HostPort | undefined {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text);
  const host = canonicalHost(match?.[1] ?? '');
  const portText = match?.[2];
  const port = portText === undefined ? defaultPort : parsePort(portText);
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** Writes a host and port as a Host header holds them. */
export function formatHostPort({ host, port }: HostPort, defaultPort?: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === defaultPort ? name : `${name}:${port}`;
}
