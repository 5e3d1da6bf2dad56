/** Follows the record while another process writes it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DecisionFilter, RecordedDecision } from './query.ts';
import type { RecordReader } from './reader.ts';

/** Readers are not told of writes of other processes: they look. A person sees no delay in it. */
const lookMs = 250;

/**
 * Yields decisions from the given place on, each when its exchange has ended (a tunnel when it begins), until aborted.
 * @param after the number of the last entry that is known already
 */
export async function* followDecisions(
  record: Pick<RecordReader, 'follow'>,
  after: number,
  filter: DecisionFilter,
  signal?: AbortSignal,
): AsyncGenerator<RecordedDecision, void, void> {
  let seq = after;
  const isWanted = (): boolean => signal?.aborted !== true;
  while (isWanted()) {
    const found = record.follow(seq, filter);
    seq = found.seq;
    yield* found.decisions;
    if (found.decisions.length > 0) continue;
    try {
      await delay(lookMs, undefined, signal === undefined ? {} : { signal });
    } catch {
      // The wait was cut short by the abort, which the loop sees.
    }
  }
}
