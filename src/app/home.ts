/** The data folder: where each file of an installation stands, and how the small ones are written. */
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '../certs/atomic-file.ts';
import { AppError, systemCode, toAppError } from '../core/errors.ts';

/** Paths below one home. */
export interface Home {
  readonly path: string;
  readonly authority: string;
  readonly installationKey: string;
  readonly adminToken: string;
  /** Held by the one proxy of this home. */
  readonly lock: string;
  /** Where the running proxy can be reached. */
  readonly state: string;
  /** The runs whose credentials are accepted, hashed. */
  readonly runs: string;
  /** What a detached proxy says on stderr. */
  readonly log: string;
}

/** Names the files of a home, without touching the disk. */
export function homeAt(path: string): Home {
  return {
    path,
    authority: join(path, 'ca'),
    installationKey: join(path, 'installation.key'),
    adminToken: join(path, 'admin.token'),
    lock: join(path, 'proxy.lock'),
    state: join(path, 'proxy.json'),
    runs: join(path, 'runs.json'),
    log: join(path, 'proxy.log'),
  };
}

/**
 * Makes the folder, for its owner only.
 * @throws AppError `ERR_CANNOT_CREATE` when it cannot be made, or is somebody else's and open to others.
 */
export function createHome(path: string): Home {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error: unknown) {
    throw toAppError(error, 'ERR_CANNOT_CREATE', `the home folder ${path} cannot be made`);
  }
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error: unknown) {
    // Whoever owns the folder, as Kubernetes does those of its volumes, could put files of their own in place of ours.
    throw new AppError('ERR_CANNOT_CREATE', `the home folder ${path} is not yours and open to others`, {
      cause: error,
      hint: `name a folder inside it, which is made for you alone: SLUICE_HOME=${join(path, 'sluice')}`,
    });
  }
  return homeAt(path);
}

/**
 * Writes a file as a whole, for its owner only unless another mode is given.
 * @throws AppError `ERR_CANNOT_CREATE`
 */
export function writeWhole(path: string, content: string | Uint8Array, mode = 0o600): void {
  writeFileAtomic(path, content, mode);
}

/** Reads a file that may not be there. @throws AppError `ERR_IO` when it is there and cannot be read. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error: unknown) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw toAppError(error, 'ERR_IO', `cannot read ${path}`);
  }
}

/** Returns the secret in a file, making one of 32 random bytes where there is none. */
export function readOrMakeKey(path: string): Buffer {
  const found = readIfThere(path);
  if (found === undefined) {
    const key = randomBytes(32);
    writeWhole(path, key.toString('base64url') + '\n');
    return key;
  }
  const key = Buffer.from(found.toString('ascii').trim(), 'base64url');
  if (key.length < 32) throw new AppError('ERR_IO', `${path} does not hold a key of at least 32 bytes in base64url`);
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new AppError('ERR_PERMISSION', `${path} can be read by others`, { hint: `chmod 600 ${path}` });
  }
  return key;
}
