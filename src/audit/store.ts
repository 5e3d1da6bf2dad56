/** The writer's side of the record: one connection that appends to the chain, signs it and drops what is too old. */
import { appendFileSync, readFileSync, statSync, truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, systemCode, toAppError } from '../core/errors.ts';
import { chainEntry, checkEntry, entryName, type ChainPlace, type ChainProblem, type NewEntry } from './chain.ts';
import { createSigner, makeSigningKey, parseStatement, type Signer, type Statement } from './checkpoint.ts';
import { ensurePrivate, readTextIfThere, replaceFile, type RecordFiles } from './files.ts';
import { dropOlder, type RetentionStep } from './retention.ts';
import { headOf, insertStatement, originOf, readEntries, readStatements } from './rows.ts';
import { migrate } from './schema.ts';

/** How long a lock that another connection holds is waited for: readers never hold one that matters. */
const busyMs = 5_000;
/** How often it is checked that the file is still the one that was opened. */
const lookAgainMs = 1_000;

/** Every method throws AppError `ERR_AUDIT_WRITE` when the disk refuses. */
export interface Store {
  /** The last entry. */
  readonly head: ChainPlace;
  /** What did not fit when the store was opened: the entries behind the last checkpoint are looked at. */
  readonly problem: ChainProblem | undefined;
  /** Appends all or none; when it returns they survive the death of the process. */
  append(entries: readonly NewEntry[]): void;
  /** Signs the head, if it moved since the last checkpoint. */
  checkpoint(): Statement | undefined;
  /** Drops a slice of what is older than so many days; see {@link dropOlder}. */
  retain(days: number): RetentionStep;
  close(): void;
}

/** Opens the record for writing and makes what is missing. @throws AppError `ERR_AUDIT_OPEN` */
export function openStore(files: RecordFiles, nowMs: () => number): Store {
  try {
    ensurePrivate(files.database);
    const database = new Database(files.database, { timeout: busyMs });
    try {
      return storeOn(database, files, nowMs);
    } catch (error: unknown) {
      database.close();
      throw error;
    }
  } catch (error: unknown) {
    const reason = systemCode(error);
    throw toAppError(error, 'ERR_AUDIT_OPEN', `cannot open the record ${files.database}${reason ? `: ${reason}` : ''}`);
  }
}

function storeOn(database: Database.Database, files: RecordFiles, nowMs: () => number): Store {
  database.pragma('journal_mode = WAL');
  // In WAL mode a commit is in the operating system's hands when it returns: the death of the process loses nothing.
  database.pragma('synchronous = NORMAL');
  migrate(database, files.database);
  const signer = openSigner(files.key);
  ensurePrivate(files.checkpoints);
  publishMissing(files.checkpoints, readStatements(database));

  const { ino } = statSync(files.database);
  let lookedMs = nowMs();
  /** SQLite would go on writing to a file that was removed or replaced, and nobody would ever read it. */
  const checkPlace = (): void => {
    const at = nowMs();
    if (at - lookedMs < lookAgainMs && at >= lookedMs) return;
    lookedMs = at;
    if (statSync(files.database).ino !== ino) {
      throw new AppError('ERR_AUDIT_WRITE', `${files.database} was replaced while in use`);
    }
  };
  const now = (): string => new Date(nowMs()).toISOString();
  const insert = database.prepare<[number, string, string, string, string, string]>(
    'INSERT INTO entries (seq, kind, id, time, body, hash) VALUES (?, ?, ?, ?, ?, ?)',
  );
  let head = headOf(database);
  let signed = readStatements(database).at(-1)?.entries ?? 0;

  const appendTo = (from: ChainPlace, entries: readonly NewEntry[]): ChainPlace => {
    let place = from;
    for (const entry of entries) {
      const next = chainEntry(place, entry);
      insert.run(next.seq, next.kind, next.id, next.time, next.body, next.hash);
      place = next;
    }
    return { seq: place.seq, hash: place.hash };
  };
  // One entry alone is a transaction by itself, and cheaper so.
  const appendAll = database.transaction((entries: readonly NewEntry[]) => appendTo(head, entries));

  return {
    get head() {
      return head;
    },
    problem: problemBehind(database),
    append(entries) {
      writing(files.database, () => {
        checkPlace();
        head = entries.length === 1 ? appendTo(head, entries) : appendAll.immediate(entries);
      });
    },
    checkpoint() {
      if (head.seq <= signed) return undefined;
      return writing(files.checkpoints, () => {
        const statement = signer.sign({ kind: 'checkpoint', entries: head.seq, head: head.hash, time: now() });
        insertStatement(database, statement);
        signed = statement.entries;
        appendLines(files.checkpoints, [statement]);
        return statement;
      });
    },
    retain(days) {
      return writing(files.database, () => {
        const cutoff = new Date(nowMs() - days * 24 * 60 * 60 * 1000).toISOString();
        const step = dropOlder(database, signer, cutoff, now());
        if (step.anchor !== undefined) {
          if (step.isLast) trimLog(files.checkpoints, step.anchor.entries);
          appendLines(files.checkpoints, [step.anchor]);
        }
        return step;
      });
    },
    close() {
      database.close();
    },
  };
}

function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error: unknown) {
    const reason = systemCode(error);
    throw toAppError(error, 'ERR_AUDIT_WRITE', `cannot write ${path}${reason ? `: ${reason}` : ''}`);
  }
}

function openSigner(path: string): Signer {
  const found = readTextIfThere(path);
  if (found === undefined) {
    const pem = makeSigningKey();
    replaceFile(path, pem);
    return createSigner(pem);
  }
  ensurePrivate(path);
  try {
    return createSigner(found);
  } catch (error: unknown) {
    throw new AppError('ERR_AUDIT_OPEN', `${path} does not hold an Ed25519 private key`, {
      cause: error,
      hint: 'restore the key: without it the record can no longer be signed as the one it was',
    });
  }
}

/** Looks at what was appended after the last statement: a crash leaves it whole, so anything else is news. */
function problemBehind(database: Database.Database): ChainProblem | undefined {
  const last = readStatements(database).at(-1);
  let place: ChainPlace = last === undefined ? originOf(database) : { seq: last.entries, hash: last.head };
  const head = headOf(database);
  if (head.seq < place.seq) {
    return { id: `entry ${place.seq}`, problem: `the record ends at entry ${head.seq}, before its last checkpoint` };
  }
  for (const entry of readEntries(database, place.seq)) {
    const problem = checkEntry(place, entry);
    if (problem !== undefined) return { id: entryName(entry), problem };
    place = entry;
  }
  return undefined;
}

function logLines(path: string): string[] {
  return (readTextIfThere(path) ?? '').split('\n').filter((line) => line !== '');
}

/** Appends to the log what it lacks of the database's: what a full disk, a crash or a power cut kept out of it. */
function publishMissing(path: string, statements: readonly Statement[]): void {
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf('\n') + 1;
  // What was written in part would spoil the line behind it too.
  if (whole < bytes.length) truncateSync(path, whole);
  const published = new Set(logLines(path));
  appendLines(
    path,
    statements.filter((statement) => !published.has(JSON.stringify(statement))),
  );
}

function appendLines(path: string, statements: readonly Statement[]): void {
  if (statements.length === 0) return;
  const { size } = statSync(path);
  try {
    appendFileSync(path, statements.map((statement) => JSON.stringify(statement) + '\n').join(''), { mode: 0o600 });
  } catch (error: unknown) {
    // Half a line would read as a forged one.
    truncateSync(path, size);
    throw error;
  }
}

/** Takes the lines out of the log that speak of what retention has dropped. */
function trimLog(path: string, anchored: number): void {
  const lines = logLines(path);
  const kept = lines.filter((line) => (parseStatement(line)?.entries ?? anchored) >= anchored);
  if (kept.length < lines.length) replaceFile(path, kept.map((line) => line + '\n').join(''));
}
