/** Who speaks on a connection: a run, a user of the users file, or whoever is on this machine. */
import { AppError } from '../core/errors.ts';
import { readSafely } from '../config/safety.ts';
import type { Config } from '../config/schema.ts';
import type { Peer } from '../inspect/exchange.ts';
import type { Authenticate } from '../proxy/settings.ts';
import type { Runs } from './runs.ts';
import { parseUsers, type Users } from './users.ts';

/** Everybody without a credential is one identity: the person at this machine. */
const localPeer: Peer = { identity: 'local' };
const lineHint = 'make a line for it with `sluice config user <name>`';

/** The users file as it was read. */
export interface UsersFile {
  readonly path: string;
  readonly text: string;
}

/** Some thousand users. */
const fileBytesAtMost = 1024 * 1024;

/**
 * Reads the users file of a configuration.
 * @throws AppError `ERR_CONFIG_INVALID` when it cannot be read, `ERR_CONFIG_UNSAFE` when others have a hand in it
 */
export function readUsersFile({ auth }: Pick<Config, 'auth'>): UsersFile | undefined {
  const { mode, users: path } = auth;
  if (mode === 'off' || path === undefined) return undefined;
  let text: string | undefined;
  let cause: unknown;
  try {
    // SECURITY: who may write it may let themselves in. Guarded by proxy-users.test.ts, "refuses a file that …".
    text = readSafely(path, { kind: 'the users file', maxBytes: fileBytesAtMost });
  } catch (error: unknown) {
    if (error instanceof AppError && error.code !== 'ERR_INPUT_MISSING') throw error;
    cause = error;
  }
  if (text !== undefined) return { path, text };
  throw new AppError('ERR_CONFIG_INVALID', `the users file ${path} cannot be read`, { cause, hint: lineHint });
}

/** The users of a file. @throws AppError `ERR_CONFIG_INVALID` when it is not of the form or names nobody */
export function usersOf(file: UsersFile | undefined): Users | undefined {
  if (file === undefined) return undefined;
  const users = parseUsers(file.text, file.path);
  if (users.size > 0) return users;
  throw new AppError('ERR_CONFIG_INVALID', `the users file ${file.path} names nobody`, { hint: lineHint });
}

/** The users in force. */
export interface UserBook {
  readonly file: UsersFile | undefined;
  readonly users: Users | undefined;
  /** Takes a file that was read anew; what was verified before counts on where it says the same. @throws as {@link usersOf} */
  replace(file: UsersFile | undefined): void;
}

/** Opens the book. @throws as {@link usersOf} */
export function createUserBook(first: UsersFile | undefined): UserBook {
  let file = first;
  let users = usersOf(first);
  return {
    get file() {
      return file;
    },
    get users() {
      return users;
    },
    replace(next) {
      if (next?.text === file?.text) return;
      users = usersOf(next);
      file = next;
    },
  };
}

function parseBasic(header: string): readonly [user: string, password: string] | undefined {
  const encoded = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Makes the check of proxy credentials. A credential that is given must be right, also where none is needed. */
export function createAuthenticate(
  mode: Config['auth']['mode'],
  book: Pick<UserBook, 'users'>,
  runs: Pick<Runs, 'authenticate'>,
): Authenticate {
  return async (header) => {
    if (header === undefined) return mode === 'required' ? { ok: false } : { ok: true, peer: localPeer };
    const basic = parseBasic(header);
    if (basic === undefined) return { ok: false };
    const [user, password] = basic;
    const run = runs.authenticate(user, password);
    if (run !== undefined) return { ok: true, peer: { ...localPeer, run: run.id } };
    if (mode === 'off') return { ok: true, peer: localPeer };
    const { users } = book;
    if (users === undefined || !(await users.verify(user, password))) return { ok: false };
    return { ok: true, peer: { identity: `user:${user}`, user } };
  };
}
