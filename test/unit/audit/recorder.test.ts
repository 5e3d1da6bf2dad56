import { EventEmitter, once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canonicalJson } from '../../../src/audit/chain.ts';
import type { FromWorker, ToWorker, WorkerSettings } from '../../../src/audit/messages.ts';
import { createRecorder, type AuditRecorder } from '../../../src/audit/recorder.ts';
import type { WriterThread } from '../../../src/audit/writer-thread.ts';
import type { DecisionEntry, OutcomeEntry } from '../../../src/core/decision.ts';
import type { Logger } from '../../../src/core/ports.ts';
import { rfc3339, sampleDecision, sampleOutcome, startMs } from '../../helpers/record-entries.ts';

/** A writer that does what the test says. */
class ScriptedWriter extends EventEmitter implements WriterThread {
  readonly received: ToWorker[] = [];
  isTerminated = false;

  postMessage(message: ToWorker): void {
    this.received.push(message);
    this.emit('received');
  }

  say(message: FromWorker): void {
    this.emit('message', message);
  }

  async terminate(): Promise<void> {
    this.isTerminated = true;
  }
}

interface Stage {
  readonly recorder: AuditRecorder;
  /** The writers started so far. */
  readonly writers: readonly ScriptedWriter[];
  readonly logged: readonly string[];
  /** Waits for the writer after these. */
  readonly nextWriter: () => Promise<ScriptedWriter>;
}

async function stage(
  options: { queueAtMost?: number; writeMs?: number; batchEveryMs?: number } = {},
): Promise<Stage & { writer: ScriptedWriter }> {
  const writers: ScriptedWriter[] = [];
  const started = new EventEmitter();
  const logged: string[] = [];
  const log =
    (level: string) =>
    (_fields: object, message: string): void =>
      void logged.push(`${level}: ${message}`);
  const logger: Logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  const startWriter = (_settings: WorkerSettings): ScriptedWriter => {
    const writer = new ScriptedWriter();
    writers.push(writer);
    started.emit('writer', writer);
    return writer;
  };
  const opening = createRecorder({
    home: '/none',
    retentionDays: 90,
    logger,
    clock: { nowMs: () => startMs },
    restartMs: 1,
    batchEveryMs: 0,
    startWriter,
    ...options,
  });
  const [writer] = writers;
  if (writer === undefined) throw new Error('no writer was started');
  writer.say({ type: 'ready' });
  const recorder = await opening;
  const nextWriter = async (): Promise<ScriptedWriter> => {
    const [next]: ScriptedWriter[] = await once(started, 'writer');
    if (next === undefined) throw new Error('no writer was started');
    return next;
  };
  onTestFinished(async () => {
    const last = writers.at(-1);
    last?.on('received', () => last.say({ type: 'closed' }));
    last?.say({ type: 'appended' });
    await recorder.close();
  });
  return { recorder, writers, logged, nextWriter, writer };
}

/** Settles to what became of a promise, so that tests can look before it is handled. */
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'durable',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

/** An entry as it crosses to the writer. */
const sent = (kind: 'decision' | 'outcome', entry: DecisionEntry | OutcomeEntry) => [
  kind,
  entry.id,
  entry.time,
  canonicalJson(entry),
];

/** Lets the recorder send what this turn of the event loop brought. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the recorder', () => {
  it('acknowledges an entry only when the writer has', async () => {
    const { recorder, writer } = await stage();
    let isDurable = false;
    const decision = recorder.decision(sampleDecision('a')).then(() => {
      isDurable = true;
    });

    await nextTurn();
    expect(isDurable).toBe(false);
    expect(recorder.stats).toEqual({ queued: 1, appended: 0, lost: 0 });
    writer.say({ type: 'appended' });

    await decision;
    expect(recorder.stats).toEqual({ queued: 0, appended: 1, lost: 0 });
  });

  it('sends what one turn of the event loop brings as one batch, and gathers the next while the disk works', async () => {
    const { recorder, writer } = await stage();
    const first = [recorder.decision(sampleDecision('a')), recorder.decision(sampleDecision('b'))];
    await nextTurn();
    const second = [recorder.outcome(sampleOutcome('a')), recorder.decision(sampleDecision('c'))];
    await nextTurn();
    expect(writer.received).toEqual([
      {
        type: 'append',
        entries: [sent('decision', sampleDecision('a')), sent('decision', sampleDecision('b'))],
      },
    ]);

    writer.say({ type: 'appended' });
    await Promise.all(first);
    expect(writer.received[1]).toEqual({
      type: 'append',
      entries: [sent('outcome', sampleOutcome('a')), sent('decision', sampleDecision('c'))],
    });
    writer.say({ type: 'appended' });
    await Promise.all(second);
  });

  it('sends no second batch right behind a large one, so that entries gather', async () => {
    const { recorder, writer } = await stage({ batchEveryMs: 20 });
    const all = ['a', 'b', 'c'].map((id) => recorder.decision(sampleDecision(id)));
    await nextTurn();
    all.push(recorder.decision(sampleDecision('d')));
    writer.say({ type: 'appended' });
    all.push(recorder.outcome(sampleOutcome('a')));
    await nextTurn();
    expect(writer.received).toHaveLength(1);

    await once(writer, 'received');
    expect(writer.received[1]).toMatchObject({
      entries: [
        ['decision', 'd', expect.any(String), expect.any(String)],
        ['outcome', 'a', expect.any(String), expect.any(String)],
      ],
    });
    writer.say({ type: 'appended' });
    await Promise.all(all);
  });

  it('lets a client that is alone wait for nobody', async () => {
    const { recorder, writer } = await stage({ batchEveryMs: 60_000 });
    const first = [recorder.decision(sampleDecision('a')), recorder.outcome(sampleOutcome('a'))];
    await nextTurn();
    writer.say({ type: 'appended' });
    await Promise.all(first);
    const next = recorder.decision(sampleDecision('b'));
    await nextTurn();
    expect(writer.received).toHaveLength(2);
    writer.say({ type: 'appended' });
    await next;
  });

  it('keeps batches small enough to be quick', async () => {
    const { recorder, writer } = await stage();
    const all = Array.from({ length: 1_200 }, (_unused, n) => recorder.decision(sampleDecision(`x${n}`)));
    writer.on('received', () => queueMicrotask(() => writer.say({ type: 'appended' })));
    await Promise.all(all);

    const sizes = writer.received.map((message) => (message.type === 'append' ? message.entries.length : 0));
    expect(sizes).toEqual([512, 512, 176]);
  });

  it('refuses what does not fit the queue, and writes down that it did', async () => {
    const { recorder, writer } = await stage({ queueAtMost: 1 });
    const first = recorder.decision(sampleDecision('a'));
    await nextTurn();
    const second = recorder.decision(sampleDecision('b'));

    expect(await codeOf(recorder.decision(sampleDecision('c')))).toBe('ERR_AUDIT_WRITE');
    expect(recorder.isHealthy).toBe(true);
    writer.say({ type: 'appended' });
    writer.say({ type: 'appended' });
    await Promise.all([first, second]);

    const time = rfc3339(startMs);
    expect(writer.received[1]).toMatchObject({ gap: { count: 1, cause: 'queue', since: time, until: time, time } });
    expect(recorder.stats).toEqual({ queued: 0, appended: 2, lost: 1 });
  });

  it.each([
    [
      'says so',
      (writer: ScriptedWriter) => writer.say({ type: 'failed', message: 'full', cause: 'SQLITE_FULL' }),
      'SQLITE_FULL',
    ],
    ['throws', (writer: ScriptedWriter) => writer.emit('error', new Error('boom')), 'worker'],
    ['ends', (writer: ScriptedWriter) => writer.emit('exit'), 'worker'],
  ])('refuses everything when the writer %s, and recovers with a gap entry', async (_name, fail, cause) => {
    const { recorder, writer, nextWriter, logged } = await stage();
    const lost = [codeOf(recorder.decision(sampleDecision('a'))), codeOf(recorder.decision(sampleDecision('b')))];
    const following = nextWriter();

    fail(writer);
    expect(recorder.isHealthy).toBe(false);
    lost.push(codeOf(recorder.outcome(sampleOutcome('a'))));
    expect(await Promise.all(lost)).toEqual(['ERR_AUDIT_WRITE', 'ERR_AUDIT_WRITE', 'ERR_AUDIT_WRITE']);

    const next = await following;
    expect(writer.isTerminated).toBe(true);
    next.say({ type: 'ready' });
    // Ready is not enough: only what was written shows that the disk takes it.
    expect(recorder.isHealthy).toBe(false);
    expect(next.received).toMatchObject([{ type: 'append', gap: { count: 3, cause }, entries: [] }]);
    next.say({ type: 'appended' });

    expect(recorder.isHealthy).toBe(true);
    expect(recorder.stats).toEqual({ queued: 0, appended: 0, lost: 3 });
    expect(logged.map((line) => line.split(':')[0])).toEqual(['error', 'info']);
    const again = recorder.decision(sampleDecision('c'));
    await nextTurn();
    expect(next.received[1]).not.toHaveProperty('gap');
    next.say({ type: 'appended' });
    await again;
  });

  it('tries again and again, and says once that it fails', async () => {
    const { recorder, writer, nextWriter, logged } = await stage();
    const refused = codeOf(recorder.decision(sampleDecision('a')));
    let following = nextWriter();
    writer.say({ type: 'failed', message: 'full', cause: 'SQLITE_FULL' });
    expect(await refused).toBe('ERR_AUDIT_WRITE');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const next = await following;
      following = nextWriter();
      if (attempt === 1) next.say({ type: 'ready' });
      next.say({ type: 'failed', message: 'full', cause: 'SQLITE_FULL' });
    }
    const last = await following;
    last.say({ type: 'ready' });
    last.say({ type: 'appended' });

    expect(recorder.isHealthy).toBe(true);
    expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  it('does not listen any more to a writer that it gave up', async () => {
    const { recorder, writer, nextWriter } = await stage();
    const following = nextWriter();
    writer.emit('exit');
    const next = await following;
    next.say({ type: 'ready' });
    const waiting = recorder.decision(sampleDecision('a'));

    await nextTurn();
    writer.say({ type: 'appended' });
    writer.emit('error', new Error('late'));

    expect(recorder.stats.queued).toBe(1);
    next.say({ type: 'appended' });
    await waiting;
  });

  it('takes a disk that does not answer for one that fails', async () => {
    const { recorder, writer } = await stage({ writeMs: 5 });

    expect(await codeOf(recorder.decision(sampleDecision('a')))).toBe('ERR_AUDIT_WRITE');
    expect(writer.isTerminated).toBe(true);
  });

  it('hears what was written while this process slept before it gives the disk up', async () => {
    const { recorder, writer } = await stage({ writeMs: 20 });
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    port1.on('message', () => writer.say({ type: 'appended' }));
    writer.once('received', () => {
      port2.postMessage('appended');
      // As long as nothing runs here, the answer waits, and the time is over.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    });

    await recorder.decision(sampleDecision('a'));

    expect(recorder.stats).toMatchObject({ appended: 1, lost: 0 });
  });

  it('writes what waits before it closes, and takes nothing after', async () => {
    const { recorder, writer } = await stage();
    const decisions = [recorder.decision(sampleDecision('a')), recorder.decision(sampleDecision('b'))];
    const closing = recorder.close();
    expect(await codeOf(recorder.decision(sampleDecision('c')))).toBe('ERR_AUDIT_WRITE');

    // The gap that the refusal made is written too.
    writer.say({ type: 'appended' });
    writer.say({ type: 'appended' });
    expect(writer.received.at(-1)).toEqual({ type: 'close' });
    writer.say({ type: 'closed' });
    await closing;

    await Promise.all(decisions);
    await recorder.close();
  });

  it('closes also when the writer fails at it', async () => {
    const { recorder, writer, logged } = await stage();
    const closing = recorder.close();
    writer.say({ type: 'failed', message: 'full', cause: 'SQLITE_FULL' });
    await closing;

    expect(logged).toEqual([expect.stringContaining('not closed well')]);
  });

  it('closes while it fails, and says what it lost', async () => {
    const { recorder, writer, logged } = await stage();
    const refused = codeOf(recorder.decision(sampleDecision('a')));
    writer.emit('exit');
    await refused;
    await recorder.close();

    expect(logged.at(-1)).toContain('without the entries it lost');
  });

  it('does not open when its writer cannot', async () => {
    const writer = new ScriptedWriter();
    const logger: Logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    };
    const opening = createRecorder({
      home: '/none',
      retentionDays: 90,
      logger,
      clock: { nowMs: () => startMs },
      startWriter: () => writer,
    });
    writer.say({ type: 'failed', message: 'cannot open the record', cause: 'SQLITE_CANTOPEN' });

    expect(await codeOf(opening)).toBe('ERR_AUDIT_OPEN');
  });

  it('hands on what the writer has to say', async () => {
    const { writer, logged } = await stage();
    writer.say({ type: 'note', level: 'info', message: 'old entries were dropped', fields: { dropped: 3 } });

    expect(logged).toEqual(['info: old entries were dropped']);
  });
});
