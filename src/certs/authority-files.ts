/** Where an authority lives in a home, and the shape of its metadata. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, systemCode } from '../core/errors.ts';

/** The files of an authority. The certificate is public (0644), the key is its owner's (0600). */
export interface AuthorityPaths {
  readonly folder: string;
  readonly key: string;
  readonly certificate: string;
  readonly meta: string;
  /** System roots, what the user had named before, and the authority. */
  readonly bundle: string;
}

export function authorityPaths(home: string): AuthorityPaths {
  const folder = join(home, 'ca');
  return {
    folder,
    key: join(folder, 'ca.key'),
    certificate: join(folder, 'ca.crt'),
    meta: join(folder, 'ca.json'),
    bundle: join(folder, 'bundle.pem'),
  };
}

/** Where the certificate of an authority that was replaced is kept. */
export function retiredPath(home: string, fingerprint256: string): string {
  return join(authorityPaths(home).folder, `retired-${shortFingerprint(fingerprint256)}.crt`);
}

/** The first eight hex digits of a SHA-256 fingerprint, lower-case: for file and store names. */
export function shortFingerprint(fingerprint256: string): string {
  return fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase();
}

const constraintsSchema = z.strictObject({ dns: z.array(z.string()), ip: z.array(z.string()) });

const useSchema = {
  /** As node:crypto prints it: upper-case hex with colons. */
  fingerprint256: z.string().regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  /** Put into a trust store by `ca trust`. */
  trusted: z.boolean(),
  /** Written elsewhere by `ca export` or `ca.publish`. */
  exported: z.boolean(),
};

export const metaSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...useSchema,
  constraints: constraintsSchema.nullable(),
  /** Those this one has replaced, newest first; each stays in the bundle until its last leaf has expired. */
  retired: z.array(z.strictObject({ ...useSchema, lastLeafMs: z.number() })),
});

/** What is known of an authority besides its certificate. */
export type AuthorityMeta = z.infer<typeof metaSchema>;
/** An authority that was replaced. `lastLeafMs`: when the last certificate it can have issued expires. */
export type RetiredAuthority = AuthorityMeta['retired'][number];

/** Reads a file, or undefined where there is none. @throws AppError `ERR_PERMISSION` or `ERR_IO`. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error: unknown) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    const isDenied = code === 'EACCES' || code === 'EPERM';
    throw new AppError(isDenied ? 'ERR_PERMISSION' : 'ERR_IO', `cannot read ${path}`, { cause: error });
  }
}

/**
 * Refuses a key that others than its owner can read. Windows has no such modes; there the home's ACL decides.
 *
 * @throws AppError `ERR_CA_KEY_READABLE`.
 */
export function requirePrivate(path: string): void {
  // SECURITY: guarded by authority.test.ts, "refuses a key that the group or others can read".
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new AppError('ERR_CA_KEY_READABLE', `others can read the authority's key ${path}`, { details: { path } });
  }
}
