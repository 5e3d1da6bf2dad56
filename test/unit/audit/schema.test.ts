import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrate, readSchemaVersion, schemaVersion } from '../../../src/audit/schema.ts';

function memoryDatabase(): Database.Database {
  const database = new Database(':memory:');
  onTestFinished(() => void database.close());
  return database;
}

describe('the schema', () => {
  it('is made in an empty database and left alone in one that has it', () => {
    const database = memoryDatabase();

    migrate(database, 'x.db');
    database.exec(`INSERT INTO entries VALUES (1, 'gap', '', 't', '{}', 'h')`);
    migrate(database, 'x.db');

    expect(readSchemaVersion(database, 'x.db')).toBe(schemaVersion);
    expect(database.prepare('SELECT count(*) AS n FROM entries').get()).toEqual({ n: 1 });
  });

  it('is refused when a newer program made it', () => {
    const database = memoryDatabase();
    migrate(database, 'x.db');
    database.pragma(`user_version = ${schemaVersion + 1}`);

    expect(() => migrate(database, 'x.db')).toThrowError(
      expect.objectContaining({ code: 'ERR_AUDIT_OPEN', message: expect.stringContaining('newer') }),
    );
  });

  it("is refused when it is another program's", () => {
    const database = memoryDatabase();
    database.exec('CREATE TABLE other (x)');
    database.pragma('user_version = 1');

    expect(() => migrate(database, 'x.db')).toThrowError(expect.objectContaining({ code: 'ERR_AUDIT_OPEN' }));
  });

  it('is made whole or not at all', () => {
    const database = memoryDatabase();
    database.exec('CREATE TABLE statements (x)');

    expect(() => migrate(database, 'x.db')).toThrowError('already exists');
    expect(readSchemaVersion(database, 'x.db')).toBe(0);
    expect(database.prepare(`SELECT count(*) AS n FROM sqlite_master WHERE name = 'entries'`).get()).toEqual({ n: 0 });
  });

  it('holds a number to be a number', () => {
    const database = memoryDatabase();
    migrate(database, 'x.db');

    expect(() => database.exec(`INSERT INTO statements VALUES ('checkpoint', 'one', 'h', 't', 'k', 's')`)).toThrowError(
      'cannot store TEXT value in INTEGER column',
    );
  });
});
