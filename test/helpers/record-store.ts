/** A record with something in it, for tests that read one. */
import { onTestFinished } from 'vitest';
import { newEntry } from '../../src/audit/chain.ts';
import { recordFiles } from '../../src/audit/files.ts';
import { openStore, type Store } from '../../src/audit/store.ts';
import { rfc3339, sampleDecision, sampleOutcome, startMs } from './record-entries.ts';

/** Opens a store that is closed with the test. */
export function storeAt(home: string, nowMs: () => number = () => startMs): Store {
  const store = openStore(recordFiles(home), nowMs);
  onTestFinished(() => store.close());
  return store;
}

/** Appends the exchanges `x<from>` to `x<to>`, two entries each. */
export function appendExchanges(store: Store, from: number, to: number, atMs = startMs): void {
  for (let n = from; n <= to; n += 1) {
    store.append([
      newEntry('decision', sampleDecision(`x${n}`, { time: rfc3339(atMs) })),
      newEntry('outcome', sampleOutcome(`x${n}`, { time: rfc3339(atMs) })),
    ]);
  }
}
