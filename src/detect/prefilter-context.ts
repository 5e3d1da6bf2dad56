/** What the kernel must know of context words: for each beginning of a word, the rules of a table of clusters that have it. */
import { mostBeforeDigit } from './anchors-clusters.ts';
import { wordKeysOf, type GatedRule } from './context-gate.ts';
import { keyCount } from './context-words.ts';
import { headingReach } from './headings.ts';
import type { ClusterTable } from './cluster-tables.ts';
import type { Entry } from './prefilter.ts';

/** The masks have a bit for each entry of the table, in as many words as four of each of its vectors. */
export interface ContextTable {
  /** For each key of three letters the number of its row of masks; 0 where no word begins so. */
  readonly keys: Uint16Array;
  /** Rows of masks; the first is empty. */
  readonly rows: Uint32Array;
  /** The entries that are asked whatever stands around. */
  readonly always: Uint32Array;
  /** The entries whose value begins before the cluster does. */
  readonly shifted: Uint32Array;
}

/** How far before a cluster the heading of a column may begin: with what may stand before its first digit and a margin. */
export const headingBehind = headingReach + mostBeforeDigit + 64;

/** @param lists all entries by the numbers of their lists */
export function createContextTable(
  { firstList, count, vectors }: ClusterTable,
  lists: readonly (readonly Entry[])[],
  rules: readonly GatedRule[],
): ContextTable {
  const width = vectors * 4;
  const always = new Uint32Array(width);
  const shifted = new Uint32Array(width);
  const entriesByKey = new Map<number, number[]>();
  for (let number = 0; number < count; number++) {
    const entry = lists[firstList + number]?.[0];
    const rule = entry === undefined ? undefined : rules[entry.rule];
    const keys = rule === undefined ? undefined : wordKeysOf(rule);
    if (keys === undefined) setBit(always, number);
    if ((entry?.offset ?? 0) > 0) setBit(shifted, number);
    for (const key of keys ?? []) {
      const own = entriesByKey.get(key);
      if (own === undefined) entriesByKey.set(key, [number]);
      else own.push(number);
    }
  }
  // Most words have several keys, and all of them the same rules.
  const keys = new Uint16Array(keyCount);
  const rowOf = new Map<string, number>();
  for (const [key, own] of entriesByKey) {
    const name = own.join();
    const row = rowOf.get(name) ?? rowOf.size + 1;
    rowOf.set(name, row);
    keys[key] = row;
  }
  const rows = new Uint32Array((rowOf.size + 1) * width);
  for (const [key, own] of entriesByKey) {
    const row = rows.subarray((keys[key] ?? 0) * width);
    for (const number of own) setBit(row, number);
  }
  return { keys, rows, always, shifted };
}

function setBit(mask: Uint32Array, number: number): void {
  mask[number >> 5] = (mask[number >> 5] ?? 0) | (1 << (number & 31));
}
