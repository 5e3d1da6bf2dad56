/** Several processes behind one listener: starts workers, keeps them alike, replaces those that end, drains them. */
import { AppError } from '../core/errors.ts';
import type { Clock, Logger, Recorder } from '../core/ports.ts';
import type { HostPort } from '../proxy/connect-target.ts';
import type { Front } from './front.ts';
import { ClusterWorker, type ClusterWorkerOptions, type Forked } from './cluster-worker.ts';
import type { Change, WorkerSetup } from './worker-messages.ts';

/** The wait before a worker that ended is replaced; it doubles up to {@link backOffAtMostMs}. */
const firstBackOffMs = 100;
const backOffAtMostMs = 15_000;
/** A worker that listened for so long had no fault of its start: the next one is replaced quickly again. */
const steadyMs = 60_000;
/** For a change to count in a worker: a reload compiles all rules anew. */
const changeMs = 30_000;
/** For a worker to listen. */
const startMs = 60_000;
/** How often the workers' view of the record's health is renewed. */
const healthMs = 200;
/** Beyond the deadline of a drain, for what was cut to be recorded. */
const graceMs = 5_000;

export interface ClusterFrontOptions {
  readonly workers: number;
  readonly fork: () => Forked;
  /** What a worker is built from, as things are now; where it listens is added here. */
  readonly setup: () => Omit<WorkerSetup, 'listen'>;
  readonly recorder: Recorder;
  /** Told of each question to a worker's detector. */
  readonly onAsked: ClusterWorkerOptions['onAsked'];
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'monotonicMs' | 'nowMs'>;
}

/** Makes the front; nothing is forked until it is to listen. */
export function createClusterFront(options: ClusterFrontOptions): Front {
  return new ClusterFront(options);
}

class ClusterFront implements Front {
  private readonly options: ClusterFrontOptions;
  private readonly workers = new Set<ClusterWorker>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private health: NodeJS.Timeout | undefined;
  private isRecordHealthy: boolean;
  /** What the workers that listen were told to listen on. */
  private words: HostPort = { host: '127.0.0.1', port: 0 };
  private bound: HostPort | undefined;
  private isEnding = false;

  constructor(options: ClusterFrontOptions) {
    this.options = options;
    this.isRecordHealthy = options.recorder.isHealthy;
  }

  get activeExchanges(): number {
    return [...this.workers].reduce((sum, { activeExchanges }) => sum + activeExchanges, 0);
  }

  async listen(place: HostPort): Promise<HostPort> {
    this.words = place;
    const first = Array.from({ length: this.options.workers }, () => this.start());
    // All of them: a gateway that came up with half its processes would hide what is wrong with the rest.
    const [bound] = await Promise.all(first.map(({ listening }) => listening));
    if (bound === undefined) throw new AppError('ERR_INTERNAL', 'no worker was started');
    this.bound = bound;
    for (const worker of first) this.replaceLater(worker, firstBackOffMs);
    this.health = setInterval(() => this.tellHealth(), healthMs);
    return bound;
  }

  async drain(deadlineMs: number): Promise<void> {
    this.stopReplacing();
    for (const worker of this.workers) worker.send({ type: 'drain', deadlineMs });
    const late = setTimeout(() => {
      this.options.logger.error({ workers: this.workers.size }, 'workers do not end, and are ended');
      for (const worker of this.workers) worker.kill();
    }, deadlineMs + graceMs);
    await this.allEnded();
    clearTimeout(late);
  }

  async close(): Promise<void> {
    this.stopReplacing();
    for (const worker of this.workers) worker.kill();
    await this.allEnded();
  }

  enginesChanged(): Promise<void> {
    return this.change({ kind: 'engines', sources: this.options.setup().sources });
  }

  async runAdded(id: string): Promise<void> {
    const { runs, sources } = this.options.setup();
    const run = runs.find((one) => one.id === id);
    const source = sources.runs.get(id);
    // Ended again meanwhile: nothing is to be accepted.
    if (run !== undefined && source !== undefined) await this.change({ kind: 'run', run, source });
  }

  runEnded(id: string): Promise<void> {
    return this.change({ kind: 'run-ended', id });
  }

  usersChanged(): Promise<void> {
    return this.change({ kind: 'users', users: this.options.setup().users });
  }

  ownChanged(): Promise<void> {
    return this.change({ kind: 'own', own: this.options.setup().own });
  }

  private async change(change: Change): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.change(change)));
  }

  private start(): ClusterWorker {
    const { fork, setup, recorder, onAsked, logger, clock } = this.options;
    const worker = new ClusterWorker({
      forked: fork(),
      setup: () => ({ ...setup(), listen: this.place() }),
      recorder,
      onAsked,
      logger,
      clock,
      changeMs,
      startMs,
    });
    this.workers.add(worker);
    void worker.ended.then(() => this.workers.delete(worker));
    return worker;
  }

  /**
   * What a worker is to listen on. A listener is shared by those that name it in the same words, port 0 included, and
   * goes with the last of them: only then is the port named that it had.
   */
  private place(): HostPort {
    const isShared = [...this.workers].some(({ isListening }) => isListening);
    if (!isShared && this.bound !== undefined) this.words = this.bound;
    return this.words;
  }

  /** Watches a worker, and starts another one once it ends. */
  private replaceLater(worker: ClusterWorker, backOffMs: number): void {
    const { logger, clock } = this.options;
    const sinceMs = clock.monotonicMs();
    void worker.ended.then(() => {
      if (this.isEnding) return;
      const wasSteady = clock.monotonicMs() - sinceMs >= steadyMs;
      const waitMs = wasSteady ? firstBackOffMs : backOffMs;
      logger.error({ worker: worker.pid, ending: worker.ending, waitMs }, 'a worker ended: its exchanges are cut');
      const timer = setTimeout(() => {
        this.restarts.delete(timer);
        // Reports its own failure.
        void this.replace(Math.min(waitMs * 2, backOffAtMostMs));
      }, waitMs);
      this.restarts.add(timer);
    });
  }

  private async replace(nextBackOffMs: number): Promise<void> {
    const { logger } = this.options;
    const worker = this.start();
    this.replaceLater(worker, nextBackOffMs);
    try {
      const { host, port } = await worker.listening;
      if (host === this.bound?.host && port === this.bound.port) {
        logger.info({ worker: worker.pid }, 'a worker was replaced');
        return;
      }
      // The last of the others ended just then, and its listener with it: the next try names the port.
      worker.kill();
    } catch (error: unknown) {
      if (this.isEnding) return;
      const { code, message } = error instanceof AppError ? error : { code: 'ERR_INTERNAL', message: 'unknown' };
      logger.error({ code, worker: worker.pid }, `a worker could not start: ${message}`);
    }
  }

  private tellHealth(): void {
    const { isHealthy } = this.options.recorder;
    if (isHealthy === this.isRecordHealthy) return;
    this.isRecordHealthy = isHealthy;
    for (const worker of this.workers) {
      worker.send({ type: 'settled', durable: [], failed: [], isRecordHealthy: isHealthy });
    }
  }

  private stopReplacing(): void {
    this.isEnding = true;
    clearInterval(this.health);
    for (const timer of this.restarts) clearTimeout(timer);
    this.restarts.clear();
  }

  private async allEnded(): Promise<void> {
    await Promise.all([...this.workers].map(({ ended }) => ended));
  }
}
