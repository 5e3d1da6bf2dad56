/** One worker as the primary sees it: what it was told, what it said, and how it ended. */
import { AppError } from '../core/errors.ts';
import type { Clock, Logger, Recorder } from '../core/ports.ts';
import type { HostPort } from '../proxy/connect-target.ts';
import type { AskedResult } from '../observe/metrics.ts';
import { createIntake, type Intake } from './worker-intake.ts';
import type { Change, FromWorker, ToWorker, WorkerSetup } from './worker-messages.ts';

/** A process that was forked; tests pass their own. */
export interface Forked {
  readonly pid: number | undefined;
  /** Never throws: that it is gone is told by `onExit`. */
  send(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** After everything it said. */
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  kill(): void;
}

export interface ClusterWorkerOptions {
  readonly forked: Forked;
  /** Made when the worker can be told: as things are then. */
  readonly setup: () => WorkerSetup;
  readonly recorder: Recorder;
  /** Told of each question to its detector. */
  readonly onAsked: (result: AskedResult, seconds: number) => void;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** How long a change may take until it counts; a worker that takes longer is ended. */
  readonly changeMs: number;
  /** How long it may take until it listens; then it is ended too. */
  readonly startMs: number;
}

export class ClusterWorker {
  /** Settles when it listens; rejects when it ends before. */
  readonly listening: Promise<HostPort>;
  /** Settles when its process is gone. */
  readonly ended: Promise<void>;
  activeExchanges = 0;
  /** In words, once it has ended. */
  ending = 'it runs';
  isListening = false;
  private readonly options: ClusterWorkerOptions;
  private readonly intake: Intake;
  private hasSetup = false;
  private isOver = false;
  private nextSeq = 0;
  private readonly startTimer: NodeJS.Timeout;
  /** Changes that it has not taken over yet. */
  private readonly changes = new Map<number, () => void>();
  private settleListening: { resolve(at: HostPort): void; reject(error: AppError): void };

  constructor(options: ClusterWorkerOptions) {
    this.options = options;
    const { forked, recorder } = options;
    this.intake = createIntake(recorder, (message) => this.send(message));
    this.settleListening = { resolve: () => undefined, reject: () => undefined };
    this.listening = new Promise((resolve, reject) => {
      this.settleListening = { resolve, reject };
    });
    this.startTimer = setTimeout(() => this.giveUp({}, 'a worker does not come up'), options.startMs);
    forked.onMessage((message) => this.hear(message));
    this.ended = new Promise((resolve) => {
      forked.onExit((code, signal) => {
        this.end(signal ?? `code ${code}`);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.options.forked.pid;
  }

  /** Settles when the change counts there, or when the worker is gone: its successor begins with it. */
  change(change: Change): Promise<void> {
    // What has not been told anything yet is told everything at once.
    if (!this.hasSetup || this.isOver) return Promise.resolve();
    const seq = this.nextSeq++;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.giveUp({ change: change.kind }, 'a worker does not answer'),
        this.options.changeMs,
      );
      this.changes.set(seq, () => {
        clearTimeout(timer);
        this.changes.delete(seq);
        resolve();
      });
      this.send({ type: 'change', seq, change });
    });
  }

  send(message: ToWorker): void {
    if (!this.isOver) this.options.forked.send(message);
  }

  kill(): void {
    this.options.forked.kill();
  }

  /** SECURITY: a worker that may serve by what no longer counts is ended. Guarded by cluster-front.test.ts, "ends a worker that …". */
  private giveUp(fields: object, message: string): void {
    this.options.logger.error({ ...fields, worker: this.pid }, `${message}, and is ended`);
    this.kill();
  }

  private hear(message: FromWorker): void {
    switch (message.type) {
      case 'hello':
        this.hasSetup = true;
        this.send({ type: 'setup', setup: this.options.setup() });
        break;
      case 'listening':
        this.isListening = true;
        clearTimeout(this.startTimer);
        this.settleListening.resolve(message.at);
        break;
      case 'failed':
        this.settleListening.reject(new AppError(message.code, message.message, { hint: message.hint }));
        break;
      case 'changed':
        if (message.problem === undefined) this.changes.get(message.seq)?.();
        else this.giveUp({ code: message.problem }, 'a worker could not take a change over');
        break;
      case 'entries':
        this.intake.take(message.entries);
        break;
      case 'active':
        this.activeExchanges = message.exchanges;
        break;
      case 'asked':
        this.options.onAsked(message.result, message.seconds);
        break;
      case 'log':
        this.log(message);
        break;
    }
  }

  private log({ level, fields, message }: Extract<FromWorker, { type: 'log' }>): void {
    const parsed: object = JSON.parse(fields);
    this.options.logger[level]({ ...parsed, worker: this.pid }, message);
  }

  private end(how: string): void {
    this.isOver = true;
    clearTimeout(this.startTimer);
    this.isListening = false;
    this.ending = how;
    this.activeExchanges = 0;
    this.settleListening.reject(new AppError('ERR_INTERNAL', `a worker ended before it listened (${how})`));
    for (const settle of this.changes.values()) settle();
    this.intake.abandon(this.options.clock.nowMs());
  }
}
