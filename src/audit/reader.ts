/** The readers' side of the record: a connection that cannot write, also while the proxy runs. */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, systemCode, toAppError } from '../core/errors.ts';
import type { ChainProblem, EntryKind } from './chain.ts';
import { createSigner, parseStatement, type Statement } from './checkpoint.ts';
import { readTextIfThere, recordFiles, type RecordFiles } from './files.ts';
import type { Gap } from './messages.ts';
import { matcherOf, mergeRow, type DecisionFilter, type DecisionRow, type RecordedDecision } from './query.ts';
import { readEntries, readStatements } from './rows.ts';
import { readSchemaVersion } from './schema.ts';
import { verifyRecord, type RecordContent, type Verification } from './verify.ts';

/** Where a follower stands. */
interface Followed {
  /** The decisions whose exchanges have ended since, in that order; tunnels already when they begin. */
  readonly decisions: readonly RecordedDecision[];
  /** To be passed the next time. */
  readonly seq: number;
}

export interface RecordReader {
  /** The decisions that match, newest first. Read as they are asked for. @throws AppError `ERR_AUDIT_OPEN` on damage */
  decisions(filter?: DecisionFilter): IterableIterator<RecordedDecision>;
  /** One decision by its id, or by the beginning of it where no other begins so. */
  decision(id: string): RecordedDecision | undefined;
  /** The number of the last entry. */
  lastSeq(): number;
  /** What has come since an entry. */
  follow(seq: number, filter?: DecisionFilter): Followed;
  /** The gap entries: what was lost and when. */
  gaps(): readonly Gap[];
  /** Walks the whole record. @param outside the text of a checkpoints file that was kept elsewhere */
  verify(outside?: string): Verification;
  close(): void;
}

/** SECURITY: only rows that the chain covers are shown: what stands before its beginning, nobody vouches for. */
const beforeChain = `coalesce((SELECT max(entries) FROM statements WHERE kind = 'anchor'), 0)`;
const decisionRows = `
  SELECT d.seq, d.hash, d.body AS decision, o.body AS outcome
  FROM entries AS d LEFT JOIN entries AS o ON o.id = d.id AND o.kind = 'outcome' AND o.seq > d.seq
  WHERE d.kind = 'decision' AND d.seq > ${beforeChain}`;

/** Whether a home has a record at all. */
export function hasRecord(home: string): boolean {
  const { database, checkpoints } = recordFiles(home);
  return existsSync(database) || existsSync(checkpoints);
}

/**
 * Opens the record of a home for reading.
 * @throws AppError `ERR_INPUT_MISSING` when there is none, `ERR_AUDIT_OPEN` when it cannot be read
 */
export function openRecord(home: string): RecordReader {
  const files = recordFiles(home);
  if (!existsSync(files.database)) {
    throw new AppError('ERR_INPUT_MISSING', `there is no record at ${files.database}`, {
      hint: 'the first `sluice start` makes it; `--home` names another folder',
    });
  }
  try {
    const database = new Database(files.database, { readonly: true, fileMustExist: true });
    try {
      readSchemaVersion(database, files.database);
      return readerOn(database, home);
    } catch (error: unknown) {
      database.close();
      throw error;
    }
  } catch (error: unknown) {
    throw toAppError(error, 'ERR_AUDIT_OPEN', `cannot read the record ${files.database}: ${systemCode(error) ?? ''}`);
  }
}

function readerOn(database: Database.Database, home: string): RecordReader {
  const files = recordFiles(home);
  const newest = database.prepare<[], DecisionRow>(`${decisionRows} ORDER BY d.seq DESC`);
  // Without an index of its own, which every append would pay for: a million entries are looked through in a second.
  const newestSince = database.prepare<[string], DecisionRow>(`${decisionRows} AND d.time >= ? ORDER BY d.seq DESC`);
  const byId = database.prepare<[string], DecisionRow>(`${decisionRows} AND d.id = ? ORDER BY d.seq DESC LIMIT 1`);
  const beginning = database.prepare<[string, string], { readonly id: string }>(
    `SELECT DISTINCT id FROM entries WHERE id >= ? AND id < ? AND kind = 'decision' AND seq > ${beforeChain} LIMIT 2`,
  );
  const last = database.prepare<[], { readonly seq: number | null }>('SELECT max(seq) AS seq FROM entries');
  const since = database.prepare<[number], { readonly seq: number; readonly kind: EntryKind; readonly id: string }>(
    'SELECT seq, kind, id FROM entries WHERE seq > ? ORDER BY seq',
  );
  const gapRows = database.prepare<[], { readonly body: string }>(
    `SELECT body FROM entries WHERE kind = 'gap' AND seq > ${beforeChain}`,
  );

  const exactly = (id: string): RecordedDecision | undefined => {
    const row = byId.get(id);
    return row === undefined ? undefined : mergeRow(row);
  };

  return {
    *decisions(filter = {}) {
      const matches = matcherOf(filter);
      let left = filter.limit ?? Number.POSITIVE_INFINITY;
      if (left <= 0) return;
      try {
        const rows = filter.since === undefined ? newest.iterate() : newestSince.iterate(filter.since);
        for (const row of rows) {
          const recorded = mergeRow(row);
          if (!matches(recorded)) continue;
          yield recorded;
          left -= 1;
          if (left <= 0) return;
        }
      } catch (error: unknown) {
        const message = `the record ${files.database} can be read only in part: ${systemCode(error) ?? 'unknown'}`;
        throw toAppError(error, 'ERR_AUDIT_OPEN', message);
      }
    },
    decision(id) {
      const [only, ...others] = id === '' ? [] : beginning.all(id, `${id}\u{10ffff}`);
      return exactly(others.length === 0 && only !== undefined ? only.id : id);
    },
    lastSeq: () => last.get()?.seq ?? 0,
    follow(seq, filter = {}) {
      const matches = matcherOf(filter);
      const decisions: RecordedDecision[] = [];
      let at = seq;
      for (const row of since.all(seq)) {
        at = row.seq;
        if (row.kind === 'gap') continue;
        const recorded = exactly(row.id);
        if (recorded === undefined || !matches(recorded)) continue;
        const isTunnel = recorded.decision.action === 'tunnel';
        if (isTunnel === (row.kind === 'decision')) decisions.push(recorded);
      }
      return { decisions, seq: at };
    },
    gaps: () =>
      gapRows.all().map(({ body }) => {
        const { entry }: { readonly entry: Gap } = JSON.parse(body);
        return entry;
      }),
    verify: (outside) => verifyOn(database, files, outside),
    close: () => void database.close(),
  };
}

/**
 * Walks the whole record of a home. A database that is gone or damaged is a problem like any other.
 * @param outside the text of a checkpoints file that was kept elsewhere
 * @throws AppError `ERR_INPUT_MISSING` when the home never had a record, `ERR_INPUT_DATA` for a bad `outside`,
 * `ERR_AUDIT_OPEN` when the database is of a newer version or the signing key is none
 */
export function verifyHome(home: string, outside?: string): Verification {
  const files = recordFiles(home);
  const logged = logLines(files.checkpoints);
  if (!existsSync(files.database) && logged.length > 0) {
    return verifyRecord({ entries: [], statements: [], logged, ...givenFrom(files, outside) });
  }
  let record: RecordReader;
  try {
    record = openRecord(home);
  } catch (error: unknown) {
    const code = error instanceof AppError ? systemCode(error.cause) : undefined;
    if (code === undefined || !damages.has(code)) throw error;
    return damaged(code);
  }
  try {
    return record.verify(outside);
  } finally {
    record.close();
  }
}

/** What SQLite says of a file that is no database any more. */
const damages: ReadonlySet<string> = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

function damaged(code: string): Verification {
  const problems = [{ id: 'record.db', problem: `the database is damaged (${code})` }];
  return { ok: false, entries: 0, head: '', anchored: false, problems };
}

function verifyOn(database: Database.Database, files: RecordFiles, outside: string | undefined): Verification {
  const given = givenFrom(files, outside);
  // The log is read on both sides of the database: what the writer adds meanwhile is no difference.
  const before = logLines(files.checkpoints);
  try {
    return database.transaction(() => {
      const statements = readStatements(database);
      const stored = new Set(statements.map(({ signature }) => signature));
      const seen = new Set(before.map((statement) => statement?.signature));
      const added = logLines(files.checkpoints).filter(
        (statement) => statement !== undefined && stored.has(statement.signature) && !seen.has(statement.signature),
      );
      const verification = verifyRecord({
        entries: readEntries(database, Number.MIN_SAFE_INTEGER),
        statements,
        logged: [...before, ...added],
        ...given,
      });
      // SECURITY: the walk goes by the table, and readers by its indexes, which could lead them past an entry. Guarded
      // by verify.test.ts, "finds an index that leads past an entry".
      const damage = damageOf(database);
      return damage.length === 0
        ? verification
        : { ...verification, ok: false, problems: [...verification.problems, ...damage] };
    })();
  } catch (error: unknown) {
    const code = systemCode(error);
    if (code?.startsWith('SQLITE_') !== true) throw error;
    return damaged(code);
  }
}

/** What SQLite finds wrong with the file itself: its tables and indexes have to say the same. */
function damageOf(database: Database.Database): readonly ChainProblem[] {
  const rows = database.prepare<[], { readonly integrity_check: string }>('PRAGMA integrity_check(10)').all();
  return rows
    .filter((row) => row.integrity_check !== 'ok')
    .map((row) => ({
      id: 'record.db',
      problem: `the database is damaged (${row.integrity_check.replaceAll('\n', ' ')})`,
    }));
}

/** The public key of the home's signing key. @throws AppError `ERR_AUDIT_OPEN` when the file holds none */
function publicKey(pem: string, path: string): string {
  try {
    return createSigner(pem).key;
  } catch (error: unknown) {
    throw new AppError('ERR_AUDIT_OPEN', `${path} does not hold an Ed25519 private key`, {
      cause: error,
      hint: 'restore the key: without it nobody can say whose checkpoints these are',
    });
  }
}

function givenFrom(files: RecordFiles, outside: string | undefined): Pick<RecordContent, 'key' | 'outside'> {
  const pem = readTextIfThere(files.key);
  return {
    ...(pem === undefined ? {} : { key: publicKey(pem, files.key) }),
    ...(outside === undefined ? {} : { outside: parseOutside(outside) }),
  };
}

/** What stands behind the last line's end was cut short while it was written: the next start takes it away. */
function logLines(path: string): (Statement | undefined)[] {
  const text = readTextIfThere(path) ?? '';
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '')
    .map(parseStatement);
}

/** Reads the statements of a file from elsewhere. */
function parseOutside(text: string): Statement[] {
  const statements: Statement[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const statement = parseStatement(line);
    if (statement === undefined) {
      throw new AppError('ERR_INPUT_DATA', `line ${index + 1} of the checkpoint file is no checkpoint`);
    }
    statements.push(statement);
  }
  if (statements.length === 0) throw new AppError('ERR_INPUT_DATA', 'the checkpoint file holds no checkpoint');
  return statements;
}
