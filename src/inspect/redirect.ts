/** Where a redirect would have the client send its request's body again: as the client wrote it, nothing masked. */
import { headerValue, type ReplyHead, type RequestHead } from '../core/http.ts';

export interface RedirectTarget {
  /** Lower case; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

/** 307 and 308 keep method and body (RFC 9110 §15.4); of 301 and 302 it is the client's choice. */
const keepsBody: ReadonlySet<number> = new Set([301, 302, 307, 308]);
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** A host of nobody's (RFC 2606). */
const ambiguous: RedirectTarget = { host: 'ambiguous.invalid', port: 443 };
const defaultPorts: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** Returns whom a reply would have the body sent to; undefined when it is no such redirect, or leads nowhere. */
export function redirectTarget(reply: ReplyHead, request: RequestHead): RedirectTarget | undefined {
  if (!keepsBody.has(reply.status) || bodiless.has(request.method.toUpperCase())) return undefined;
  const location = headerValue(reply.headers, 'location');
  if (location === undefined) return undefined;
  const here = `${request.scheme}://${request.host.includes(':') ? `[${request.host}]` : request.host}:${request.port}`;
  try {
    const { protocol, hostname, port, username } = new URL(location, here);
    // Clients differ in what of such an address is its host.
    if (username !== '' || location.includes('\\')) return ambiguous;
    const byScheme = defaultPorts[protocol];
    if (byScheme === undefined) return undefined;
    return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? byScheme : Number(port) };
  } catch {
    // No URL: no client can follow it.
    return undefined;
  }
}
