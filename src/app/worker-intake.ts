/** The primary's end of a worker's entries: each goes to the record, and what became of it goes back, in batches. */
import type { DecisionEntry, OutcomeEntry } from '../core/decision.ts';
import { AppError } from '../core/errors.ts';
import type { Recorder } from '../core/ports.ts';
import type { FailedEntry, SentEntry, ToWorker } from './worker-messages.ts';

/** Takes the entries of one worker. */
export interface Intake {
  take(entries: readonly SentEntry[]): void;
  /** The worker is gone, and what it was doing was cut: that is how those exchanges ended. @param nowMs since the epoch */
  abandon(nowMs: number): void;
}

/** @param send never throws; a worker that is gone needs no answer */
export function createIntake(recorder: Recorder, send: (message: ToWorker) => void): Intake {
  /** Decisions that wait for their outcome. A refused connection's has none: it is whole as it is. */
  const open = new Set<string>();
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
      if (entry.request.protocol !== 'connect' || entry.action === 'tunnel') open.add(entry.id);
      return recorder.decision(entry);
    }
    const entry: OutcomeEntry = JSON.parse(json);
    open.delete(entry.id);
    return recorder.outcome(entry);
  };

  return {
    take(entries) {
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
    },
    abandon(nowMs) {
      const ending = { time: new Date(nowMs).toISOString(), response: { status: 0, bytes: 0 }, addedMs: 0 };
      for (const id of open) {
        // Counted as lost where it fails: nobody is left to be told.
        recorder.outcome({ ...ending, id, action: 'error', reason: 'its worker ended' }).catch(() => undefined);
      }
      open.clear();
    },
  };
}
