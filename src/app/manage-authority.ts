/** What `sluice ca` does: the authority of a home shown, made, given to others, trusted, replaced. */
import type { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { AppError } from '../core/errors.ts';
import {
  createAuthority,
  loadAuthority,
  markAuthority,
  rotateAuthority,
  trustedByClients,
  trustedRetired,
  untrustRetired,
  type Authority,
} from '../certs/authority.ts';
import { retiredPath } from '../certs/authority-files.ts';
import { machineTrust, publishAuthority, writeBundle } from '../certs/bundle.ts';
import { toPem } from '../certs/pem.ts';
import {
  debianJavaStore,
  detectStores,
  nssDatabases,
  runPlan,
  trustPlan,
  undoPlan,
  type RunCommand,
  type TrustPlan,
  type TrustStore,
} from '../certs/trust-store.ts';
import type { AuthorityNeed } from './authority.ts';

export { formatCommand, trustStores, type TrustPlan, type TrustStore } from '../certs/trust-store.ts';

/** What `ca show` prints. */
export interface AuthoritySummary {
  readonly subject: string;
  readonly fingerprint256: string;
  /** RFC 3339. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** null: it may speak for any host. */
  readonly constraints: Authority['constraints'];
  readonly path: string;
  readonly trusted: boolean;
  readonly exported: boolean;
}

/** Reads the authority of a home. @throws as `loadAuthority`. */
export function showAuthority(home: string, nowMs: number): AuthoritySummary {
  return summarize(loadAuthority(home, { nowMs }));
}

function summarize(authority: Authority): AuthoritySummary {
  const { certificate, constraints, notBeforeMs, notAfterMs, paths, trusted, exported } = authority;
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    fingerprint256: certificate.fingerprint256,
    notBefore: new Date(notBeforeMs).toISOString(),
    notAfter: new Date(notAfterMs).toISOString(),
    constraints,
    path: paths.certificate,
    trusted,
    exported,
  };
}

/** Makes the authority of a home that has none, and its bundle. @throws as `createAuthority`. */
export function initAuthority(home: string, need: AuthorityNeed, nowMs: number): AuthoritySummary {
  const authority = createAuthority(home, optionsOf(need, nowMs));
  writeBundle(authority, machineTrust(authority), nowMs);
  return summarize(authority);
}

export interface Replaced {
  readonly authority: AuthoritySummary;
  /** Whether trust stores may still hold one that was replaced. */
  readonly wasTrusted: boolean;
}

/** Replaces the authority and writes its bundle, which holds the old one too. @throws as `rotateAuthority`. */
export function replaceAuthority(home: string, need: AuthorityNeed, nowMs: number): Replaced {
  const authority = rotateAuthority(home, optionsOf(need, nowMs));
  writeBundle(authority, machineTrust(authority), nowMs);
  return { authority: summarize(authority), wasTrusted: trustedRetired(authority).length > 0 };
}

/** Writes certificate and bundle into a folder, or returns the certificate's PEM; both count as exported. */
export function exportAuthority(home: string, nowMs: number, folder?: string): string {
  const authority = loadAuthority(home, { nowMs });
  if (folder !== undefined) publishAuthority(authority, folder, machineTrust(authority), nowMs);
  else if (!authority.exported) markAuthority(authority, { exported: true });
  return toPem(trustedByClients(authority, nowMs));
}

export interface TrustOptions {
  readonly homeFolder: string;
  readonly isRoot: boolean;
  /** Undefined: the stores that this machine has. */
  readonly store?: TrustStore;
  /** Only say what would be done. */
  readonly isDryRun: boolean;
  readonly nowMs: number;
  /** Runs one command; the terminal's own where absent. */
  readonly run?: RunCommand;
}

/**
 * Puts the authority into trust stores. Returns the plans, run or not.
 *
 * @throws AppError `ERR_PERMISSION` when a command fails, `ERR_INPUT_MISSING` when there is no store to put it in.
 */
export function trustAuthority(home: string, options: TrustOptions): TrustPlan[] {
  const authority = loadAuthority(home, options);
  const plans = plansFor(authority.certificate, authority.paths.certificate, options);
  if (plans.length === 0) {
    throw new AppError('ERR_INPUT_MISSING', 'no trust store that is known was found on this machine', {
      hint: 'name one with `--store`, or point programs at the bundle: `sluice env`',
    });
  }
  if (!options.isDryRun) {
    // Before, not after: a plan that fails halfway has put it somewhere.
    markAuthority(authority, { trusted: true });
    for (const plan of plans) runPlan(plan.install, options.run);
  }
  return plans;
}

/** Takes the authority, and those it replaced that were trusted, out of trust stores. Returns the plans, run or not. */
export function untrustAuthority(home: string, options: TrustOptions): TrustPlan[] {
  let authority = loadAuthority(home, options);
  const plans = plansFor(authority.certificate, authority.paths.certificate, options);
  const retired = trustedRetired(authority).map((certificate) => ({
    certificate,
    plans: plansFor(certificate, retiredPath(home, certificate.fingerprint256), options),
  }));
  const all = [...plans, ...retired.flatMap((entry) => entry.plans)];
  if (!options.isDryRun) {
    for (const plan of all) undoPlan(plan, options.run);
    // A single store that was emptied says nothing of the others.
    if (options.store === undefined) {
      authority = markAuthority(authority, { trusted: false });
      for (const { certificate } of retired) authority = untrustRetired(authority, certificate.fingerprint256);
    }
  }
  return all;
}

function plansFor(certificate: X509Certificate, path: string, options: TrustOptions): TrustPlan[] {
  const { homeFolder, isRoot, store } = options;
  const databases = nssDatabases(homeFolder);
  const stores = store === undefined ? detectStores(process.platform, databases) : [store];
  return stores.map((name) =>
    trustPlan(name, {
      certificate,
      path,
      homeFolder,
      isRoot,
      nssDatabases: databases,
      hasJavaStore: existsSync(debianJavaStore),
    }),
  );
}

function optionsOf(
  { hosts, isUnconstrained }: AuthorityNeed,
  nowMs: number,
): { hosts: readonly string[] | null; nowMs: number } {
  return { hosts: isUnconstrained ? null : hosts, nowMs };
}
