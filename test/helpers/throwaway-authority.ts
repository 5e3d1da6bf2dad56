/** An authority for stand-in vendors, in a folder of its own that goes with it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../src/certs/authority.ts';
import { createLeafIssuer } from '../../src/certs/leaf.ts';
import type { SecureContext } from 'node:tls';

export interface ThrowawayAuthority {
  readonly certificatePem: string;
  /** A file that holds it. */
  readonly caPath: string;
  readonly secureContextFor: (host: string) => SecureContext;
  readonly remove: () => void;
}

/** Makes one that may speak for any host. */
export function createThrowawayAuthority(): ThrowawayAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-vendor-'));
  const authority = createAuthority(folder, { hosts: null, nowMs: Date.now() });
  const issuer = createLeafIssuer(authority, { nowMs: () => Date.now() });
  return {
    certificatePem: authority.certificatePem,
    caPath: authority.paths.certificate,
    secureContextFor: (host) => issuer.secureContextFor(host),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
