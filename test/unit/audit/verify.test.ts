import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { chainEntry, genesisHash, newEntry, type StoredEntry } from '../../../src/audit/chain.ts';
import { createSigner, makeSigningKey } from '../../../src/audit/checkpoint.ts';
import { recordFiles } from '../../../src/audit/files.ts';
import { openRecord, verifyHome } from '../../../src/audit/reader.ts';
import { verifyRecord } from '../../../src/audit/verify.ts';
import { startMs } from '../../helpers/record-entries.ts';
import { appendExchanges, storeAt } from '../../helpers/record-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** Ten entries; checkpoints at 4 and 10. Returns the log as it was copied elsewhere at that time. */
function makeRecord(home: string): string {
  const store = storeAt(home);
  appendExchanges(store, 1, 2);
  store.checkpoint();
  appendExchanges(store, 3, 5);
  store.checkpoint();
  store.close();
  return readFileSync(recordFiles(home).checkpoints, 'utf8');
}

function tamper(home: string, sql: string): void {
  const database = new Database(recordFiles(home).database);
  database.exec(sql);
  database.close();
}

let home: string;
let copied: string;
beforeEach(() => {
  home = temporaryFolder();
  copied = makeRecord(home);
});

describe('verifying a record that was not touched', () => {
  it('says that it is consistent with itself, and no more', () => {
    expect(verifyHome(home)).toMatchObject({ ok: true, anchored: false, entries: 10, problems: [] });
  });

  it('says that a checkpoint from elsewhere vouches for it', () => {
    expect(verifyHome(home, copied)).toMatchObject({ ok: true, anchored: true, problems: [] });
  });

  it('still does when entries came after that checkpoint', () => {
    const store = storeAt(home);
    appendExchanges(store, 6, 6);

    expect(verifyHome(home, copied)).toMatchObject({ ok: true, anchored: true, entries: 12 });
  });

  it('still does when retention dropped the older ones of several', () => {
    const store = storeAt(home, () => startMs + 10 * 24 * 60 * 60 * 1000);
    appendExchanges(store, 6, 6, startMs + 9 * 24 * 60 * 60 * 1000);
    store.checkpoint();
    store.retain(5);

    expect(verifyHome(home, copied)).toMatchObject({ ok: true, anchored: true, entries: 2 });
    expect(verifyHome(home, copied.split('\n')[0])).toMatchObject({
      ok: false,
      anchored: false,
      problems: [{ id: 'outside' }],
    });
  });
});

describe('verifying a record that was touched', () => {
  const changes: [column: string, value: string][] = [
    ['seq', '99'],
    ['kind', `'gap'`],
    ['id', `'other'`],
    ['time', `'2026-11-20T09:00:00.001Z'`],
    ['body', `replace(body, '"mask"', '"forward"')`],
    ['hash', `'${'0'.repeat(64)}'`],
  ];
  it.each(changes)('finds a changed %s in an entry', (column, value) => {
    tamper(home, `UPDATE entries SET ${column} = ${value} WHERE seq = 5`);

    const { ok, problems } = verifyHome(home);
    expect(ok).toBe(false);
    expect(problems[0]?.id).toMatch(/^(x3|other|entry 5)$/);
  });

  it.each([
    ['kind', `'anchor'`],
    ['entries', '5'],
    ['head', `'${'0'.repeat(64)}'`],
    ['time', `'2020-01-01T00:00:00.000Z'`],
    ['key', `'${createSigner(makeSigningKey()).key}'`],
    ['signature', `replace(signature, substr(signature, 1, 4), 'AAAA')`],
  ])('finds a changed %s in a checkpoint', (column, value) => {
    tamper(home, `UPDATE statements SET ${column} = ${value} WHERE entries = 4`);

    expect(verifyHome(home).problems.map(({ problem }) => problem)).toContainEqual(
      expect.stringContaining('signature'),
    );
  });

  it('names the first entry that does not fit, and one change once', () => {
    tamper(home, `UPDATE entries SET body = replace(body, 'claude-cli', 'x') WHERE seq IN (3, 7)`);

    expect(verifyHome(home).problems.map(({ id }) => id)).toEqual(['x2', 'x4']);
  });

  it('finds deleted entries, and says which', () => {
    tamper(home, 'DELETE FROM entries WHERE seq IN (5, 6)');

    expect(verifyHome(home).problems).toEqual([{ id: 'x4', problem: 'entries 5 to 6 are missing before it' }]);
  });

  it('finds entries missing at the beginning', () => {
    tamper(home, 'DELETE FROM entries WHERE seq <= 4; DELETE FROM statements WHERE entries = 4');

    expect(verifyHome(home).problems).toContainEqual({ id: 'x3', problem: 'entries 1 to 4 are missing before it' });
  });

  it.each([0, -1, -7])(
    'finds an entry that was put before the beginning, under number %i, and no reader shows it',
    (seq) => {
      const forged = (kind: string, id: string, entry: string): string =>
        `INSERT INTO entries (seq, kind, id, time, body, hash)
       SELECT ${seq}, '${kind}', '${id}', time, json_set(body, ${entry}), hash FROM entries
       WHERE kind = '${kind}' AND id = 'x1'`;
      tamper(home, forged('decision', 'forged', `'$.entry.id', 'forged'`));

      expect(verifyHome(home).problems).toEqual([
        { id: 'forged', problem: expect.stringContaining(`entry ${seq} stands before the chain begins`) },
      ]);
      const record = openRecord(home);
      expect(record.decision('forged')).toBeUndefined();
      record.close();
    },
  );

  it('shows no outcome that was put before its decision', () => {
    tamper(
      home,
      `INSERT INTO entries (seq, kind, id, time, body, hash)
       SELECT -1, 'outcome', id, time, json_set(body, '$.entry.response.status', 418), hash FROM entries
       WHERE kind = 'outcome' AND id = 'x1'`,
    );
    const record = openRecord(home);
    const shown = [...record.decisions()].map(({ decision }) => decision.response.status);
    record.close();

    expect(shown).toHaveLength(5);
    expect(shown).not.toContain(418);
    expect(verifyHome(home).ok).toBe(false);
  });

  it('finds deleted entries whose numbers were closed up', () => {
    tamper(home, 'DELETE FROM entries WHERE seq = 5; UPDATE entries SET seq = seq - 1 WHERE seq > 5');

    expect(verifyHome(home).problems[0]).toMatchObject({ id: 'x3' });
  });

  it('finds swapped entries', () => {
    tamper(
      home,
      `UPDATE entries SET seq = -3 WHERE seq = 3; UPDATE entries SET seq = 3 WHERE seq = 5; UPDATE entries SET seq = 5 WHERE seq = -3`,
    );

    expect(verifyHome(home).problems.map(({ id }) => id)).toEqual(expect.arrayContaining(['x3', 'x2']));
  });

  it('finds a tail that was cut off, by the checkpoint in the database', () => {
    tamper(home, 'DELETE FROM entries WHERE seq > 8');

    expect(verifyHome(home).problems).toContainEqual({
      id: expect.stringMatching(/checkpoint/),
      problem: expect.stringContaining('ends at entry 8, but had 10'),
    });
  });

  it('finds a tail that was cut off together with its checkpoint, by the log', () => {
    tamper(home, 'DELETE FROM entries WHERE seq > 8; DELETE FROM statements WHERE entries > 8');

    expect(verifyHome(home).problems.map(({ id }) => id)).toContain('checkpoints.log:2');
  });

  it('finds a tail that was cut off everywhere on this machine, by the checkpoint from elsewhere', () => {
    tamper(home, 'DELETE FROM entries WHERE seq > 4; DELETE FROM statements WHERE entries > 4');
    writeFileSync(recordFiles(home).checkpoints, copied.split('\n').slice(0, 1).join('') + '\n');

    expect(verifyHome(home)).toMatchObject({ ok: true, anchored: false });
    expect(verifyHome(home, copied)).toMatchObject({
      ok: false,
      anchored: false,
      problems: [{ id: 'outside checkpoint 10', problem: expect.stringContaining('had 10 entries') }],
    });
  });

  it('finds a record that was written anew with correct hashes', () => {
    rewriteFrom(home, 5, (body) => body.replace('"mask"', '"forward"'));

    expect(verifyHome(home).problems.map(({ problem }) => problem)).toContainEqual(
      expect.stringContaining('entries 5 to 10 were rewritten'),
    );
  });

  it('finds a record that was written and signed anew with the stolen key only by a checkpoint from elsewhere', () => {
    rewriteFrom(home, 5, (body) => body.replace('"mask"', '"forward"'));
    tamper(home, 'DELETE FROM statements');
    rmSync(recordFiles(home).checkpoints);
    storeAt(home).checkpoint();

    expect(verifyHome(home)).toMatchObject({ ok: true, anchored: false });
    expect(verifyHome(home, copied)).toMatchObject({ ok: false, anchored: false });
  });

  it('does not let another key vouch', () => {
    const forger = createSigner(makeSigningKey());
    const { head } = verifyHome(home);
    const forged = JSON.stringify(
      forger.sign({ kind: 'checkpoint', entries: 10, head, time: '2026-11-20T09:00:00.000Z' }),
    );

    expect(verifyHome(home, forged)).toMatchObject({
      ok: false,
      anchored: false,
      problems: [{ id: 'outside checkpoint 10', problem: expect.stringContaining('another key') }],
    });
  });

  it('does not let a checkpoint stand for an anchor', () => {
    tamper(home, `DELETE FROM entries WHERE seq <= 4; UPDATE statements SET kind = 'anchor' WHERE entries = 4`);

    expect(verifyHome(home).ok).toBe(false);
  });

  it('finds a checkpoint that was taken out of the database, or out of the log', () => {
    writeFileSync(recordFiles(home).checkpoints, copied.split('\n').slice(1).join('\n'));
    expect(verifyHome(home).problems).toEqual([
      { id: 'checkpoint 4', problem: expect.stringContaining('not in checkpoints.log') },
    ]);

    writeFileSync(recordFiles(home).checkpoints, copied);
    tamper(home, 'DELETE FROM statements WHERE entries = 4');
    expect(verifyHome(home).problems).toEqual([
      { id: 'checkpoints.log:1', problem: expect.stringContaining('not in the database') },
    ]);
  });

  it('finds a file that is no database any more', () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(recordFiles(home).database + suffix, { force: true });
    writeFileSync(recordFiles(home).database, 'A'.repeat(5_000));

    expect(verifyHome(home)).toMatchObject({ ok: false, entries: 0, problems: [{ id: 'record.db' }] });
  });

  it('says that the signing key is none', () => {
    writeFileSync(recordFiles(home).key, 'junk');

    expect(() => verifyHome(home)).toThrowError(
      expect.objectContaining({ code: 'ERR_AUDIT_OPEN', message: expect.stringContaining('record.key') }),
    );
  });

  it('finds an index that leads past an entry', () => {
    const { database } = recordFiles(home);
    tamper(home, 'PRAGMA journal_mode = DELETE');
    const bytes = readFileSync(database);
    const shown = (): readonly (number | undefined)[] => {
      const record = openRecord(home);
      try {
        return [...record.decisions()].map(({ decision }) => decision.response.status);
      } finally {
        record.close();
      }
    };
    const whole = shown();
    // The ids of the last exchange in the index, each in a row of nothing but an id and a number.
    const entries = [...bytes.toString('latin1').matchAll(/x5(?=\n|\t)/g)].map(({ index }) => index);
    for (const at of entries) bytes.write('y', at, 'latin1');
    writeFileSync(database, bytes);

    expect(shown()).not.toEqual(whole);
    expect(verifyHome(home)).toMatchObject({
      ok: false,
      entries: 10,
      problems: [9, 10].map((row) => ({ id: 'record.db', problem: expect.stringContaining(`row ${row} missing`) })),
    });
  });

  it('finds a database that is gone or damaged', () => {
    const { database } = recordFiles(home);
    const bytes = readFileSync(database);
    writeFileSync(database, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xff)]));
    expect(verifyHome(home)).toMatchObject({ ok: false, problems: [{ id: 'record.db' }] });

    rmSync(database);
    expect(verifyHome(home).problems).toContainEqual({
      id: 'checkpoints.log:2',
      problem: expect.stringContaining('ends at entry 0, but had 10'),
    });
  });
});

describe('what verification is given', () => {
  it('must be a record', () => {
    expect(() => verifyHome(temporaryFolder())).toThrowError(expect.objectContaining({ code: 'ERR_INPUT_MISSING' }));
  });

  it.each(['', '\n', 'x', '{}'])('must be checkpoints, not %j', (outside) => {
    expect(() => verifyHome(home, outside)).toThrowError(expect.objectContaining({ code: 'ERR_INPUT_DATA' }));
  });

  it('stops listing problems when they only repeat the first', () => {
    const entries: StoredEntry[] = [];
    let place = { seq: 0, hash: genesisHash };
    for (let n = 0; n < 300; n += 1) {
      const entry = chainEntry(place, newEntry('gap', { time: '' }));
      entries.push({ ...entry, body: 'null' });
      place = entry;
    }

    expect(verifyRecord({ entries, statements: [], logged: [] }).problems).toHaveLength(100);
  });
});

/** Changes entries and makes every hash after them right again, as one does who knows the format. */
function rewriteFrom(folder: string, seq: number, change: (body: string) => string): void {
  const database = new Database(recordFiles(folder).database);
  const rows = database.prepare<[], StoredEntry>('SELECT * FROM entries ORDER BY seq').all();
  let place: { seq: number; hash: string } = { seq: 0, hash: genesisHash };
  for (const row of rows) {
    const body: { entry: { time: string } } = JSON.parse(row.seq >= seq ? change(row.body) : row.body);
    const next = chainEntry(place, newEntry(row.kind, body.entry));
    database.prepare('UPDATE entries SET body = ?, hash = ? WHERE seq = ?').run(next.body, next.hash, next.seq);
    place = next;
  }
  database.close();
}
