/** Files that appear whole or not at all, with the mode they are to have from their first byte. */
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError, systemCode } from '../core/errors.ts';

/**
 * Writes or replaces a file by rename, making its folder (0700) where there is none. Readers see the old one or the new.
 *
 * @throws AppError `ERR_CANNOT_CREATE`.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode: number): void {
  makeFolderOf(path);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    writeNew(temporary, content, mode);
    renameSync(temporary, path);
  } catch (error: unknown) {
    rmSync(temporary, { force: true });
    throw cannotCreate(path, error);
  }
}

/**
 * Writes a file that must not exist yet; of two writers one succeeds. Returns false when it exists.
 *
 * @throws AppError `ERR_CANNOT_CREATE` for any other reason.
 */
export function writeFileExclusive(path: string, content: string | Uint8Array, mode: number): boolean {
  makeFolderOf(path);
  try {
    writeNew(path, content, mode);
    return true;
  } catch (error: unknown) {
    if (systemCode(error) === 'EEXIST') return false;
    throw cannotCreate(path, error);
  }
}

function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error: unknown) {
    throw cannotCreate(path, error);
  }
}

function writeNew(path: string, content: string | Uint8Array, mode: number): void {
  const descriptor = openSync(path, 'wx', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  // The umask may have taken away what readers of a public file need.
  chmodSync(path, mode);
}

function cannotCreate(path: string, cause: unknown): AppError {
  return new AppError('ERR_CANNOT_CREATE', `cannot write ${path}`, { cause, details: { path } });
}
