/** What the upstream side trusts: the machine's roots, never an authority of ours, prepared once. */
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { AppError } from '../core/errors.ts';
import { ownFingerprints, type Authority } from './authority.ts';
import type { MachineTrust } from './bundle.ts';
import { mergeCertificates, readCertificates, toPem } from './pem.ts';

/**
 * Prepares one SecureContext for every upstream connection: with `ca` in its place each new connection would parse
 * all roots again, about 20 ms of CPU.
 *
 * @param extraFiles `upstream.ca` of the configuration, as absolute paths: trusted besides the machine's roots.
 * @throws AppError `ERR_CONFIG_INVALID` when one of them cannot be read, holds no certificate, or holds an authority
 * of this home; or when nothing at all would be trusted.
 */
export function upstreamTrust(
  authority: Authority,
  trust: MachineTrust,
  extraFiles: readonly string[] = [],
): SecureContext {
  const own = ownFingerprints(authority);
  const extra = extraFiles.map((path) => {
    const certificates = readCertificates(readConfigured(path));
    if (certificates.length === 0) throw unusable(path, 'holds no certificate');
    if (certificates.some(({ fingerprint256 }) => own.has(fingerprint256))) {
      throw unusable(path, 'holds our own authority, which may not vouch for an upstream');
    }
    return certificates;
  });
  const roots = mergeCertificates([trust.certificates, ...extra], own);
  // An empty list would make OpenSSL trust nothing, and node take its defaults: neither is what was asked for.
  if (roots.length === 0) {
    throw new AppError('ERR_CONFIG_INVALID', 'no root certificates were found on this machine', {
      hint: 'install the system’s ca-certificates, or name roots in `upstream.ca`',
    });
  }
  return createSecureContext({ ca: toPem(roots), minVersion: 'TLSv1.2' });
}

function readConfigured(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error: unknown) {
    throw unusable(path, 'cannot be read', error);
  }
}

function unusable(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('ERR_CONFIG_INVALID', `upstream.ca: ${path} ${reason}`, {
    cause,
    hint: 'name PEM files of certificates in `upstream.ca`',
  });
}
