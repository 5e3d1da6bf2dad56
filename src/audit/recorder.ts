/** The recorder: queues entries for the writing thread and says when each is durable. */
import type { DecisionEntry, OutcomeEntry } from '../core/decision.ts';
import { AppError } from '../core/errors.ts';
import type { Clock, Logger, Recorder } from '../core/ports.ts';
import { recordFiles } from './files.ts';
import { newEntry, type NewEntry } from './chain.ts';
import type { FromWorker, Gap, ToWorker, WorkerSettings } from './messages.ts';
import { startWorker, type WriterThread } from './writer-thread.ts';

const defaults = {
  /** Entries that may wait; at some 2 KB each, 20 MB. One more is refused. */
  queueAtMost: 10_000,
  /** A batch that takes longer counts as failed: the disk hangs. */
  writeMs: 10_000,
  /** The first wait before a failed writer is started anew; it doubles up to {@link restartAtMostMs}. */
  restartMs: 500,
  checkpointMs: 60_000,
  /**
   * Between the beginnings of two batches under load: waking the writer costs more than writing, so a batch waits that
   * long for company. After a pause the first goes at once, and so does each of a client that is alone.
   */
  batchEveryMs: 2,
};
/** A batch larger than this had company: one exchange writes a decision and an outcome. */
const aloneAtMost = 2;
const restartAtMostMs = 15_000;
/** Entries in one transaction: acknowledged together, so few that none waits long. */
const batchAtMost = 512;

interface RecorderStats {
  /** Entries that wait to become durable. */
  readonly queued: number;
  readonly appended: number;
  /** Entries lost in all, since the start. */
  readonly lost: number;
}

/** The record of one home, open for writing. One process at a time: the home's lock sees to that. */
export interface AuditRecorder extends Recorder {
  readonly stats: RecorderStats;
  /** Writes what waits, signs a checkpoint and closes the database. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** The data folder; it must exist. */
  readonly home: string;
  readonly retentionDays: number;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly queueAtMost?: number;
  readonly writeMs?: number;
  readonly restartMs?: number;
  readonly checkpointMs?: number;
  readonly batchEveryMs?: number;
  readonly startWriter?: (settings: WorkerSettings) => WriterThread;
}

interface Pending {
  readonly entry: NewEntry;
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
}

/**
 * Opens the record of a home and starts its writer.
 * @throws AppError `ERR_AUDIT_OPEN`
 */
export async function createRecorder(options: RecorderOptions): Promise<AuditRecorder> {
  const recorder = new QueuedRecorder(options);
  await recorder.opened;
  return recorder;
}

/** `failing` covers everything from the first failure until a new writer has written again. */
type Phase = 'starting' | 'healthy' | 'failing' | 'closing' | 'closed';

class QueuedRecorder implements AuditRecorder {
  readonly opened: Promise<void>;
  private readonly options: RecorderOptions & typeof defaults;
  private readonly start: () => WriterThread;
  private writer: WriterThread | undefined;
  private phase: Phase = 'starting';
  private queue: Pending[] = [];
  /** The batch the writer has: one at a time, so that entries gather into the next while the disk works. */
  private inFlight: { readonly pending: readonly Pending[]; readonly gapCount: number } | undefined;
  private gap: Gap | undefined;
  private appended = 0;
  private lost = 0;
  private restartMs: number;
  private deadline: NodeJS.Timeout | undefined;
  private pause: NodeJS.Timeout | undefined;
  private sentMs = Number.NEGATIVE_INFINITY;
  private sentCount = 0;
  private restart: NodeJS.Timeout | undefined;
  private settleOpened: { readonly resolve: () => void; readonly reject: (error: AppError) => void };
  private onClosed: (() => void) | undefined;

  constructor(given: RecorderOptions) {
    this.options = { ...defaults, ...given };
    this.restartMs = this.options.restartMs;
    const { home, retentionDays, checkpointMs } = this.options;
    const settings = { files: recordFiles(home), retentionDays, checkpointMs };
    const startWriter = given.startWriter ?? startWorker;
    this.start = () => startWriter(settings);
    this.settleOpened = { resolve: () => undefined, reject: () => undefined };
    this.opened = new Promise((resolve, reject) => {
      this.settleOpened = { resolve, reject };
    });
    this.startWriter();
  }

  get isHealthy(): boolean {
    return this.phase === 'healthy';
  }

  get stats(): RecorderStats {
    const queued = this.queue.length + (this.inFlight?.pending.length ?? 0);
    return { queued, appended: this.appended, lost: this.lost };
  }

  decision(entry: DecisionEntry): Promise<void> {
    return this.submit('decision', entry);
  }

  outcome(entry: OutcomeEntry): Promise<void> {
    return this.submit('outcome', entry);
  }

  async close(): Promise<void> {
    if (this.phase === 'closing' || this.phase === 'closed') return;
    const wasHealthy = this.phase === 'healthy';
    this.phase = 'closing';
    clearTimeout(this.restart);
    clearTimeout(this.pause);
    if (wasHealthy) {
      await new Promise<void>((resolve) => {
        this.onClosed = resolve;
        this.flush();
      });
    } else if (this.gap !== undefined) {
      this.options.logger.error({ ...this.gap }, 'the record closes without the entries it lost');
    }
    this.phase = 'closed';
    clearTimeout(this.deadline);
    await this.writer?.terminate();
  }

  private submit(kind: 'decision' | 'outcome', content: DecisionEntry | OutcomeEntry): Promise<void> {
    if (this.phase !== 'healthy') return this.refuse('the record cannot be written', this.gap?.cause ?? this.phase);
    if (this.queue.length >= this.options.queueAtMost) return this.refuse('the queue of the record is full', 'queue');
    const entry = newEntry(kind, content);
    return new Promise((resolve, reject) => {
      this.queue.push({ entry, resolve, reject });
      if (this.inFlight === undefined && this.queue.length === 1) this.flushSoon();
    });
  }

  /** Sends with what other sockets bring in this turn of the event loop, or a moment later where many come. */
  private flushSoon(): void {
    if (!this.isEarly) setImmediate(() => this.flush());
    else if (this.pause === undefined) this.pause = setTimeout(() => this.flush(), this.options.batchEveryMs);
    else this.pause.refresh();
  }

  private get isEarly(): boolean {
    return this.sentCount > aloneAtMost && performance.now() - this.sentMs < this.options.batchEveryMs;
  }

  private refuse(message: string, cause: string): Promise<never> {
    this.countLost(1, cause);
    return Promise.reject(new AppError('ERR_AUDIT_WRITE', message, { details: { cause } }));
  }

  private countLost(count: number, cause: string): void {
    if (count === 0) return;
    const now = new Date(this.options.clock.nowMs()).toISOString();
    this.gap = { cause, since: now, ...this.gap, count: (this.gap?.count ?? 0) + count, until: now };
    this.lost += count;
  }

  /** Hands the writer what waits, or tells it to close once nothing does. */
  private flush(): void {
    if (this.inFlight !== undefined || this.writer === undefined) return;
    if (this.queue.length === 0 && this.gap === undefined) {
      if (this.phase === 'closing') this.send({ type: 'close' });
      return;
    }
    const pending = this.queue.length <= batchAtMost ? this.queue : this.queue.slice(0, batchAtMost);
    this.queue = pending === this.queue ? [] : this.queue.slice(batchAtMost);
    this.inFlight = { pending, gapCount: this.gap?.count ?? 0 };
    this.sentMs = performance.now();
    this.sentCount = pending.length;
    const entries = pending.map(({ entry: { kind, id, time, text } }) => [kind, id, time, text] as const);
    if (this.gap === undefined) this.send({ type: 'append', entries });
    else {
      const time = new Date(this.options.clock.nowMs()).toISOString();
      this.send({ type: 'append', entries, gap: { ...this.gap, time } });
    }
  }

  private send(message: ToWorker): void {
    // One timer for all batches: making one for each would cost more than the rest of this function.
    if (this.deadline === undefined) this.deadline = setTimeout(() => this.endWait(), this.options.writeMs);
    else this.deadline.refresh();
    this.writer?.postMessage(message);
  }

  private endWait(): void {
    this.deadline = undefined;
    const asked = this.inFlight;
    // After a long pause of this process timers come first: what the writer has said meanwhile is heard before.
    setImmediate(() => {
      const isWaiting = asked === undefined ? this.phase === 'closing' : this.inFlight === asked;
      if (isWaiting) this.fail('the disk does not answer', 'timeout');
    });
  }

  private startWriter(): void {
    let writer: WriterThread;
    try {
      writer = this.start();
    } catch (error: unknown) {
      this.fail(error instanceof Error ? error.message : 'the writer cannot be started', 'worker');
      return;
    }
    this.writer = writer;
    // What a writer says after it was given up no longer counts.
    const ifCurrent = (act: () => void): void => {
      if (this.writer === writer) act();
    };
    writer.on('message', (message) => ifCurrent(() => this.hear(message)));
    writer.on('error', (error) => ifCurrent(() => this.fail(error.message, 'worker')));
    writer.on('exit', () => ifCurrent(() => this.fail('the writer ended', 'worker')));
  }

  private hear(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.hearReady();
        break;
      case 'appended':
        this.hearAppended();
        break;
      case 'failed':
        this.fail(message.message, message.cause);
        break;
      case 'note':
        this.options.logger[message.level](message.fields, message.message);
        break;
      case 'closed':
        this.writer = undefined;
        this.onClosed?.();
        break;
    }
  }

  private hearReady(): void {
    if (this.phase === 'starting') {
      this.phase = 'healthy';
      this.settleOpened.resolve();
    } else if (this.gap === undefined) this.recover();
    // Writing the gap shows whether the disk takes anything again.
    else this.flush();
  }

  private hearAppended(): void {
    const { pending, gapCount } = this.inFlight ?? { pending: [], gapCount: 0 };
    this.inFlight = undefined;
    if (this.gap !== undefined && gapCount > 0) {
      // More may have been lost while the gap was on its way: they make the next one.
      const count = this.gap.count - gapCount;
      this.gap = count === 0 ? undefined : { ...this.gap, count, since: this.gap.until };
    }
    this.appended += pending.length;
    if (this.phase === 'failing') this.recover();
    for (const { resolve } of pending) resolve();
    const hasFew = this.queue.length > 0 && this.queue.length < batchAtMost;
    if (hasFew && this.phase === 'healthy' && this.isEarly) this.flushSoon();
    else this.flush();
  }

  private recover(): void {
    this.phase = 'healthy';
    this.restartMs = this.options.restartMs;
    this.options.logger.info({ lost: this.lost }, 'the record is being written again');
  }

  /** Gives the writer up, refuses what waits, and starts another one later. */
  private fail(message: string, cause: string): void {
    const { writer } = this;
    this.writer = undefined;
    clearTimeout(this.deadline);
    this.deadline = undefined;
    if (this.phase === 'starting') {
      this.phase = 'closed';
      this.settleOpened.reject(new AppError('ERR_AUDIT_OPEN', message, { details: { cause } }));
      return;
    }
    const refused = [...(this.inFlight?.pending ?? []), ...this.queue];
    this.inFlight = undefined;
    this.queue = [];
    this.countLost(refused.length, cause);
    if (this.phase === 'healthy') {
      this.options.logger.error({ cause, lost: this.lost }, `the record cannot be written: ${message}`);
      this.phase = 'failing';
    }
    for (const { reject } of refused) reject(new AppError('ERR_AUDIT_WRITE', message, { details: { cause } }));
    if (this.phase === 'closing') {
      this.options.logger.error({ cause, lost: this.lost }, `the record was not closed well: ${message}`);
      this.onClosed?.();
      return;
    }
    // A new writer only when the old thread is gone: two would fork the chain.
    const later = (): void => {
      if (this.phase !== 'failing') return;
      this.restart = setTimeout(() => this.startWriter(), this.restartMs);
      this.restartMs = Math.min(this.restartMs * 2, restartAtMostMs);
    };
    void Promise.resolve(writer?.terminate()).then(later, later);
  }
}
