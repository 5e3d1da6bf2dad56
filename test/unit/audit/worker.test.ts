import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canonicalJson, newEntry } from '../../../src/audit/chain.ts';
import { recordFiles } from '../../../src/audit/files.ts';
import type { FromWorker, ToWorker, WorkerSettings } from '../../../src/audit/messages.ts';
import { verifyHome } from '../../../src/audit/reader.ts';
import type { DecisionEntry, OutcomeEntry } from '../../../src/core/decision.ts';
import type { WriterThread } from '../../../src/audit/writer-thread.ts';
import { rfc3339, sampleDecision, sampleOutcome, startMs } from '../../helpers/record-entries.ts';
import { appendExchanges, storeAt } from '../../helpers/record-store.ts';
import { sourceWorker } from '../../helpers/source-worker.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

interface Thread {
  readonly worker: Worker;
  /** Everything it said. */
  readonly said: readonly FromWorker[];
  /** Waits until it has said something of a type. */
  readonly heard: (type: FromWorker['type']) => Promise<void>;
  readonly tell: (message: ToWorker) => void;
}

function threadFor(home: string, settings: Partial<WorkerSettings> = {}): Thread {
  const data = { files: recordFiles(home), retentionDays: 36_500, checkpointMs: 60_000, ...settings };
  const worker = sourceWorker('src/audit/worker.ts', data);
  onTestFinished(async () => void (await worker.terminate()));
  const said: FromWorker[] = [];
  worker.on('message', (message: FromWorker) => void said.push(message));
  const heard = async (type: FromWorker['type']): Promise<void> => {
    while (!said.some((message) => message.type === type)) await once(worker, 'message');
  };
  const port: Pick<WriterThread, 'postMessage'> = worker;
  return { worker, said, heard, tell: (message) => port.postMessage(message) };
}

/** A busy machine starts a thread in seconds. */
const patience = { timeout: 20_000, interval: 5 };

/** An entry as it crosses to the writer. */
const sent = (kind: 'decision' | 'outcome', entry: DecisionEntry | OutcomeEntry) =>
  [kind, entry.id, entry.time, canonicalJson(entry)] as const;

const decision = sent('decision', sampleDecision('a'));

describe("the record's thread", () => {
  it('opens, appends, signs on close and ends', async () => {
    const home = temporaryFolder();
    const { worker, said, heard, tell } = threadFor(home);
    await heard('ready');
    tell({ type: 'append', entries: [decision, sent('outcome', sampleOutcome('a'))] });
    await heard('appended');
    const ended = once(worker, 'exit');
    tell({ type: 'close' });
    await ended;

    expect(said.map(({ type }) => type)).toEqual(['ready', 'appended', 'closed']);
    expect(verifyHome(home)).toMatchObject({ ok: true, entries: 2 });
    expect(verifyHome(home, lastCheckpoint(home))).toMatchObject({ ok: true, anchored: true });
  });

  it('writes a gap before the entries that follow it', async () => {
    const home = temporaryFolder();
    const { heard, tell } = threadFor(home);
    const time = rfc3339(startMs);
    tell({ type: 'append', gap: { count: 2, since: time, until: time, cause: 'queue', time }, entries: [decision] });
    await heard('appended');

    expect(kindsIn(home)).toEqual(['gap', 'decision']);
  });

  it('says that it failed, and ends', async () => {
    const home = temporaryFolder();
    writeFileSync(recordFiles(home).key, 'no key');
    const { worker, said } = threadFor(home);
    await once(worker, 'exit');

    expect(said).toMatchObject([{ type: 'failed', message: expect.stringContaining('Ed25519') }]);
  });

  it('signs by itself while entries come', async () => {
    const home = temporaryFolder();
    const { heard, tell } = threadFor(home, { checkpointMs: 5 });
    tell({ type: 'append', entries: [decision] });
    await heard('appended');

    await expect.poll(() => lastCheckpoint(home), patience).toContain('"entries":1');
  });

  it('drops what is too old when it starts, in as many slices as it takes, and says so', async () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    store.append(
      Array.from({ length: 2_500 }, (_unused, n) =>
        newEntry('decision', sampleDecision(`x${n}`, { time: '2020-01-01T00:00:00.000Z' })),
      ),
    );
    store.close();
    const { said } = threadFor(home, { retentionDays: 1 });
    const dropped = (): number[] =>
      said.flatMap((message) =>
        message.type === 'note' && 'dropped' in message.fields ? [Number(message.fields.dropped)] : [],
      );

    await expect.poll(dropped, patience).toEqual([2000, 500]);
    expect(verifyHome(home)).toMatchObject({ ok: true, entries: 0 });
  });

  it('says when what it opens does not fit', async () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    store.close();
    tamper(home);
    const { heard, said } = threadFor(home);
    await heard('ready');

    expect(said[0]).toMatchObject({ type: 'note', level: 'error', fields: { id: 'x1' } });
  });
});

function lastCheckpoint(home: string): string {
  return readFileSync(recordFiles(home).checkpoints, 'utf8').trim().split('\n').at(-1) ?? '';
}

function kindsIn(home: string): unknown[] {
  const database = new Database(recordFiles(home).database, { readonly: true });
  try {
    return database.prepare('SELECT kind FROM entries ORDER BY seq').pluck().all();
  } finally {
    database.close();
  }
}

function tamper(home: string): void {
  const database = new Database(recordFiles(home).database);
  database.exec(`UPDATE entries SET hash = 'x' WHERE seq = 2`);
  database.close();
}
