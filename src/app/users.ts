/** The users file: who may use the proxy, as scrypt hashes. */
import { createHmac, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../core/errors.ts';

const derive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);

/** RFC 7914's parameters for interactive use, one step up: about 60 ms and 32 MiB for each check. */
const cost = { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const hashBytes = 32;
/** Verified credentials that are remembered, so that not every CONNECT pays for scrypt. */
const rememberedAtMost = 10_000;

interface StoredHash {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Checks names and passwords. */
export interface Users {
  readonly size: number;
  verify(name: string, password: string): Promise<boolean>;
}

/** Makes a line of the users file: `name:scrypt$N$r$p$salt$hash`, the last two in base64url. */
export async function userLine(name: string, password: string): Promise<string> {
  if (!/^[\w.@+-]{1,64}$/.test(name)) {
    throw new AppError('ERR_USAGE', 'a user name is 1 to 64 letters, digits or any of . _ @ + -');
  }
  if (password.length < 12) throw new AppError('ERR_USAGE', 'a password needs at least 12 characters');
  const salt = randomBytes(16);
  const hash = await derive(password, salt, hashBytes, cost);
  return `${name}:scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

function parseLine(line: string): [string, StoredHash] | undefined {
  const match = /^([\w.@+-]{1,64}):scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(line);
  if (match === null) return undefined;
  const [, name = '', N, r, p, salt = '', hash = ''] = match;
  const stored = {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
  const isSane = stored.N <= 1 << 20 && stored.r <= 32 && stored.p <= 16 && stored.hash.length >= 16;
  return isSane ? [name, stored] : undefined;
}

/**
 * Reads a users file.
 * @throws AppError `ERR_CONFIG_INVALID` with the line's number where one is not of the form.
 */
export function parseUsers(text: string, path: string): Users {
  const stored = new Map<string, StoredHash>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const parsed = parseLine(line);
    if (parsed === undefined) {
      throw new AppError('ERR_CONFIG_INVALID', `${path}:${index + 1}: not of the form name:scrypt$N$r$p$salt$hash`, {
        hint: 'make the line with `sluice config user <name>`',
      });
    }
    stored.set(...parsed);
  }
  // Remembered under a key of this process, so that no password or bare hash of one stays in memory.
  const memoryKey = randomBytes(32);
  const remembered = new Set<string>();
  const decoy: StoredHash = { ...cost, salt: randomBytes(16), hash: randomBytes(hashBytes) };
  return {
    size: stored.size,
    async verify(name, password) {
      const token = createHmac('sha256', memoryKey)
        .update(JSON.stringify([name, password]))
        .digest('base64');
      if (remembered.has(token)) return true;
      const known = stored.get(name);
      // An unknown name costs what a known one does: the time tells nothing.
      const { N, r, p, salt, hash } = known ?? decoy;
      const given = await derive(password, salt, hash.length, { N, r, p, maxmem: 256 * N * r });
      if (!timingSafeEqual(given, hash) || known === undefined) return false;
      if (remembered.size >= rememberedAtMost) remembered.clear();
      remembered.add(token);
      return true;
    },
  };
}
