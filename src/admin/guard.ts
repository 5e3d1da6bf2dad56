/** Who may ask the admin port: no page of another origin, no rebound name, and for the API nobody without the token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AdminRefusal } from './reply.ts';

/** Splits a Host header into its name, without brackets, and its port. */
function hostName(header: string): string | undefined {
  try {
    const { hostname, username, pathname, search } = new URL(`http://${header}`);
    if (username !== '' || pathname !== '/' || search !== '') return undefined;
    return hostname.replace(/^\[|\]$/g, '').toLowerCase();
  } catch {
    // No host at all: refused like a wrong one.
    return undefined;
  }
}

/**
 * Refuses what a browser may have been tricked into sending. A page can only reach this port under a name of its own
 * (DNS rebinding) or with an Origin of its own; an address in the Host header cannot be rebound.
 * @param names host names that the port is known under besides `localhost`
 * @throws AdminRefusal 403 or 421
 */
export function checkSender({ headers }: IncomingMessage, names: ReadonlySet<string>): void {
  // SECURITY: guarded by "refuses a host name that is not its own" in test/unit/admin/guard.test.ts.
  const host = hostName(headers.host ?? '');
  if (host === undefined || !(host === 'localhost' || isIP(host) !== 0 || names.has(host))) {
    throw new AdminRefusal(421, 'ERR_PERMISSION', 'this port does not answer under that host name');
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host ?? ''}`) {
    throw new AdminRefusal(403, 'ERR_PERMISSION', 'pages of another origin may not ask here');
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new AdminRefusal(403, 'ERR_PERMISSION', 'pages of another site may not ask here');
  }
}

/** Makes the check of the token, which stands in `authorization: Bearer …`. @throws AdminRefusal 401 */
export function createTokenCheck(token: string): (request: IncomingMessage) => void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return ({ headers }) => {
    const given = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(headers.authorization ?? '')?.[1];
    // Digests are compared, so that neither length nor content shows in the time it takes.
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new AdminRefusal(401, 'ERR_PERMISSION', 'the admin token is missing or wrong', {
        'www-authenticate': 'Bearer',
      });
    }
  };
}
