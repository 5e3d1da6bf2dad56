/** The users file: who may use the proxy, as scrypt hashes. */
import { createHmac, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { AppError } from '../core/errors.ts';
import { createQueues } from './queues.ts';

type Derive = (password: string, salt: Uint8Array, bytes: number, options: ScryptOptions) => Promise<Buffer>;
const systemDerive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);

/** RFC 7914's parameters for interactive use, one step up: about 60 ms and 32 MiB for each check. */
const cost = { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const hashBytes = 32;
/** What a line may ask for: memory is 128·N·r bytes, and time is p times that of it. */
const memoryAtMost = 256 * 1024 * 1024;
const parallelAtMost = 16;
/** Credentials whose answer is remembered, so that not every CONNECT pays for scrypt; wrong ones never displace right ones. */
const rightAtMost = 10_000;
const wrongAtMost = 1_000;
/** Different passwords that may wait for one name, and for all names that nobody has. */
const waitingAtMost = 4;
/** Under which names that nobody has wait: no line can be of it. */
const nobody = '';

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
  /** Also false where so many wait for an answer that this one would come too late. */
  verify(name: string, password: string): Promise<boolean>;
}

/** Makes a line of the users file: `name:scrypt$N$r$p$salt$hash`, the last two in base64url. */
export async function userLine(name: string, password: string): Promise<string> {
  if (!/^[\w.@+-]{1,64}$/.test(name)) {
    throw new AppError('ERR_USAGE', 'a user name is 1 to 64 letters, digits or any of . _ @ + -');
  }
  if (password.length < 12) throw new AppError('ERR_USAGE', 'a password needs at least 12 characters');
  const salt = randomBytes(16);
  const hash = await systemDerive(password, salt, hashBytes, cost);
  return `${name}:scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether scrypt takes these (RFC 7914 §2), and this proxy can afford them. */
function isSane({ N, r, p, hash }: StoredHash): boolean {
  const isPowerOfTwo = Number.isSafeInteger(N) && N > 1 && Number.isInteger(Math.log2(N));
  const fits = r >= 1 && p >= 1 && p <= parallelAtMost && 128 * N * r <= memoryAtMost;
  return isPowerOfTwo && fits && hash.length >= 16;
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
  return isSane(stored) ? [name, stored] : undefined;
}

function parseLines(text: string, path: string): ReadonlyMap<string, StoredHash> {
  const stored = new Map<string, StoredHash>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const place = `${path}:${index + 1}`;
    const parsed = parseLine(line);
    if (parsed === undefined) {
      throw new AppError('ERR_CONFIG_INVALID', `${place}: not of the form name:scrypt$N$r$p$salt$hash`, {
        hint: 'make the line with `sluice config user <name>`',
      });
    }
    const [name, hash] = parsed;
    if (stored.has(name)) {
      throw new AppError('ERR_CONFIG_INVALID', `${place}: there is a line for ${name} above`, {
        hint: 'keep the one that is to count',
      });
    }
    stored.set(name, hash);
  }
  return stored;
}

function remember(answers: Set<string>, token: string, atMost: number): void {
  if (answers.size >= atMost) answers.clear();
  answers.add(token);
}

/**
 * Reads a users file.
 * @param derive scrypt, but for tests
 * @throws AppError `ERR_CONFIG_INVALID` with the line's number where one is not of the form, or names somebody again.
 */
export function parseUsers(text: string, path: string, derive: Derive = systemDerive): Users {
  const stored = parseLines(text, path);
  // Remembered under a key of this process, so that no password or bare hash of one stays in memory.
  const memoryKey = randomBytes(32);
  const right = new Set<string>();
  const wrong = new Set<string>();
  const underWay = new Map<string, Promise<boolean>>();
  const decoy: StoredHash = { ...cost, salt: randomBytes(16), hash: randomBytes(hashBytes) };
  // SECURITY: one check at a time, and few in waiting for each name: whoever guesses holds up neither the threads that
  // look names up and read files, nor for long those who come with a password of their own. Guarded by
  // users.test.ts, "lets a good login through …".
  const queues = createQueues(waitingAtMost);

  const check = async (name: string, password: string): Promise<boolean> => {
    const known = stored.get(name);
    // An unknown name costs what a known one does: the time tells nothing.
    const { N, r, p, salt, hash } = known ?? decoy;
    const given = await derive(password, salt, hash.length, { N, r, p, maxmem: 256 * N * r });
    return timingSafeEqual(given, hash) && known !== undefined;
  };

  return {
    size: stored.size,
    async verify(name, password) {
      const token = createHmac('sha256', memoryKey)
        .update(JSON.stringify([name, password]))
        .digest('base64');
      if (right.has(token)) return true;
      if (wrong.has(token)) return false;
      // A client opens several connections at once.
      const shared = underWay.get(token);
      if (shared !== undefined) return shared;
      const answer = queues.run(stored.has(name) ? name : nobody, () => check(name, password));
      if (answer === undefined) return false;
      underWay.set(token, answer);
      try {
        const isRight = await answer;
        remember(isRight ? right : wrong, token, isRight ? rightAtMost : wrongAtMost);
        return isRight;
      } finally {
        underWay.delete(token);
      }
    },
  };
}
