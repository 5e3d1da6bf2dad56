/** Certificates for inspected hosts, made as they are first asked for and kept ready, bounded. */
import { generateKeyPairSync } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { AppError } from '../core/errors.ts';
import { backdateMs, covers, leafLifeMs, type Authority } from './authority.ts';
import { requireHost } from './names.ts';
import { pemOf } from './pem.ts';
import { buildLeaf, issuerOf, subjectKeyOf } from './x509.ts';

export interface LeafIssuer {
  /**
   * The TLS context for a host (no port), from memory where it was asked for before.
   *
   * @throws AppError `ERR_CA_HOST_OUTSIDE` when the authority may not speak for it, `ERR_CONNECT_TARGET` when it is no
   * host, `ERR_CA_INVALID` when the authority has expired meanwhile.
   */
  secureContextFor(host: string): SecureContext;
  /** How many contexts are held, for metrics. */
  readonly size: number;
}

export interface LeafOptions {
  readonly nowMs: () => number;
  /** How many contexts to hold; the least recently used goes first. */
  readonly maxContexts?: number;
}

interface Held {
  readonly context: SecureContext;
  readonly renewAtMs: number;
}

/**
 * Creates the issuer for one process. All its leaves share one key, which lives in memory only: a key for each host
 * would cost five times as much (0.20 ms instead of 0.04 per leaf) and protect nothing more.
 */
export function createLeafIssuer(authority: Authority, options: LeafOptions): LeafIssuer {
  const { nowMs, maxContexts = 1024 } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const subjectKey = subjectKeyOf(publicKey);
  const issuer = issuerOf(authority.certificate.raw, authority.key);
  // A Map, never an object: hosts come from the network and may be called `constructor`.
  const contexts = new Map<string, Held>();

  function issue(hostName: string, now: number): Held {
    const host = requireHost(hostName);
    if (now >= authority.notAfterMs) throw new AppError('ERR_CA_INVALID', 'the authority has expired');
    // SECURITY: guarded by leaf.test.ts, "refuses a host outside the constraints".
    if (!covers(authority, host.name)) {
      throw new AppError('ERR_CA_HOST_OUTSIDE', `the authority may not speak for ${host.name}`);
    }
    const notBeforeMs = Math.max(now - backdateMs, authority.notBeforeMs);
    const notAfterMs = Math.min(now + leafLifeMs, authority.notAfterMs);
    const cert = pemOf(buildLeaf({ host, subjectKey, issuer, notBeforeMs, notAfterMs }));
    // No roots: clients present no certificates here, and loading them takes a fifth of a millisecond.
    const context = createSecureContext({ key: keyPem, cert, ca: [], minVersion: 'TLSv1.2' });
    return { context, renewAtMs: now + (notAfterMs - now) / 2 };
  }

  return {
    secureContextFor(host) {
      const name = requireHost(host).name;
      const now = nowMs();
      const known = contexts.get(name);
      const held = known !== undefined && now < known.renewAtMs ? known : issue(name, now);
      // Deleting first moves it to the end: the Map's order is the order of use.
      contexts.delete(name);
      contexts.set(name, held);
      const oldest = contexts.size > maxContexts ? contexts.keys().next() : undefined;
      if (oldest?.done === false) contexts.delete(oldest.value);
      return held.context;
    },
    get size() {
      return contexts.size;
    },
  };
}
