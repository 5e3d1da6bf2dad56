/** The record's database: its tables, and the steps from one version of them to the next. */
import type Database from 'better-sqlite3';
import { AppError } from '../core/errors.ts';

/** Marks the file as ours (`PRAGMA application_id`): "slce". */
const applicationId = 0x73_6c_63_65;

/** Step n leads from `user_version` n to n + 1. A step that has shipped is never edited. */
const migrations: readonly string[] = [
  `
  CREATE TABLE entries (
    seq  INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    time TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_id ON entries (id);
  CREATE TABLE statements (
    kind      TEXT NOT NULL,
    entries   INTEGER NOT NULL,
    head      TEXT NOT NULL,
    time      TEXT NOT NULL,
    key       TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (kind, entries)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** The version that this program reads and writes. */
export const schemaVersion: number = migrations.length;

/** Returns the version of an open database. @throws AppError `ERR_AUDIT_OPEN` when it is not ours or too new */
export function readSchemaVersion(database: Database.Database, path: string): number {
  const version = Number(database.pragma('user_version', { simple: true }));
  const owner = Number(database.pragma('application_id', { simple: true }));
  if (version > 0 && owner !== applicationId) throw new AppError('ERR_AUDIT_OPEN', `${path} is not a sluice record`);
  if (version > schemaVersion) {
    throw new AppError('ERR_AUDIT_OPEN', `${path} was written by a newer sluice (version ${version})`, {
      hint: 'use that version, or another `--home`',
    });
  }
  return version;
}

/** Brings a database to {@link schemaVersion}, in one transaction. @throws AppError `ERR_AUDIT_OPEN` */
export function migrate(database: Database.Database, path: string): void {
  const from = readSchemaVersion(database, path);
  if (from === schemaVersion) return;
  database
    .transaction(() => {
      for (const step of migrations.slice(from)) database.exec(step);
      database.pragma(`application_id = ${applicationId}`);
      database.pragma(`user_version = ${schemaVersion}`);
    })
    .immediate();
}
