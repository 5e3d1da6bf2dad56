import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newEntry } from '../../../src/audit/chain.ts';
import { parseStatement } from '../../../src/audit/checkpoint.ts';
import { recordFiles } from '../../../src/audit/files.ts';
import { openRecord, verifyHome } from '../../../src/audit/reader.ts';
import { sampleDecision, startMs } from '../../helpers/record-entries.ts';
import { appendExchanges, storeAt } from '../../helpers/record-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const dayMs = 24 * 60 * 60 * 1000;

function logged(home: string): string[] {
  return readFileSync(recordFiles(home).checkpoints, 'utf8').split('\n').slice(0, -1);
}

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

  it('leaves a record that verifies when the process is killed before the log has the anchor', () => {
    const home = temporaryFolder();
    let nowMs = startMs;
    const store = storeAt(home, () => nowMs);
    for (let day = 0; day < 10; day += 1) {
      nowMs = startMs + day * dayMs;
      appendExchanges(store, day, day, nowMs);
      store.checkpoint();
    }
    store.retain(7);
    const before = readFileSync(recordFiles(home).checkpoints);
    nowMs += 2 * dayMs;
    expect(store.retain(7).dropped).toBe(4);
    store.close();
    writeFileSync(recordFiles(home).checkpoints, before);

    expect(verifyHome(home).problems).toEqual([]);
    storeAt(home).close();
    expect(verifyHome(home).problems).toEqual([]);
    expect(parseStatement(logged(home).at(-1) ?? '')).toMatchObject({ kind: 'anchor' });
  });

  it('takes long records in slices', () => {
    const home = temporaryFolder();
    let nowMs = startMs;
    const store = storeAt(home, () => nowMs);
    const entries = Array.from({ length: 4_500 }, (_unused, n) => newEntry('decision', sampleDecision(`x${n}`)));
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
