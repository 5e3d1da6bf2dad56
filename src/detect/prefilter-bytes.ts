/** Looks for the one byte that is rare enough in any text to be looked for on its own. */
import { rareByte } from './anchors.ts';
import type { Entry, Hits } from './prefilter.ts';

export interface RareBytes {
  /** Who waits for the byte, by the number of the list; none when nobody does. */
  readonly lists: readonly (readonly Entry[])[];
  readonly firstList: number;
  /** As those of the windows. */
  collect(text: Uint8Array, from: number, to: number, hits: Hits): number;
  next(text: Uint8Array, at: number, limit: number): number;
}

/** @param rules those that wait for it @param firstList the number of their list */
export function createRareBytes(rules: readonly number[], firstList: number): RareBytes {
  const lists = rules.length === 0 ? [] : [rules.map((rule) => ({ rule, offset: 0 }))];

  const next = (text: Uint8Array, at: number, limit: number): number => {
    if (lists.length === 0) return -1;
    const found = text.indexOf(rareByte, at);
    return found < limit ? found : -1;
  };

  return {
    lists,
    firstList,
    next,
    collect(text, from, to, hits) {
      let count = 0;
      let p = next(text, from, to);
      for (; p >= 0 && count < hits.positions.length; p = next(text, p + 1, to)) {
        hits.positions[count] = p;
        hits.lists[count] = firstList;
        count++;
      }
      hits.next = p < 0 ? to : p;
      return count;
    },
  };
}
