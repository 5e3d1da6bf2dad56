/** The record's files in a home. */
import { chmodSync, closeSync, constants, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../core/errors.ts';

/** Where the record stands. All of it is its owner's alone (0600). */
export interface RecordFiles {
  readonly database: string;
  /** The Ed25519 key that signs checkpoints, PKCS #8 in PEM. */
  readonly key: string;
  /** Every checkpoint and anchor, one JSON object a line: to be copied to where this machine cannot change it. */
  readonly checkpoints: string;
}

/** Names the files, without touching the disk. @param home the data folder */
export function recordFiles(home: string): RecordFiles {
  return {
    database: join(home, 'record.db'),
    key: join(home, 'record.key'),
    checkpoints: join(home, 'checkpoints.log'),
  };
}

/** Makes a file for its owner only where there is none, and takes the rights of others from one that is there. */
export function ensurePrivate(path: string): void {
  closeSync(openSync(path, constants.O_CREAT | constants.O_RDWR, 0o600));
  if (process.platform !== 'win32') chmodSync(path, 0o600);
}

/** Replaces a file as a whole: readers see the old or the new one. */
export function replaceFile(path: string, content: string): void {
  const beside = `${path}.new`;
  writeFileSync(beside, content, { mode: 0o600, flush: true });
  renameSync(beside, path);
}

/** Reads a text file; undefined when it is not there. */
export function readTextIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error: unknown) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
