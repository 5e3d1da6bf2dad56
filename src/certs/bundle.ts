/** What this machine trusts, gathered once: with our authority for clients, without it for the upstream side. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError, systemCode } from '../core/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { markAuthority, ownFingerprints, trustedByClients, type Authority } from './authority.ts';
import { certificateVariables, namedRoots, type NamedRoots, type UserSettings } from './named-roots.ts';
import { mergeCertificates, readCertificates, toPem, type Certificate } from './pem.ts';
import { systemRoots, type SystemRoots } from './system-roots.ts';

/** A bundle is a few hundred kilobytes; whatever is larger was named by mistake. */
const maxFileBytes = 8 * 1024 * 1024;

/** One place that was looked at. */
interface TrustSource {
  /** What named it: `system`, a variable, or a setting with its file. */
  readonly by: string;
  readonly path: string;
  readonly certificates: number;
  /** Why it gave none. */
  readonly problem?: string;
}

/** The machine's trust, without any authority of this home. */
export interface MachineTrust {
  readonly certificates: readonly Certificate[];
  readonly sources: readonly TrustSource[];
}

/** The settings of this process's user. */
export function currentSettings(environment: UserSettings['environment'] = process.env): UserSettings {
  return {
    environment,
    platform: process.platform,
    homeFolder: homedir(),
    machineFolder: '/etc',
    execPath: process.execPath,
  };
}

/**
 * Gathers the system's roots with what the administrator added, and what the variables and git's, npm's and pip's own
 * user and global settings name. What cannot be read is listed with the reason and left out.
 */
export function machineTrust(
  authority: Authority,
  settings: UserSettings = currentSettings(),
  system: SystemRoots = systemRoots(settings.platform),
): MachineTrust {
  const lists: (readonly Certificate[])[] = [system.certificates];
  const sources: TrustSource[] = [{ by: 'system', path: system.origin, certificates: system.certificates.length }];
  const read = new Set([realPath(system.origin)]);
  for (const named of namedRoots(settings)) {
    const path = named.path ?? named.by;
    // Ours are left out as files too: an old bundle of this home would bring back roots that the system has dropped.
    if (named.path !== undefined && (read.has(realPath(path)) || isOurs(authority, path))) continue;
    read.add(realPath(path));
    const { certificates, problem } = readNamed(named);
    lists.push(certificates);
    sources.push({
      by: named.by,
      path,
      certificates: certificates.length,
      ...(problem === undefined ? {} : { problem }),
    });
  }
  // SECURITY: guarded by bundle.test.ts, "never lets an authority of this home vouch for an upstream".
  return { certificates: mergeCertificates(lists, ownFingerprints(authority)), sources };
}

/**
 * Writes the bundle (0644): the machine's trust, the authority, and replaced ones whose leaves live. Returns how many.
 *
 * @throws AppError `ERR_CANNOT_CREATE`.
 */
export function writeBundle(
  authority: Authority,
  trust: MachineTrust,
  nowMs: number,
  path: string = authority.paths.bundle,
): number {
  const certificates = mergeCertificates([trustedByClients(authority, nowMs), trust.certificates]);
  writeFileAtomic(path, toPem(certificates), 0o644);
  return certificates.length;
}

/** The files that a client is pointed at. */
export interface ClientFiles {
  /** For variables that replace the roots. */
  readonly bundle: string;
  /** For NODE_EXTRA_CA_CERTS, which adds to the roots: the authority, and what the variable named before. */
  readonly extra: string;
  readonly sources: readonly TrustSource[];
}

/**
 * Writes the files for a caller with these settings and says where they are: the home's own, or, where the caller's
 * variables name more, files of their own beside them, so that callers with other settings do not disturb each other.
 *
 * @throws AppError `ERR_CANNOT_CREATE`.
 */
export function writeClientFiles(
  authority: Authority,
  nowMs: number,
  settings: UserSettings = currentSettings(),
  system: SystemRoots = systemRoots(settings.platform),
): ClientFiles {
  const trust = machineTrust(authority, settings, system);
  const { folder } = authority.paths;
  const named = certificateVariables.flatMap((name) => {
    const path = settings.environment[name];
    return path === undefined || isOurs(authority, path) || realPath(path) === realPath(system.origin) ? [] : [path];
  });
  const bundle = named.length === 0 ? authority.paths.bundle : join(folder, `bundle-${digest(named)}.pem`);
  writeBundle(authority, trust, nowMs, bundle);

  const before = settings.environment['NODE_EXTRA_CA_CERTS'];
  const kept = before === undefined || isOurs(authority, before) ? undefined : before;
  const living = trustedByClients(authority, nowMs);
  if (kept === undefined && living.length === 1)
    return { bundle, extra: authority.paths.certificate, sources: trust.sources };
  const extra = join(folder, `extra-${digest([kept ?? ''])}.pem`);
  const others = kept === undefined ? [] : readNamed({ by: 'NODE_EXTRA_CA_CERTS', path: kept }).certificates;
  writeFileAtomic(extra, toPem(mergeCertificates([living, others])), 0o644);
  return { bundle, extra, sources: trust.sources };
}

/**
 * Writes certificate and bundle into a folder for other users and containers (0644) and records that they were. The
 * key stays where it is.
 *
 * @throws AppError `ERR_CANNOT_CREATE`.
 */
export function publishAuthority(authority: Authority, folder: string, trust: MachineTrust, nowMs: number): Authority {
  mkdirPublic(folder);
  writeFileAtomic(join(folder, 'ca.crt'), toPem(trustedByClients(authority, nowMs)), 0o644);
  writeBundle(authority, trust, nowMs, join(folder, 'bundle.pem'));
  return authority.exported ? authority : markAuthority(authority, { exported: true });
}

/** Whether a path lies in this home's authority folder: bundles of ours that an earlier `env` has set. */
function isOurs(authority: Authority, path: string): boolean {
  return dirname(realPath(path)) === realPath(authority.paths.folder);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error: unknown) {
    if (systemCode(error) === undefined) throw error;
    return resolve(path);
  }
}

function digest(names: readonly string[]): string {
  const distinct = [...new Set(names)].sort();
  return createHash('sha256').update(distinct.join('\0')).digest('hex').slice(0, 12);
}

function mkdirPublic(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error: unknown) {
    throw new AppError('ERR_CANNOT_CREATE', `cannot make the folder ${folder}`, { cause: error });
  }
}

function readNamed({ path, pem }: NamedRoots): { certificates: Certificate[]; problem?: string } {
  if (path === undefined) return { certificates: readCertificates(pem ?? '') };
  try {
    const status = statSync(path);
    if (!status.isFile()) return { certificates: [], problem: 'not a file' };
    if (status.size > maxFileBytes) return { certificates: [], problem: 'larger than 8 MiB' };
    const certificates = readCertificates(readFileSync(path, 'utf8'));
    return certificates.length === 0 ? { certificates, problem: 'holds no certificate' } : { certificates };
  } catch (error: unknown) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return { certificates: [], problem: `cannot be read (${code})` };
  }
}
