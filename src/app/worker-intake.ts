/** The primary's end of a worker's entries: each goes to the record, and what became of it goes back, in batches. */
import type { DecisionEntry, OutcomeEntry } from '../core/decision.ts';
import { AppError } from '../core/errors.ts';
import type { Recorder } from '../core/ports.ts';
import type { FailedEntry, SentEntry, ToWorker } from './worker-messages.ts';

/** Takes the entries of one worker. */
export type Intake = (entries: readonly SentEntry[]) => void;

/** @param send never throws; a worker that is gone needs no answer */
export function createIntake(recorder: Recorder, send: (message: ToWorker) => void): Intake {
  let durable: number[] = [];
  let failed: FailedEntry[] = [];

  const flush = (): void => {
    const message = { type: 'settled' as const, durable, failed, isRecordHealthy: recorder.isHealthy };
    durable = [];
    failed = [];
    send(message);
  };
  /** The record settles many entries at once: they make one message. */
  const answer = (note: () => void): void => {
    if (durable.length + failed.length === 0) setImmediate(flush);
    note();
  };
  const record = ({ kind, json }: SentEntry): Promise<void> => {
    // Trusted: the worker wrote it from an entry a moment ago.
    if (kind === 'decision') {
      const entry: DecisionEntry = JSON.parse(json);
      return recorder.decision(entry);
    }
    const entry: OutcomeEntry = JSON.parse(json);
    return recorder.outcome(entry);
  };

  return (entries) => {
    for (const entry of entries) {
      const { seq } = entry;
      record(entry).then(
        () => answer(() => durable.push(seq)),
        (error: unknown) => {
          const message = error instanceof AppError ? error.message : 'the entry was not taken';
          answer(() => failed.push({ seq, message }));
        },
      );
    }
  };
}
