/** The URL that a place in a text belongs to, if any: values go into one only where they came from the same host. */

/** How far back and ahead of the place a URL is looked for, in UTF-16 units. */
export const urlReach = 2048;
/** How far the host part of a URL is waited for in a text that is still growing. */
const hostReach = 300;

/** How far back a host without a scheme is looked for. */
const bareReach = 512;

/** What ends a URL, on either side. */
const edges = new Set(' \t\n\r\f\v\u00a0"\'`<>');
/** A host without a scheme before a path or query, as commands take it: `example.com/x?key=`, `--url=10.0.0.1:80/`. */
const bareHost = /(?:^|[=@])((?:[a-z0-9-]+\.)+(?:[a-z]{2,}|\d{1,3}))(?::\d+)?[/?]\S*$/i;

export type UrlPlace =
  | { readonly kind: 'none' }
  /** Inside a URL whose host is not complete yet. */
  | { readonly kind: 'open' }
  | { readonly kind: 'url'; readonly host: string };

/** Host of an authority (`user@host:port`), lower case, without port. */
function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  if (host.startsWith('[')) return host.slice(0, host.indexOf(']') + 1);
  const colon = host.indexOf(':');
  return colon === -1 ? host : host.slice(0, colon);
}

/** Looks for the URL around `[start, end)`. `isComplete`: the text will not grow any more. */
export function urlAround(text: string, start: number, end: number, isComplete: boolean, isShell: boolean): UrlPlace {
  let from = start;
  const least = Math.max(0, start - urlReach);
  while (from > least && !edges.has(text[from - 1] ?? '')) from -= 1;
  const before = text.slice(from, start);
  const slashes = before.lastIndexOf('://');
  if (slashes <= 0 || !/[A-Za-z0-9+.-]/.test(before[slashes - 1] ?? '')) {
    const bare = isShell ? bareHost.exec(before.slice(-bareReach)) : null;
    return bare === null ? { kind: 'none' } : { kind: 'url', host: (bare[1] ?? '').toLowerCase() };
  }
  const authorityStart = from + slashes + 3;
  const inside = text.slice(authorityStart, start).search(/[/?#\\]/);
  if (inside !== -1) return { kind: 'url', host: hostOf(text.slice(authorityStart, authorityStart + inside)) };
  const rest = text.slice(end, end + hostReach);
  const stop = rest.search(/[/?#\\\s"'`<>]/);
  if (stop === -1 && !isComplete && rest.length < hostReach) return { kind: 'open' };
  return { kind: 'url', host: hostOf(text.slice(authorityStart, stop === -1 ? end + rest.length : end + stop)) };
}
