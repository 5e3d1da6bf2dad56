/** What the recorder and its worker say to each other. */
import type { EntryKind } from './chain.ts';
import type { RecordFiles } from './files.ts';

/** Handed to the worker when it starts. */
export interface WorkerSettings {
  readonly files: RecordFiles;
  readonly retentionDays: number;
  /** At least this often, while entries are appended, the head is signed. */
  readonly checkpointMs: number;
}

/** Entries that could not be made durable: what a gap entry says of them. */
export interface Gap {
  /** How many entries were refused or never acknowledged. */
  readonly count: number;
  /** When the first and the last of them came, RFC 3339. */
  readonly since: string;
  readonly until: string;
  /** The cause as a code: `SQLITE_FULL`, `worker`, `queue` … */
  readonly cause: string;
}

export type ToWorker =
  /** `entries` are bare strings, their text canonical: they cross at a fraction of an object's cost, and stay as they are. */
  | {
      readonly type: 'append';
      readonly gap?: Gap & { readonly time: string };
      readonly entries: readonly (readonly [kind: EntryKind, id: string, time: string, text: string])[];
    }
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'appended' }
  /** The batch was not written, or the record could not be opened; the worker ends. */
  | { readonly type: 'failed'; readonly message: string; readonly cause: string }
  /** For the log, while the record goes on. */
  | { readonly type: 'note'; readonly level: 'info' | 'error'; readonly message: string; readonly fields: object }
  | { readonly type: 'closed' };
