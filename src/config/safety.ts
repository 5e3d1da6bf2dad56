/** Reads files that decide, and makes the folder that holds secrets, only where nobody else can have a hand in them. */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { AppError, systemCode, toAppError } from '../core/errors.ts';

export interface SafeReadOptions {
  /** What the file is, for messages, e.g. `the configuration`. */
  readonly kind: string;
  /** Larger files are refused. */
  readonly maxBytes: number;
  /** Whether a symbolic link at the path itself is followed. */
  readonly followsLink?: boolean;
}

const isPosix = process.platform !== 'win32';

/** Whether the file belongs to us or to the administrator. */
function isTrustedOwner(stats: Stats): boolean {
  return process.getuid === undefined || stats.uid === process.getuid() || stats.uid === 0;
}

/** A folder that anybody may write lets them swap the file, unless it is sticky (as /tmp is). */
function isOpenFolder(stats: Stats): boolean {
  return (stats.mode & 0o002) !== 0 && (stats.mode & 0o1000) === 0;
}

function refuse(path: string, kind: string, why: string, hint?: string): never {
  throw new AppError('ERR_CONFIG_UNSAFE', `${kind} ${path} ${why}`, hint === undefined ? {} : { hint });
}

function check(path: string, stats: Stats, options: SafeReadOptions): void {
  const { kind, maxBytes } = options;
  if (!stats.isFile()) refuse(path, kind, 'is not a regular file', 'name a file');
  if (stats.size > maxBytes) {
    throw new AppError('ERR_CONFIG_INVALID', `${kind} ${path} is larger than ${maxBytes} bytes`);
  }
  // On Windows the folders these files stand in are the user's own by their access lists.
  if (!isPosix) return;
  if (!isTrustedOwner(stats)) refuse(path, kind, 'is owned by somebody else');
  if ((stats.mode & 0o002) !== 0) refuse(path, kind, 'can be written by everybody');
  const folder = dirname(path);
  if (isOpenFolder(statSync(folder))) {
    refuse(path, kind, `stands in ${folder}, which everybody can write`, `chmod o-w ${folder}`);
  }
}

/** Reads to the end of what was checked, and not beyond: a file that grows meanwhile is refused. */
function readAll(file: number, path: string, options: SafeReadOptions): string {
  const room = Buffer.alloc(options.maxBytes + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, room, length, room.length - length, null);
    if (read === 0) break;
    length += read;
    if (length > options.maxBytes) {
      throw new AppError('ERR_CONFIG_INVALID', `${options.kind} ${path} is larger than ${options.maxBytes} bytes`);
    }
  }
  return room.toString('utf8', 0, length);
}

/**
 * Reads a file that decides something; undefined when there is none. What was checked is what is read: the checks are
 * made on the open file.
 * @throws AppError `ERR_CONFIG_UNSAFE` when it is world-writable or somebody else's; `ERR_CONFIG_INVALID` when too
 * large; `ERR_INPUT_MISSING` when it is there and cannot be read.
 */
export function readSafely(path: string, options: SafeReadOptions): string | undefined {
  let file: number;
  // Non-blocking, so that a named pipe in its place cannot hold us.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (options.followsLink === false ? constants.O_NOFOLLOW : 0);
  try {
    file = openSync(path, isPosix ? flags : 'r');
  } catch (error: unknown) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') refuse(path, options.kind, 'is a symbolic link', 'put the file itself there');
    throw toAppError(error, 'ERR_INPUT_MISSING', `${options.kind} ${path} cannot be read`);
  }
  try {
    check(path, fstatSync(file), options);
    return readAll(file, path, options);
  } finally {
    closeSync(file);
  }
}
