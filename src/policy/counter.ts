/** Counts different values per entry, for `count:` conditions: in one request, and over the last hour. */
import type { FindingCounter } from './policy.ts';

const hourMs = 60 * 60 * 1000;
/** Values remembered for each entry: beyond it, every further one counts as new (the strict reading). */
const valuesAtMost = 100_000;

/** The counts of a policy's life; one per process, outliving a reload. */
export interface FindingCounts {
  /** A counter for one request. */
  forRequest(nowMs: number): FindingCounter;
}

/** Makes counts that start at nothing. */
export function createFindingCounts(): FindingCounts {
  const hours = new Map<string, Map<string, number>>();

  const countHour = (entry: string, fingerprint: string, nowMs: number): number => {
    const seen = hours.get(entry) ?? new Map<string, number>();
    hours.set(entry, seen);
    // Deleted first, so that the map stays ordered by when a value was last seen.
    seen.delete(fingerprint);
    for (const [old, seenMs] of seen) {
      if (nowMs - seenMs < hourMs) break;
      seen.delete(old);
    }
    if (seen.size < valuesAtMost) seen.set(fingerprint, nowMs);
    else return seen.size + 1;
    return seen.size;
  };

  return {
    forRequest(nowMs) {
      const request = new Map<string, Set<string>>();
      return {
        add(entry, per, fingerprint) {
          if (per === 'hour') return countHour(entry, fingerprint, nowMs);
          const seen = request.get(entry) ?? new Set<string>();
          request.set(entry, seen.add(fingerprint));
          return seen.size;
        },
      };
    },
  };
}
