/** What the primary and its workers say to each other; both run the same version, so that nothing is checked again. */
import type { Authority } from '../certs/authority.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import type { HostPort } from '../proxy/connect-target.ts';
import type { EngineSource, EngineSources } from './engine-set.ts';
import type { AskedResult } from '../observe/metrics.ts';
import type { UsersFile } from './proxy-users.ts';
import type { HeldRun } from './runs.ts';

/** An authority whose key and certificate are text: neither object survives the way to another process. */
export interface PackedAuthority extends Omit<Authority, 'certificate' | 'key'> {
  /** PKCS #8, PEM. */
  readonly keyPem: string;
}

/** All that a worker needs to serve as every other does, whatever is on the disk by now. */
export interface WorkerSetup {
  readonly listen: HostPort;
  readonly installationKey: Uint8Array;
  /** Protected values among them: in memory only, on both sides. */
  readonly sources: EngineSources;
  readonly users: UsersFile | undefined;
  readonly runs: readonly HeldRun[];
  readonly authority: PackedAuthority;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Listeners of this proxy, which are never a target. */
  readonly own: readonly HostPort[];
  readonly isRecordHealthy: boolean;
}

/** What changes while the workers serve. */
export type Change =
  | { readonly kind: 'engines'; readonly sources: EngineSources }
  | { readonly kind: 'run'; readonly run: HeldRun; readonly source: EngineSource }
  | { readonly kind: 'run-ended'; readonly id: string }
  | { readonly kind: 'users'; readonly users: UsersFile | undefined }
  | { readonly kind: 'own'; readonly own: readonly HostPort[] };

/** An entry on its way to the record: JSON text crosses at a fraction of an object's cost. */
export interface SentEntry {
  /** Counts up, for each worker anew. */
  readonly seq: number;
  readonly kind: 'decision' | 'outcome';
  readonly json: string;
}

export interface FailedEntry {
  readonly seq: number;
  readonly message: string;
}

export type ToWorker =
  | { readonly type: 'setup'; readonly setup: WorkerSetup }
  /** Answered by `changed` once it counts. */
  | { readonly type: 'change'; readonly seq: number; readonly change: Change }
  /** These entries are durable, and these never will be. */
  | {
      readonly type: 'settled';
      readonly durable: readonly number[];
      readonly failed: readonly FailedEntry[];
      readonly isRecordHealthy: boolean;
    }
  /** Take nothing new, let what runs end until the deadline, and end. */
  | { readonly type: 'drain'; readonly deadlineMs: number };

export type FromWorker =
  /** It can be told what to do. */
  | { readonly type: 'hello' }
  | { readonly type: 'listening'; readonly at: HostPort }
  /** It could not begin, and ends. */
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string; readonly hint: string }
  | { readonly type: 'changed'; readonly seq: number; readonly problem?: string }
  | { readonly type: 'entries'; readonly entries: readonly SentEntry[] }
  | { readonly type: 'active'; readonly exchanges: number }
  /** A question to its detector has come to an end: the primary counts for all of them. */
  | { readonly type: 'asked'; readonly result: AskedResult; readonly seconds: number }
  /** `fields` as JSON. */
  | { readonly type: 'log'; readonly level: keyof Logger; readonly fields: string; readonly message: string };
