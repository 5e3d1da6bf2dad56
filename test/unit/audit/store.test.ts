import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { newEntry, type NewEntry } from '../../../src/audit/chain.ts';
import { isSigned, parseStatement } from '../../../src/audit/checkpoint.ts';
import { recordFiles } from '../../../src/audit/files.ts';
import { verifyHome } from '../../../src/audit/reader.ts';
import { rfc3339, sampleDecision, sampleOutcome, startMs } from '../../helpers/record-entries.ts';
import { appendExchanges, storeAt } from '../../helpers/record-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function logged(home: string): string[] {
  return readFileSync(recordFiles(home).checkpoints, 'utf8').split('\n').slice(0, -1);
}

describe('the store', () => {
  it('goes on where the last one ended', () => {
    const home = temporaryFolder();
    const first = storeAt(home);
    appendExchanges(first, 1, 2);
    first.close();

    const second = storeAt(home);
    expect(second.head).toEqual(first.head);
    appendExchanges(second, 3, 3);

    expect(second.head.seq).toBe(6);
    expect(second.problem).toBeUndefined();
    expect(verifyHome(home)).toMatchObject({ ok: true, entries: 6, anchored: false, head: second.head.hash });
  });

  it.skipIf(process.platform === 'win32')('keeps every file to its owner', () => {
    const home = temporaryFolder();
    writeFileSync(recordFiles(home).checkpoints, '', { mode: 0o644 });
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    store.checkpoint();

    for (const name of ['record.db', 'record.db-wal', 'record.db-shm', 'record.key', 'checkpoints.log']) {
      expect([name, statSync(join(home, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('appends all entries of a batch or none', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    const { head } = store;
    const unstorable: NewEntry = {
      ...newEntry('outcome', sampleOutcome('z')),
      get text(): string {
        throw new Error('lost on the way');
      },
    };

    expect(() => store.append([newEntry('decision', sampleDecision('z')), unstorable])).toThrowError(
      expect.objectContaining({ code: 'ERR_AUDIT_WRITE' }),
    );

    expect(store.head).toEqual(head);
    expect(verifyHome(home)).toMatchObject({ ok: true, entries: 2 });
  });

  it('refuses to write into a file that was taken away', () => {
    const home = temporaryFolder();
    let nowMs = startMs;
    const store = storeAt(home, () => (nowMs += 1_000));
    const { database } = recordFiles(home);
    renameSync(database, `${database}.old`);

    expect(() => appendExchanges(store, 1, 1)).toThrowError(expect.objectContaining({ code: 'ERR_AUDIT_WRITE' }));
    writeFileSync(database, '');
    expect(() => appendExchanges(store, 1, 1)).toThrowError(expect.objectContaining({ code: 'ERR_AUDIT_WRITE' }));
  });

  it.each([
    ['a key that is none', (home: string) => writeFileSync(recordFiles(home).key, 'x')],
    ['a database that is none', (home: string) => writeFileSync(recordFiles(home).database, 'x'.repeat(4096))],
    ['no folder', (home: string) => rmSync(home, { recursive: true })],
  ])('does not open with %s', (_name, spoil) => {
    const home = temporaryFolder();
    spoil(home);

    expect(() => storeAt(home)).toThrowError(expect.objectContaining({ code: 'ERR_AUDIT_OPEN' }));
  });
});

describe('checkpoints', () => {
  it('are signed, stored and logged once for each new head', () => {
    const home = temporaryFolder();
    const store = storeAt(home);

    expect(store.checkpoint()).toBeUndefined();
    appendExchanges(store, 1, 1);
    const statement = store.checkpoint();
    expect(store.checkpoint()).toBeUndefined();

    expect(statement).toMatchObject({ kind: 'checkpoint', entries: 2, head: store.head.hash, time: rfc3339(startMs) });
    expect(statement !== undefined && isSigned(statement)).toBe(true);
    expect(logged(home).map(parseStatement)).toEqual([statement]);
    expect(verifyHome(home).problems).toEqual([]);
  });

  it('that a crash kept out of the log are added when the store opens', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    store.checkpoint();
    appendExchanges(store, 2, 2);
    store.checkpoint();
    store.close();
    const lines = logged(home);
    writeFileSync(recordFiles(home).checkpoints, `${lines[0]}\n`);

    storeAt(home).close();

    expect(logged(home)).toEqual(lines);
  });

  it.each([
    ['a process that was killed before it wrote the line', () => ''],
    ['a power cut in the middle of the line', (line: string) => line.slice(0, 100)],
    ['a forged line far ahead', (line: string) => line.replace('"entries":2', '"entries":1000000000') + '\n'],
  ])('are made up for after %s', (_name, instead) => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    store.checkpoint();
    store.close();
    const { checkpoints } = recordFiles(home);
    const [line = ''] = logged(home);
    const there = instead(line);
    writeFileSync(checkpoints, there);
    const isHealthy = !there.endsWith('\n');
    expect(verifyHome(home).ok).toBe(isHealthy);

    storeAt(home).close();

    expect(logged(home).at(-1)).toBe(line);
    expect(verifyHome(home).ok).toBe(isHealthy);
  });

  it('tell the next store what was cut off or changed since', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 2);
    store.checkpoint();
    appendExchanges(store, 3, 3);
    store.close();
    const database = new Database(recordFiles(home).database);
    database.exec(`UPDATE entries SET time = 'x' WHERE seq = 6`);

    expect(storeAt(home).problem).toMatchObject({ id: 'x3' });
    database.exec('DELETE FROM entries WHERE seq > 3');
    database.close();
    expect(storeAt(home).problem).toMatchObject({ id: 'entry 4', problem: expect.stringContaining('ends at entry 3') });
  });
});

describe('the log of checkpoints', () => {
  it('is not torn by hand-made lines: they are named', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    store.checkpoint();
    appendFileSync(recordFiles(home).checkpoints, 'hello\n');

    expect(verifyHome(home)).toMatchObject({ ok: false, problems: [{ id: 'checkpoints.log:2' }] });
  });
});
