/** The runs whose credentials the proxy accepts: each has its own, and with it its project and its counts. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { readIfThere, writeWhole } from './home.ts';

/** A run's proxy user name starts with it, so that no name of the users file can be taken for a run. */
const userPrefix = 'run-';

const storedRun = z.strictObject({
  id: z.string(),
  hash: z.string(),
  cwd: z.string(),
  pid: z.number(),
  startedMs: z.number(),
});
const storedRuns = z.strictObject({ schemaVersion: z.literal(1), runs: z.array(storedRun) });

/** One `sluice run`. */
interface Run {
  readonly id: string;
  /** Where it was called: its project layer and dotenv files are looked up from there. */
  readonly cwd: string;
  /** The process that waits for the command. */
  readonly pid: number;
  readonly startedMs: number;
}

/** A run with what its credential is checked by. */
export interface HeldRun extends Run {
  /** Hex SHA-256 of its password. */
  readonly hash: string;
}

export interface Runs {
  /** Registers a run; the credential is told once and kept only as a hash. */
  register(run: Omit<Run, 'id'>): { readonly run: Run; readonly user: string; readonly password: string };
  /** The run that a proxy credential belongs to. */
  authenticate(user: string, password: string): Run | undefined;
  get(id: string): Run | undefined;
  /** Forgets a run; false when it was not there. */
  end(id: string): boolean;
  live(): readonly Run[];
  /** With their hashes: for a worker, which checks credentials too. */
  held(): readonly HeldRun[];
}

// The password has 256 random bits: a plain hash cannot be guessed back.
const hashOf = (password: string): string => createHash('sha256').update(password).digest('hex');

/** The run that a proxy credential belongs to. */
export function authenticateRun(
  runs: ReadonlyMap<string, HeldRun>,
  user: string,
  password: string,
): HeldRun | undefined {
  if (!user.startsWith(userPrefix)) return undefined;
  const run = runs.get(user.slice(userPrefix.length));
  if (run === undefined) return undefined;
  return timingSafeEqual(Buffer.from(run.hash, 'hex'), Buffer.from(hashOf(password), 'hex')) ? run : undefined;
}

/**
 * Opens the registry of a home. It survives the proxy: a newer version that takes over accepts the same credentials.
 * @throws AppError `ERR_IO` when the file is there and is not ours.
 */
export function openRuns(path: string): Runs {
  const runs = new Map<string, HeldRun>();
  const found = readIfThere(path);
  if (found !== undefined) {
    const parsed = storedRuns.safeParse(parseJson(found, path));
    if (!parsed.success) throw new AppError('ERR_IO', `${path} is not a list of runs`, { hint: `remove ${path}` });
    for (const run of parsed.data.runs) runs.set(run.id, run);
  }
  const save = (): void => writeWhole(path, JSON.stringify({ schemaVersion: 1, runs: [...runs.values()] }) + '\n');
  return {
    register(run) {
      const id = randomBytes(8).toString('hex');
      const password = randomBytes(32).toString('base64url');
      const held = { ...run, id, hash: hashOf(password) };
      runs.set(id, held);
      save();
      return { run: held, user: userPrefix + id, password };
    },
    authenticate: (user, password) => authenticateRun(runs, user, password),
    get: (id) => runs.get(id),
    end(id) {
      const wasThere = runs.delete(id);
      if (wasThere) save();
      return wasThere;
    },
    live: () => [...runs.values()],
    held: () => [...runs.values()],
  };
}

function parseJson(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error: unknown) {
    throw new AppError('ERR_IO', `${path} is not JSON`, { cause: error, hint: `remove ${path}` });
  }
}
