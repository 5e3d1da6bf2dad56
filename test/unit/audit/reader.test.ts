import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newEntry } from '../../../src/audit/chain.ts';
import { recordFiles } from '../../../src/audit/files.ts';
import { hasRecord, openRecord, type RecordReader } from '../../../src/audit/reader.ts';
import { rfc3339, sampleDecision, sampleOutcome, startMs } from '../../helpers/record-entries.ts';
import { appendExchanges, storeAt } from '../../helpers/record-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

function readerAt(home: string): RecordReader {
  const record = openRecord(home);
  onTestFinished(() => record.close());
  return record;
}

const idsOf = (record: RecordReader, filter = {}): string[] =>
  [...record.decisions(filter)].map(({ decision }) => decision.id);

describe('reading the record', () => {
  it('gives decisions newest first, at most as many as asked for', () => {
    const home = temporaryFolder();
    appendExchanges(storeAt(home), 1, 5);
    const record = readerAt(home);

    expect(idsOf(record)).toEqual(['x5', 'x4', 'x3', 'x2', 'x1']);
    expect(idsOf(record, { limit: 2 })).toEqual(['x5', 'x4']);
    expect(idsOf(record, { limit: 0 })).toEqual([]);
  });

  it('gives what is not older than asked for', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 2, startMs);
    appendExchanges(store, 3, 4, startMs + 60_000);

    expect(idsOf(readerAt(home), { since: rfc3339(startMs + 60_000) })).toEqual(['x4', 'x3']);
  });

  it('counts matches, not rows, towards the limit', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    for (const [n, action] of (['block', 'mask', 'mask', 'block', 'mask'] as const).entries()) {
      store.append([newEntry('decision', sampleDecision(`x${n}`, { action }))]);
    }

    expect(idsOf(readerAt(home), { action: 'block', limit: 2 })).toEqual(['x3', 'x0']);
  });

  it('sees what is written while it is open, also in the middle of reading', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 3);
    const record = readerAt(home);

    const reading = record.decisions();
    expect(reading.next().value).toMatchObject({ decision: { id: 'x3' } });
    appendExchanges(store, 4, 4);
    expect([...reading].map(({ decision }) => decision.id)).toEqual(['x2', 'x1']);

    expect(idsOf(record)[0]).toBe('x4');
    expect(record.lastSeq()).toBe(8);
  });

  it('finds one decision by its id or the beginning of it, when that is clear', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    for (const id of ['abc1', 'abc2', 'abd', 'ab']) store.append([newEntry('decision', sampleDecision(id))]);
    const record = readerAt(home);
    const found = (id: string): string | undefined => record.decision(id)?.decision.id;

    expect([found('abc1'), found('abd'), found('ab'), found('abc'), found('x'), found('')]).toEqual([
      'abc1',
      'abd',
      'ab',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('says that the rest cannot be read where the database is damaged', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 100);
    store.close();
    const { database } = recordFiles(home);
    const bytes = readFileSync(database);
    // Its middle, not its beginning: such a database still opens.
    writeFileSync(database, bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 8192));
    const record = readerAt(home);

    expect(() => [...record.decisions()]).toThrowError(
      expect.objectContaining({ code: 'ERR_AUDIT_OPEN', message: expect.stringContaining('only in part') }),
    );
  });

  it('lists what was lost', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    const gap = { count: 3, since: rfc3339(startMs), until: rfc3339(startMs + 5), cause: 'SQLITE_FULL' };
    store.append([newEntry('gap', { ...gap, time: rfc3339(startMs + 9) })]);

    expect(readerAt(home).gaps()).toMatchObject([gap]);
  });

  it('works on a record whose writer has closed it', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    store.close();

    expect(idsOf(readerAt(home))).toEqual(['x1']);
  });

  it('says that there is none', () => {
    const home = temporaryFolder();

    expect(hasRecord(home)).toBe(false);
    expect(() => openRecord(home)).toThrowError(expect.objectContaining({ code: 'ERR_INPUT_MISSING' }));
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says that it may not be read', () => {
    const home = temporaryFolder();
    storeAt(home).close();
    chmodSync(`${home}/record.db`, 0);

    expect(() => openRecord(home)).toThrowError(expect.objectContaining({ code: 'ERR_AUDIT_OPEN' }));
  });
});

describe('following the record', () => {
  it('gives each exchange once, when it has ended, and a tunnel when it begins', () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    const record = readerAt(home);
    const from = record.lastSeq();
    const idsIn = (found: ReturnType<RecordReader['follow']>) => found.decisions.map(({ decision }) => decision.id);

    store.append([
      newEntry('decision', sampleDecision('a')),
      newEntry('decision', sampleDecision('t', { action: 'tunnel' })),
    ]);
    const first = record.follow(from);
    store.append([
      newEntry('gap', { time: rfc3339(startMs) }),
      newEntry('outcome', sampleOutcome('t')),
      newEntry('outcome', sampleOutcome('a')),
      newEntry('outcome', sampleOutcome('of a decision that retention dropped')),
    ]);
    const second = record.follow(first.seq);

    expect(idsIn(first)).toEqual(['t']);
    expect(idsIn(second)).toEqual(['a']);
    expect(record.follow(second.seq)).toEqual({ decisions: [], seq: 8 });
    expect(idsIn(record.follow(first.seq, { host: 'none' }))).toEqual([]);
  });
});
