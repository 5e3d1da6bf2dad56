import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isSigned, parseStatement } from '../../../src/audit/checkpoint.ts';
import { recordFiles } from '../../../src/audit/files.ts';
import { openRecord, verifyHome } from '../../../src/audit/reader.ts';
import { rfc3339, sampleDecision, startMs } from '../../helpers/record-entries.ts';
import { appendExchanges, storeAt } from '../../helpers/record-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const dayMs = 24 * 60 * 60 * 1000;

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
    const unstorable = { id: 'y', time: rfc3339(startMs), big: 1n };

    expect(() =>
      store.append([
        { kind: 'decision', entry: sampleDecision('z') },
        { kind: 'outcome', entry: unstorable },
      ]),
    ).toThrowError(expect.objectContaining({ code: 'ERR_AUDIT_WRITE' }));

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

describe('retention', () => {
  it('replaces what is too old by a signed anchor, and the rest still verifies', () => {
    const home = temporaryFolder();
    let nowMs = startMs;
    const store = storeAt(home, () => nowMs);
    appendExchanges(store, 1, 3, startMs);
    store.checkpoint();
    appendExchanges(store, 4, 5, startMs + 5 * dayMs);
    store.checkpoint();
    nowMs = startMs + 10 * dayMs;

    const step = store.retain(7);

    expect(step).toMatchObject({ dropped: 6, isLast: true, anchor: { kind: 'anchor', entries: 6 } });
    expect(store.retain(7)).toMatchObject({ dropped: 0, isLast: true });
    expect(verifyHome(home)).toMatchObject({ ok: true, entries: 4, head: store.head.hash });
    expect(logged(home).map((line) => parseStatement(line)?.entries)).toEqual([6, 10, 6]);
    const record = openRecord(home);
    onTestFinished(() => record.close());
    expect([...record.decisions()].map(({ decision }) => decision.id)).toEqual(['x5', 'x4']);
    expect([...record.decisions()].map(({ seq }) => seq)).toEqual([9, 7]);
  });

  it('can drop everything and go on', () => {
    const home = temporaryFolder();
    let nowMs = startMs;
    const store = storeAt(home, () => nowMs);
    appendExchanges(store, 1, 3);
    store.checkpoint();
    nowMs += 100 * dayMs;

    expect(store.retain(1).dropped).toBe(6);
    store.close();
    const next = storeAt(home, () => nowMs);
    expect(next.head.seq).toBe(6);
    appendExchanges(next, 4, 4, nowMs);
    next.checkpoint();

    expect(verifyHome(home)).toMatchObject({ ok: true, entries: 2 });
  });

  it('takes long records in slices', () => {
    const home = temporaryFolder();
    let nowMs = startMs;
    const store = storeAt(home, () => nowMs);
    const entries = Array.from({ length: 4_500 }, (_unused, n) => ({
      kind: 'decision' as const,
      entry: sampleDecision(`x${n}`),
    }));
    store.append(entries);
    nowMs += 100 * dayMs;

    const steps = [store.retain(1), store.retain(1), store.retain(1)];

    expect(steps.map(({ dropped, isLast }) => [dropped, isLast])).toEqual([
      [2000, false],
      [2000, false],
      [500, true],
    ]);
    expect(verifyHome(home)).toMatchObject({ ok: true, entries: 0 });
  });

  it('never drops what does not fit, so that a forgery does not become a signed fact', () => {
    const home = temporaryFolder();
    let nowMs = startMs;
    const store = storeAt(home, () => nowMs);
    appendExchanges(store, 1, 3);
    const database = new Database(recordFiles(home).database);
    database.exec(`UPDATE entries SET body = replace(body, 'mask', 'forward') WHERE seq = 3`);
    database.close();
    nowMs += 100 * dayMs;

    expect(store.retain(1)).toMatchObject({ dropped: 2, problem: { id: 'x2' } });
    expect(store.retain(1)).toMatchObject({ dropped: 0, problem: { id: 'x2' } });
    expect(verifyHome(home)).toMatchObject({ ok: false, problems: [{ id: 'x2' }] });
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
