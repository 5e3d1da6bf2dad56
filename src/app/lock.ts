/** One proxy per home: a lock that the operating system gives back when its holder dies, however it dies. */
import Database from 'better-sqlite3';
import { AppError, systemCode } from '../core/errors.ts';

/** Asking whether it is held takes the lock for an instant: a start that comes just then waits it out. */
const askedMs = 250;

export interface Lock {
  release(): void;
}

/**
 * Takes the lock, or fails in a moment. SQLite's file lock is used because Node has none: it works on every platform and
 * a killed process leaves nothing stale behind.
 * @throws AppError `ERR_HOME_LOCKED` when another process holds it, `ERR_CANNOT_CREATE` when it cannot be made.
 */
export function takeLock(path: string): Lock {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: askedMs });
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error: unknown) {
    database?.close();
    if (systemCode(error) === 'SQLITE_BUSY')
      throw new AppError('ERR_HOME_LOCKED', `another proxy holds ${path}`, { cause: error });
    throw new AppError('ERR_CANNOT_CREATE', `cannot lock ${path}`, { cause: error });
  }
  const held = database;
  return { release: () => void held.close() };
}

/** Whether a proxy holds the lock: what another user cannot pretend, since the file stands in the home. */
export function isLockHeld(path: string): boolean {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
    database.pragma('user_version');
    return false;
  } catch (error: unknown) {
    return systemCode(error) === 'SQLITE_BUSY';
  } finally {
    database?.close();
  }
}
