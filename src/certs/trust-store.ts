/** Plans that put a certificate into trust stores and take it out again: data that is printed or run, never a shell. */
import { spawnSync } from 'node:child_process';
import type { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemCode } from '../core/errors.ts';
import { shortFingerprint } from './authority-files.ts';

export type TrustStore = 'debian' | 'rhel' | 'macos' | 'windows' | 'nss';

/** Every store that plans exist for. */
export const trustStores = ['debian', 'rhel', 'macos', 'windows', 'nss'] as const satisfies readonly TrustStore[];

/** One program with its arguments. */
export type Command = readonly [program: string, ...args: string[]];

export interface TrustPlan {
  readonly store: TrustStore;
  /** Who will trust the certificate, and what the person will be asked. */
  readonly effect: string;
  readonly install: readonly Command[];
  /** Undoes `install` exactly; harmless where nothing was installed. */
  readonly remove: readonly Command[];
  /** Run after `remove`; that one of them fails only means that it found nothing. */
  readonly tidy: readonly Command[];
}

/** Java's store on Debian: its hook copies every new certificate there, and takes none out again. */
export const debianJavaStore = '/etc/ssl/certs/java/cacerts';

export interface TrustTarget {
  readonly certificate: X509Certificate;
  /** Where its PEM file stands. */
  readonly path: string;
  readonly homeFolder: string;
  /** False: commands that change the system are given to sudo. */
  readonly isRoot: boolean;
  /** NSS database folders, as `nssDatabases` finds them. */
  readonly nssDatabases: readonly string[];
  /** Whether `debianJavaStore` is there. */
  readonly hasJavaStore: boolean;
}

/** The password is Debian's own, the same on every machine: it guards nothing. */
const debianJavaKeystore = ['-keystore', debianJavaStore, '-storepass', 'changeit'] as const;

/** Writes down what one store needs. */
export function trustPlan(store: TrustStore, target: TrustTarget): TrustPlan {
  const { certificate, path, homeFolder } = target;
  const name = `sluice-${shortFingerprint(certificate.fingerprint256)}`;
  const asRoot = (...command: Command): Command => (target.isRoot ? command : ['sudo', ...command]);
  switch (store) {
    case 'debian': {
      const file = `/usr/local/share/ca-certificates/${name}.crt`;
      return {
        store,
        effect: 'every user of this machine, through ca-certificates (Debian, Ubuntu)',
        install: [asRoot('install', '-m', '0644', path, file), asRoot('update-ca-certificates')],
        // --fresh also drops the links that the removed file had in /etc/ssl/certs.
        remove: [asRoot('rm', '-f', file), asRoot('update-ca-certificates', '--fresh')],
        tidy: target.hasJavaStore
          ? [asRoot('keytool', '-delete', '-noprompt', '-alias', `debian:${name}.pem`, ...debianJavaKeystore)]
          : [],
      };
    }
    case 'rhel': {
      const file = `/etc/pki/ca-trust/source/anchors/${name}.crt`;
      return {
        store,
        effect: 'every user of this machine, through p11-kit (RHEL, Fedora)',
        install: [asRoot('install', '-m', '0644', path, file), asRoot('update-ca-trust', 'extract')],
        remove: [asRoot('rm', '-f', file), asRoot('update-ca-trust', 'extract')],
        tidy: [],
      };
    }
    case 'macos': {
      const keychain = `${homeFolder}/Library/Keychains/login.keychain-db`;
      return {
        store,
        effect: 'this user, for TLS only, through the login keychain (macOS asks for the password)',
        install: [['security', 'add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-k', keychain, path]],
        remove: [
          ['security', 'remove-trusted-cert', path],
          ['security', 'delete-certificate', '-Z', thumbprint(certificate), keychain],
        ],
        tidy: [],
      };
    }
    case 'windows':
      return {
        store,
        effect: 'this user, through the Root store (Windows shows a confirmation)',
        install: [['certutil', '-user', '-addstore', 'Root', path]],
        remove: [['certutil', '-user', '-delstore', 'Root', thumbprint(certificate)]],
        tidy: [],
      };
    case 'nss':
      return {
        store,
        effect: 'this user, in Chromium and Firefox (needs certutil of libnss3-tools; restart the browser)',
        install: target.nssDatabases.map((database) => [
          ...(['certutil', '-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', name, '-i', path] as const),
        ]),
        remove: target.nssDatabases.map((database) => ['certutil', '-d', `sql:${database}`, '-D', '-n', name]),
        tidy: [],
      };
  }
}

/** The stores that this machine has: the system's own, and NSS where there is a database of it. */
export function detectStores(
  platform: NodeJS.Platform = process.platform,
  databases: readonly string[] = [],
  exists: (path: string) => boolean = existsSync,
): TrustStore[] {
  const stores: TrustStore[] = [];
  if (platform === 'darwin') stores.push('macos');
  if (platform === 'win32') stores.push('windows');
  if (platform === 'linux' && exists('/usr/local/share/ca-certificates')) stores.push('debian');
  if (platform === 'linux' && exists('/etc/pki/ca-trust/source/anchors')) stores.push('rhel');
  if (platform !== 'win32' && databases.length > 0) stores.push('nss');
  return stores;
}

/** Folders with an NSS database (`cert9.db`) below a user's home: the shared one, and Firefox profiles. */
export function nssDatabases(homeFolder: string): string[] {
  const parents = [
    '.mozilla/firefox',
    'snap/firefox/common/.mozilla/firefox',
    'Library/Application Support/Firefox/Profiles',
  ];
  const profiles = parents.flatMap((parent) => {
    const folder = join(homeFolder, parent);
    return childrenOf(folder).map((profile) => join(folder, profile));
  });
  return [join(homeFolder, '.pki/nssdb'), ...profiles].filter((folder) => existsSync(join(folder, 'cert9.db')));
}

/** One command as a person could type it into a POSIX shell (or, but for the quotes, into any other). */
export function formatCommand(command: Command): string {
  return command.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** Runs one command with the terminal as its own, so that sudo and keychains can ask. Returns its exit code. */
export type RunCommand = (command: Command) => number;

/**
 * Runs commands in order and stops at the first that fails.
 *
 * @throws AppError `ERR_PERMISSION` naming the command.
 */
export function runPlan(commands: readonly Command[], run: RunCommand = runInTerminal): void {
  for (const command of commands) {
    const status = run(command);
    if (status !== 0) {
      throw new AppError('ERR_PERMISSION', `${formatCommand(command)} ended with ${String(status)}`, {
        hint: 'run it yourself, or see all commands with `--dry-run`',
      });
    }
  }
}

/**
 * Undoes a plan.
 *
 * @throws AppError `ERR_PERMISSION` naming the command of `remove` that failed.
 */
export function undoPlan(plan: TrustPlan, run: RunCommand = runInTerminal): void {
  runPlan(plan.remove, run);
  for (const command of plan.tidy) run(command);
}

/** @throws AppError `ERR_PERMISSION` when the program cannot be started. */
function runInTerminal([program, ...args]: Command): number {
  // What the programs say belongs to people: stdout is for our own result.
  const { status, error } = spawnSync(program, args, { stdio: ['inherit', 2, 'inherit'] });
  if (error !== undefined) {
    throw new AppError('ERR_PERMISSION', `cannot start ${program} (${systemCode(error) ?? error.name})`, {
      cause: error,
      hint: `install ${program}, or leave this store out with \`--store\``,
    });
  }
  return status ?? 1;
}

/** SHA-1 in plain hex: how both stores name a certificate. */
function thumbprint(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(':', '');
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error: unknown) {
    if (systemCode(error) === undefined) throw error;
    return [];
  }
}
