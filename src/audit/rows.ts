/** Rows of the database as typed values, for the writer and the readers alike. */
import type Database from 'better-sqlite3';
import { genesisHash, type ChainPlace, type StoredEntry } from './chain.ts';
import type { Statement } from './checkpoint.ts';

const entryColumns = 'seq, kind, id, time, body, hash';
const statementColumns = 'kind, entries, head, time, key, signature';

/** Reads entries in the chain's order. @param after the number of the entry to begin behind */
export function readEntries(
  database: Database.Database,
  after: number,
  limit = Number.MAX_SAFE_INTEGER,
): IterableIterator<StoredEntry> {
  return database
    .prepare<[number, number], StoredEntry>(`SELECT ${entryColumns} FROM entries WHERE seq > ? ORDER BY seq LIMIT ?`)
    .iterate(after, limit);
}

/** Every checkpoint and anchor, oldest first. */
export function readStatements(database: Database.Database): Statement[] {
  return database
    .prepare<[], Statement>(`SELECT ${statementColumns} FROM statements ORDER BY entries, kind DESC`)
    .all();
}

/** Adds a checkpoint or an anchor; one that is there already is replaced. */
export function insertStatement(database: Database.Database, statement: Statement): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO statements (${statementColumns}) VALUES (@kind, @entries, @head, @time, @key, @signature)`,
    )
    .run(statement);
}

/** Where the chain that is kept begins: behind the newest anchor, or at the genesis. */
export function originOf(database: Database.Database): ChainPlace {
  const anchor = database
    .prepare<[], ChainPlace>(
      `SELECT entries AS seq, head AS hash FROM statements WHERE kind = 'anchor' ORDER BY entries DESC LIMIT 1`,
    )
    .get();
  return anchor ?? { seq: 0, hash: genesisHash };
}

/** Where the chain ends. */
export function headOf(database: Database.Database): ChainPlace {
  const last = database.prepare<[], ChainPlace>('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1').get();
  return last ?? originOf(database);
}
