/** Headers between the wire's flat arrays and lists of pairs, and which of them end at a hop (RFC 9110 §7.6.1). */
import { headerList, type HeaderList } from '../core/http.ts';

type Pair = readonly [name: string, value: string];

/** Fields that are about one connection only, whether Connection names them or not. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Fields that Connection cannot take away: framing and routing would change with them. */
const protectedNames: ReadonlySet<string> = new Set(['host', 'content-length', 'content-encoding', 'content-type']);

/** Pairs up a flat array of names and values; HTTP/2 pseudo-headers are left out. */
export function fromFlat(flat: readonly (string | Buffer)[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = flat[at];
    const value = flat[at + 1];
    const text = typeof name === 'string' ? name : (name?.toString('latin1') ?? '');
    if (!text.startsWith(':'))
      pairs.push([text, typeof value === 'string' ? value : (value?.toString('latin1') ?? '')]);
  }
  return pairs;
}

/** Flattens pairs for APIs that take raw arrays. */
export function toFlat(headers: HeaderList): string[] {
  const flat: string[] = [];
  for (const [name, value] of headers) flat.push(name, value);
  return flat;
}

/** Groups by lower-case name, each name's values in order, for HTTP/2 on Node, which takes no raw array. */
export function toGrouped(headers: HeaderList): Record<string, string | string[]> {
  // SECURITY: no prototype, for names come from the wire and may be `__proto__`.
  const grouped: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = grouped[key];
    if (before === undefined) grouped[key] = value;
    else if (Array.isArray(before)) before.push(value);
    else grouped[key] = [before, value];
  }
  return grouped;
}

const noNames: ReadonlySet<string> = new Set();

/** The lower-case names that a message's Connection fields list. */
export function namedByConnection(headers: HeaderList): ReadonlySet<string> {
  const list = headerList(headers, 'connection');
  if (list === undefined) return noNames;
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => name !== '' && !protectedNames.has(name)));
}

/** Returns what goes on to the next hop; `te: trailers` stays where it means something (gRPC on HTTP/2). */
export function endToEnd(headers: HeaderList, named: ReadonlySet<string>, keepsTrailers = false): HeaderList {
  return headers.filter(([name, value]) => {
    const key = name.toLowerCase();
    if (keepsTrailers && key === 'te') return value.trim().toLowerCase() === 'trailers';
    return !hopByHop.has(key) && !named.has(key);
  });
}

/** Fields that mean nothing, or something else, behind a body (RFC 9110 §6.5.1): framing, routing, authentication. */
const notTrailing: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'trailer',
  'authorization',
  'cookie',
  'set-cookie',
  'expect',
  'range',
]);

/** Returns what goes on of a message's trailers. */
export function trailing(trailers: HeaderList, named: ReadonlySet<string>): HeaderList {
  return endToEnd(trailers, named).filter(([name]) => !notTrailing.has(name.toLowerCase()));
}

/** Joins the cookie fields that HTTP/2 splits (RFC 9113 §8.2.3), where the first of them stands. */
export function joinCookies(headers: HeaderList): HeaderList {
  const cookies = headers.filter(([name]) => name.toLowerCase() === 'cookie');
  if (cookies.length < 2) return headers;
  const joined = cookies.map(([, value]) => value).join('; ');
  let isPlaced = false;
  const out: Pair[] = [];
  for (const pair of headers) {
    if (pair[0].toLowerCase() !== 'cookie') out.push(pair);
    else if (!isPlaced) {
      out.push([pair[0], joined]);
      isPlaced = true;
    }
  }
  return out;
}
