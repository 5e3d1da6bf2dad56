/** The local authority: made, read, replaced. Its key never leaves its file and this process. */
import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { writeFileAtomic, writeFileExclusive } from './atomic-file.ts';
import {
  authorityPaths,
  metaSchema,
  readIfPresent,
  requirePrivate,
  retiredPath,
  type AuthorityMeta,
  type AuthorityPaths,
  type RetiredAuthority,
} from './authority-files.ts';
import { constraintsFor, permits, type NameConstraints } from './constraints.ts';
import { parseCertificate, pemOf } from './pem.ts';
import { buildAuthority } from './x509.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How long an authority is valid: two years, a compromise between a stolen key's use and the work of trusting anew. */
const authorityLifeMs = 730 * dayMs;
/** How long a leaf is valid. Also how long a replaced authority stays in the bundle. */
export const leafLifeMs = 7 * dayMs;
/** Clocks of clients may be behind: nothing is valid only from now. */
export const backdateMs = hourMs;

export interface Authority {
  readonly home: string;
  readonly paths: AuthorityPaths;
  readonly certificate: X509Certificate;
  /** PEM, as on disk. */
  readonly certificatePem: string;
  readonly key: KeyObject;
  /** null: it may speak for any host. */
  readonly constraints: NameConstraints | null;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly trusted: boolean;
  readonly exported: boolean;
  readonly retired: readonly RetiredAuthority[];
}

export interface AuthorityOptions {
  /** Host patterns of the configuration; null for an unconstrained authority. */
  readonly hosts: readonly string[] | null;
  readonly nowMs: number;
}

/**
 * Makes the authority of a home that has none.
 *
 * @throws AppError `ERR_CANNOT_CREATE` when there is one already or its files cannot be written, `ERR_CONFIG_INVALID`
 * for a host that cannot be certified for.
 */
export function createAuthority(home: string, options: AuthorityOptions): Authority {
  const made = make(options, []);
  const paths = authorityPaths(home);
  if (!writeFileExclusive(paths.key, made.keyPem, 0o600)) {
    throw new AppError('ERR_CANNOT_CREATE', `there is an authority already in ${paths.folder}`, {
      hint: 'replace it with `sluice ca rotate`',
    });
  }
  writeFileAtomic(paths.certificate, made.certificatePem, 0o644);
  writeMeta(paths, made.meta);
  return loadAuthority(home, options);
}

/**
 * Reads the authority of a home.
 *
 * @throws AppError `ERR_CA_MISSING`, `ERR_CA_KEY_READABLE`, or `ERR_CA_INVALID` when it is damaged, does not fit
 * together, or is not valid now.
 */
export function loadAuthority(home: string, { nowMs }: Pick<AuthorityOptions, 'nowMs'>): Authority {
  const paths = authorityPaths(home);
  const keyPem = readIfPresent(paths.key);
  const certificatePem = readIfPresent(paths.certificate);
  if (keyPem === undefined && certificatePem === undefined) {
    throw new AppError('ERR_CA_MISSING', `there is no authority in ${paths.folder}`);
  }
  if (keyPem === undefined || certificatePem === undefined) throw invalid(paths, 'its key or certificate is missing');
  requirePrivate(paths.key);

  const certificate = parseCertificate(certificatePem);
  if (certificate === undefined) throw invalid(paths, 'its certificate cannot be read');
  const key = parseKey(keyPem);
  if (key === undefined || !certificate.checkPrivateKey(key)) throw invalid(paths, 'its key is not the certificate’s');
  const meta = readMeta(paths);
  if (meta === undefined || meta.fingerprint256 !== certificate.fingerprint256) {
    throw invalid(paths, 'its metadata is damaged or belongs to another certificate');
  }

  const notBeforeMs = Date.parse(certificate.validFrom);
  const notAfterMs = Date.parse(certificate.validTo);
  if (nowMs >= notAfterMs) throw invalid(paths, `it expired on ${certificate.validTo}`);
  if (nowMs < notBeforeMs) throw invalid(paths, `it is not valid before ${certificate.validFrom}: check the clock`);

  const { constraints, trusted, exported, retired } = meta;
  const identity = { home, paths, certificate, certificatePem, key };
  return { ...identity, constraints, notBeforeMs, notAfterMs, trusted, exported, retired };
}

/**
 * Replaces the authority, also one that is damaged, expired or readable by others. The old certificate is kept: in
 * the bundle until its leaves have expired, and beside it so that it can be taken out of trust stores.
 *
 * @throws AppError `ERR_CANNOT_CREATE`, `ERR_CONFIG_INVALID`.
 */
export function rotateAuthority(home: string, options: AuthorityOptions): Authority {
  const paths = authorityPaths(home);
  const oldPem = readIfPresent(paths.certificate);
  const old = oldPem === undefined ? undefined : parseCertificate(oldPem);
  const meta = readMeta(paths);
  const retired = [...(meta?.retired ?? [])];
  if (old !== undefined) {
    const { fingerprint256 } = old;
    // Where the metadata is lost, the certificate may be anywhere: better to say so once too often.
    const use = meta?.fingerprint256 === fingerprint256 ? meta : { trusted: true, exported: true };
    const lastLeafMs = Math.min(options.nowMs + leafLifeMs, Date.parse(old.validTo));
    retired.unshift({ fingerprint256, trusted: use.trusted, exported: use.exported, lastLeafMs });
    writeFileAtomic(retiredPath(home, fingerprint256), pemOf(old.raw), 0o644);
  }

  const made = make(options, retired);
  // A crash between these leaves files that do not fit together: ERR_CA_INVALID, whose next step is this command.
  writeFileAtomic(paths.key, made.keyPem, 0o600);
  writeFileAtomic(paths.certificate, made.certificatePem, 0o644);
  writeMeta(paths, made.meta);
  return loadAuthority(home, options);
}

/** Records that the certificate was put into a trust store, taken out again, or written elsewhere. */
export function markAuthority(
  authority: Authority,
  use: { readonly trusted?: boolean; readonly exported?: boolean },
): Authority {
  const { trusted = authority.trusted, exported = authority.exported } = use;
  const { certificate, constraints, retired } = authority;
  writeMeta(authority.paths, {
    schemaVersion: 1,
    fingerprint256: certificate.fingerprint256,
    trusted,
    exported,
    constraints: constraints === null ? null : { dns: [...constraints.dns], ip: [...constraints.ip] },
    retired: [...retired],
  });
  return { ...authority, trusted, exported };
}

/** Records that a replaced authority's certificate was taken out of the trust stores. */
export function untrustRetired(authority: Authority, fingerprint256: string): Authority {
  const retired = authority.retired.map((entry) =>
    entry.fingerprint256 === fingerprint256 ? { ...entry, trusted: false } : entry,
  );
  return markAuthority({ ...authority, retired }, {});
}

/** The replaced authorities that may still be in a trust store, with their certificates. */
export function trustedRetired(authority: Authority): X509Certificate[] {
  return retiredCertificates(
    authority,
    authority.retired.filter((entry) => entry.trusted),
  );
}

/** Whether the authority can issue for the host. */
export function covers(authority: Pick<Authority, 'constraints'>, host: string): boolean {
  return permits(authority.constraints, host);
}

/** The certificates that clients must trust now: the authority's, and those of replaced ones with living leaves. */
export function trustedByClients(authority: Authority, nowMs: number): X509Certificate[] {
  const living = authority.retired.filter((entry) => entry.lastLeafMs > nowMs);
  return [authority.certificate, ...retiredCertificates(authority, living)];
}

/** SHA-256 fingerprints of every authority this home has had: none of them may vouch for an upstream. */
export function ownFingerprints(authority: Authority): Set<string> {
  return new Set([authority.certificate.fingerprint256, ...authority.retired.map((entry) => entry.fingerprint256)]);
}

function retiredCertificates(authority: Authority, entries: readonly RetiredAuthority[]): X509Certificate[] {
  return entries.flatMap((entry) => {
    const pem = readIfPresent(retiredPath(authority.home, entry.fingerprint256));
    const certificate = pem === undefined ? undefined : parseCertificate(pem);
    return certificate?.fingerprint256 === entry.fingerprint256 ? [certificate] : [];
  });
}

interface Made {
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly meta: AuthorityMeta;
}

function make({ hosts, nowMs }: AuthorityOptions, retired: RetiredAuthority[]): Made {
  const constraints = hosts === null ? null : constraintsFor(hosts);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = buildAuthority({
    // Unlike any other authority's: two with one name would be confused in stores and by path builders.
    commonName: `Sluice local authority ${randomBytes(4).toString('hex')}`,
    key: privateKey,
    constraints,
    notBeforeMs: nowMs - backdateMs,
    notAfterMs: nowMs + authorityLifeMs,
  });
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: pemOf(der),
    meta: {
      schemaVersion: 1,
      fingerprint256: new X509Certificate(der).fingerprint256,
      trusted: false,
      exported: false,
      constraints: constraints === null ? null : { dns: [...constraints.dns], ip: [...constraints.ip] },
      retired,
    },
  };
}

function writeMeta(paths: AuthorityPaths, meta: AuthorityMeta): void {
  writeFileAtomic(paths.meta, `${JSON.stringify(meta, undefined, 2)}\n`, 0o644);
}

function readMeta(paths: AuthorityPaths): AuthorityMeta | undefined {
  const text = readIfPresent(paths.meta);
  if (text === undefined) return undefined;
  try {
    const parsed = metaSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON: as damaged as any other shape.
    return undefined;
  }
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // Not kept as a cause: OpenSSL's words about a private key have no place in a log.
    return undefined;
  }
}

function invalid(paths: AuthorityPaths, reason: string): AppError {
  return new AppError('ERR_CA_INVALID', `the authority in ${paths.folder} cannot be used: ${reason}`);
}
