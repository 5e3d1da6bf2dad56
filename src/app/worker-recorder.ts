/** The record as a worker sees it: entries go to the primary, which says when each is durable. */
import { AppError } from '../core/errors.ts';
import type { Recorder } from '../core/ports.ts';
import type { FailedEntry, SentEntry } from './worker-messages.ts';

/** Entries that may wait for the primary; one more is refused, as the record itself does. */
const waitingAtMost = 10_000;

export interface WorkerRecorder extends Recorder {
  /** The primary says what became of entries. */
  settle(durable: readonly number[], failed: readonly FailedEntry[]): void;
  /** The primary says whether the record can be written. */
  setHealthy(isHealthy: boolean): void;
  /** Settles when no entry waits any more. */
  whenSettled(): Promise<void>;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
}

/** @param send hands a batch to the primary; whatever happens to it, `settle` is told or this process ends */
export function createWorkerRecorder(
  send: (entries: readonly SentEntry[]) => void,
  isHealthy: boolean,
): WorkerRecorder {
  let healthy = isHealthy;
  let nextSeq = 0;
  let batch: SentEntry[] = [];
  const waiting = new Map<number, Waiting>();
  let onSettled: (() => void)[] = [];

  const flush = (): void => {
    const entries = batch;
    batch = [];
    send(entries);
  };
  const submit = (kind: SentEntry['kind'], entry: object): Promise<void> => {
    if (waiting.size >= waitingAtMost) {
      return Promise.reject(new AppError('ERR_AUDIT_WRITE', 'too many entries wait for the record'));
    }
    const seq = nextSeq++;
    const json = JSON.stringify(entry);
    return new Promise((resolve, reject) => {
      waiting.set(seq, { resolve, reject });
      // What other sockets bring in this turn of the event loop joins the batch.
      if (batch.push({ seq, kind, json }) === 1) setImmediate(flush);
    });
  };
  const take = (seq: number): Waiting | undefined => {
    const found = waiting.get(seq);
    waiting.delete(seq);
    return found;
  };

  return {
    get isHealthy() {
      return healthy;
    },
    decision: (entry) => submit('decision', entry),
    outcome: (entry) => submit('outcome', entry),
    settle(durable, failed) {
      for (const seq of durable) take(seq)?.resolve();
      for (const { seq, message } of failed) take(seq)?.reject(new AppError('ERR_AUDIT_WRITE', message));
      if (waiting.size > 0) return;
      for (const settled of onSettled) settled();
      onSettled = [];
    },
    setHealthy(isNow) {
      healthy = isNow;
    },
    whenSettled: () =>
      new Promise((resolve) => {
        if (waiting.size === 0) resolve();
        else onSettled.push(resolve);
      }),
  };
}
