/** Drops what is older than the record is to be kept, and puts a signed anchor in its place; new entries reuse the space. */
import type Database from 'better-sqlite3';
import { checkEntry, entryName, type ChainPlace, type ChainProblem, type StoredEntry } from './chain.ts';
import type { Signer, Statement } from './checkpoint.ts';
import { insertStatement, originOf, readEntries } from './rows.ts';

/** So few that the appends that wait meanwhile wait for milliseconds only. */
const sliceEntries = 2_000;

export interface RetentionStep {
  readonly dropped: number;
  /** Whether nothing older is left that could be dropped. */
  readonly isLast: boolean;
  /** Present when something was dropped. */
  readonly anchor?: Statement;
  /** What is old but does not fit its chain stays: dropping it would turn a forgery into a signed fact. */
  readonly problem?: ChainProblem;
}

/**
 * Drops the oldest entries, at most one slice of them: callers go on until `isLast`.
 * @param cutoff RFC 3339; the first entry of this time or later, and all that follow it, stay
 */
export function dropOlder(database: Database.Database, signer: Signer, cutoff: string, now: string): RetentionStep {
  return database
    .transaction((): RetentionStep => {
      let place: ChainPlace = originOf(database);
      const first = place.seq;
      let problem: ChainProblem | undefined;
      for (const entry of slice(database, place.seq, cutoff)) {
        const wrong = checkEntry(place, entry);
        if (wrong !== undefined) {
          problem = { id: entryName(entry), problem: wrong };
          break;
        }
        place = entry;
      }
      const dropped = place.seq - first;
      const step = { dropped, isLast: dropped < sliceEntries, ...(problem === undefined ? {} : { problem }) };
      if (dropped === 0) return step;
      const anchor = signer.sign({ kind: 'anchor', entries: place.seq, head: place.hash, time: now });
      database.prepare('DELETE FROM entries WHERE seq <= ?').run(place.seq);
      database.prepare('DELETE FROM statements WHERE entries <= ?').run(place.seq);
      insertStatement(database, anchor);
      return { ...step, anchor };
    })
    .immediate();
}

/** The oldest entries up to the first that is young enough. */
function slice(database: Database.Database, after: number, cutoff: string): readonly StoredEntry[] {
  const entries = [...readEntries(database, after, sliceEntries)];
  const kept = entries.findIndex(({ time }) => time >= cutoff);
  return kept === -1 ? entries : entries.slice(0, kept);
}
