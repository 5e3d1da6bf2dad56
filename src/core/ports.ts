/** What the rooms need from outside, as interfaces: composed in `app/`, faked in tests. */
import type { DecisionEntry, OutcomeEntry } from './decision.ts';

/** Appends entries to the record. Each promise settles when its entry is durable (survives `kill -9`). */
export interface Recorder {
  /** @throws AppError `ERR_AUDIT_WRITE` when the entry cannot be made durable. */
  decision(entry: DecisionEntry): Promise<void>;
  /** @throws AppError `ERR_AUDIT_WRITE` when the entry cannot be made durable. */
  outcome(entry: OutcomeEntry): Promise<void>;
  /** False while the store is known to be failing; new exchanges then follow `audit.onFailure`. */
  readonly isHealthy: boolean;
}

/** Structured logging. `fields` must be free of secrets: ids, counts, codes, host names of the configured list. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Time and identity, so that logic can be tested without either. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Monotonic milliseconds, for durations. */
  monotonicMs(): number;
  /** A new id for an exchange: sortable by time, unique over processes. */
  newId(): string;
}
