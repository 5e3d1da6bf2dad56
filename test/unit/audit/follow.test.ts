import { describe, expect, it } from 'vitest';
import { followDecisions } from '../../../src/audit/follow.ts';
import { openRecord } from '../../../src/audit/reader.ts';
import { appendExchanges, storeAt } from '../../helpers/record-store.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

describe('following', () => {
  it('yields what comes until it is aborted', async () => {
    const home = temporaryFolder();
    const store = storeAt(home);
    appendExchanges(store, 1, 1);
    const record = openRecord(home);
    const abort = new AbortController();
    const seen: string[] = [];

    for await (const { decision } of followDecisions(record, 0, {}, abort.signal)) {
      seen.push(decision.id);
      if (seen.length === 1) appendExchanges(store, 2, 3);
      if (seen.length === 3) abort.abort();
    }

    expect(seen).toEqual(['x1', 'x2', 'x3']);
    record.close();
  });

  it('ends while it waits, when it is aborted', async () => {
    const abort = new AbortController();
    const following = followDecisions({ follow: (seq) => ({ decisions: [], seq }) }, 0, {}, abort.signal).next();
    abort.abort();

    await expect(following).resolves.toMatchObject({ done: true });
  });
});
