/** Who speaks on a connection: a run, a user of the users file, or whoever is on this machine. */
import { readFileSync } from 'node:fs';
import { AppError } from '../core/errors.ts';
import type { Config } from '../config/schema.ts';
import type { Peer } from '../inspect/exchange.ts';
import type { Authenticate } from '../proxy/settings.ts';
import type { Runs } from './runs.ts';
import { parseUsers, type Users } from './users.ts';

/** Everybody without a credential is one identity: the person at this machine. */
const localPeer: Peer = { identity: 'local' };

/** Reads the users file of a configuration. @throws AppError `ERR_CONFIG_INVALID` when it cannot be read or is empty */
export function readUsers({ auth }: Pick<Config, 'auth'>): Users | undefined {
  if (auth.mode === 'off' || auth.users === undefined) return undefined;
  try {
    const users = parseUsers(readFileSync(auth.users, 'utf8'), auth.users);
    if (users.size > 0) return users;
  } catch (error: unknown) {
    if (error instanceof AppError) throw error;
    throw new AppError('ERR_CONFIG_INVALID', `the users file ${auth.users} cannot be read`, {
      cause: error,
      hint: 'make a line for it with `sluice config user <name>`',
    });
  }
  throw new AppError('ERR_CONFIG_INVALID', `the users file ${auth.users} names nobody`, {
    hint: 'make a line for it with `sluice config user <name>`',
  });
}

function parseBasic(header: string): readonly [user: string, password: string] | undefined {
  const encoded = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Makes the check of proxy credentials. A credential that is given must be right, also where none is needed. */
export function createAuthenticate(mode: Config['auth']['mode'], users: Users | undefined, runs: Runs): Authenticate {
  return async (header) => {
    if (header === undefined) return mode === 'required' ? { ok: false } : { ok: true, peer: localPeer };
    const basic = parseBasic(header);
    if (basic === undefined) return { ok: false };
    const [user, password] = basic;
    const run = runs.authenticate(user, password);
    if (run !== undefined) return { ok: true, peer: { ...localPeer, run: run.id } };
    if (mode === 'off') return { ok: true, peer: localPeer };
    if (users === undefined || !(await users.verify(user, password))) return { ok: false };
    return { ok: true, peer: { identity: `user:${user}`, user } };
  };
}
