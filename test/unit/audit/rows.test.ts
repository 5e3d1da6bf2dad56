import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chainEntry, genesisHash, newEntry } from '../../../src/audit/chain.ts';
import { createSigner, makeSigningKey, type StatementKind } from '../../../src/audit/checkpoint.ts';
import { headOf, insertStatement, originOf, readEntries, readStatements } from '../../../src/audit/rows.ts';
import { migrate } from '../../../src/audit/schema.ts';

const signer = createSigner(makeSigningKey());
const statementAt = (kind: StatementKind, entries: number) =>
  signer.sign({ kind, entries, head: `head ${entries}`, time: '2026-11-20T09:00:00.000Z' });

function emptyRecord(): Database.Database {
  const database = new Database(':memory:');
  onTestFinished(() => void database.close());
  migrate(database, 'x.db');
  return database;
}

describe('rows of the record', () => {
  it('begin at the genesis in an empty record', () => {
    const database = emptyRecord();

    expect(originOf(database)).toEqual({ seq: 0, hash: genesisHash });
    expect(headOf(database)).toEqual({ seq: 0, hash: genesisHash });
    expect([...readEntries(database, 0)]).toEqual([]);
  });

  it('begin behind the newest anchor, never behind a checkpoint', () => {
    const database = emptyRecord();
    for (const statement of [statementAt('anchor', 4), statementAt('anchor', 9), statementAt('checkpoint', 12)]) {
      insertStatement(database, statement);
    }

    expect(originOf(database)).toEqual({ seq: 9, hash: 'head 9' });
    expect(headOf(database)).toEqual({ seq: 9, hash: 'head 9' });
  });

  it('come back as they were written, in order', () => {
    const database = emptyRecord();
    const insert = database.prepare('INSERT INTO entries VALUES (@seq, @kind, @id, @time, @body, @hash)');
    const first = chainEntry({ seq: 0, hash: genesisHash }, newEntry('decision', { id: 'a', time: 't1' }));
    const second = chainEntry(first, newEntry('outcome', { id: 'a', time: 't2' }));
    const third = chainEntry(second, newEntry('gap', { time: 't3' }));
    for (const entry of [third, first, second]) insert.run(entry);
    const statements = [statementAt('checkpoint', 1), statementAt('checkpoint', 3), statementAt('anchor', 3)];
    for (const statement of statements.toReversed()) insertStatement(database, statement);

    expect([...readEntries(database, 0)]).toEqual([first, second, third]);
    expect([...readEntries(database, 1, 1)]).toEqual([second]);
    expect(headOf(database)).toEqual({ seq: 3, hash: third.hash });
    expect(readStatements(database)).toEqual(statements);
  });
});
