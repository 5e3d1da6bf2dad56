/** What a request presents to its own vendor: not a finding there, and named by fingerprint in the record. */
import type { CredentialInfo } from '../core/decision.ts';
import type { RequestHead } from '../core/http.ts';
import type { OwnCredentials } from '../providers/vendor.ts';

/** Where a request may present a credential, as sets to look up in. */
export interface OwnPlaces {
  /** Lower-case header names, `cookie` among them where cookies count. */
  readonly headers: ReadonlySet<string>;
  readonly query: ReadonlySet<string>;
}

/** What a host that no vendor is known for may be given: the usual headers, no query. */
const usual: OwnCredentials = { headers: ['authorization', 'x-api-key', 'api-key'], query: [], cookies: false };

/** The places where a vendor expects its own credential. */
export function ownPlaces(credentials: OwnCredentials | undefined): OwnPlaces {
  const { headers, query, cookies } = credentials ?? usual;
  return { headers: new Set([...headers, ...(cookies ? ['cookie'] : [])]), query: new Set(query) };
}

const scheme = /^(?:bearer|basic|token)\s+/i;

/** The value of a query parameter, decoded; undefined when absent. */
function queryValue(target: string, names: ReadonlySet<string>): string | undefined {
  const question = target.indexOf('?');
  if (question < 0 || names.size === 0) return undefined;
  for (const [name, value] of new URLSearchParams(target.slice(question + 1))) if (names.has(name)) return value;
  return undefined;
}

/**
 * Reads the credential a request presents.
 * @param fingerprint keyed, over the bare credential without its scheme
 */
export function readCredential(
  head: RequestHead,
  own: OwnPlaces,
  fingerprint: (credential: string) => string,
): CredentialInfo | undefined {
  let cookie: string | undefined;
  for (const [name, value] of head.headers) {
    const key = name.toLowerCase();
    if (value === '' || !own.headers.has(key)) continue;
    // Cookies count only where nothing else is presented.
    if (key === 'cookie') cookie ??= value;
    else if (scheme.test(value)) {
      return { fingerprint: fingerprint(value.replace(scheme, '')), kind: 'bearer', plan: 'unknown' };
    } else return { fingerprint: fingerprint(value), kind: 'api-key', plan: 'api' };
  }
  if (cookie !== undefined) {
    return { fingerprint: fingerprint(cookie.replace(scheme, '')), kind: 'cookie', plan: 'unknown' };
  }
  const key = queryValue(head.target, own.query);
  return key === undefined ? undefined : { fingerprint: fingerprint(key), kind: 'api-key', plan: 'api' };
}
