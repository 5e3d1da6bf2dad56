/** What the processes of the benchmark say to each other. */

import type { Repeated } from './payload.ts';

/** The one vendor of the benchmark; everywhere it means this machine. */
export const vendorHost = 'api.anthropic.com';

/** One piece of work for the load generator. */
export type Job =
  /** POSTs of so many bytes of JSON; each reply is read. */
  | {
      readonly kind: 'post';
      readonly bytes: number;
      readonly count: number;
      readonly concurrency: number;
      readonly repeated: Repeated;
    }
  /** Streamed replies, timed to the first event. */
  | { readonly kind: 'sse'; readonly count: number }
  /** A new connection for each small POST. */
  | { readonly kind: 'connect'; readonly count: number }
  /** Streams whose other side does not read: `up` the vendor, `down` the client. Held so long, then dropped. */
  | { readonly kind: 'stall'; readonly direction: 'up' | 'down'; readonly streams: number; readonly holdMs: number }
  /** One POST of so many bytes from a stream, never whole in memory. */
  | { readonly kind: 'upload'; readonly bytes: number };

/** Where the load goes. */
export interface Route {
  /** The proxy's port; undefined: straight to the vendor. */
  readonly proxyPort?: number;
  readonly vendorPort: number;
  /** PEM of the only authority to trust. */
  readonly ca: string;
}

export interface Order {
  readonly id: number;
  readonly job: Job;
  readonly route: Route;
}

/** How a job went. Times are milliseconds. */
export interface Outcome {
  readonly id: number;
  readonly seconds: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  /** What failed, if anything; the job's figures are void then. */
  readonly error?: string;
}

/** The value below which a share of the samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
