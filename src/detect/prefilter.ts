/** Looks at every byte once and almost never stops: a table of hashes of case-folded four-byte windows. */
import { windowSize } from './anchors.ts';

/** Which rule an anchor belongs to, and how far before the window it stands. */
export interface Entry {
  readonly rule: number;
  readonly offset: number;
}

export interface Prefilter {
  /** The first window at or after `at` and before `limit` that some rule waits for, or -1. Needs `limit + 3` bytes. */
  next(text: Uint8Array, at: number, limit: number): number;
  /** What waits for the window at a position. */
  entries(text: Uint8Array, at: number): readonly Entry[];
}

const none: readonly Entry[] = [];
/** An odd multiplier that spreads four ASCII bytes (found by trial over the shipped rules' windows). */
const multiplier = 0x9e3779b1;
const tableBits = 18;

/** Builds the tables: keys are case-folded windows as big-endian 32-bit integers. */
export function createPrefilter(windows: readonly { readonly key: number; readonly entry: Entry }[]): Prefilter {
  const flags = new Uint8Array(2 ** tableBits);
  const shift = 32 - tableBits;
  const byKey = new Map<number, Entry[]>();
  for (const { key, entry } of windows) {
    flags[Math.imul(key, multiplier) >>> shift] = 1;
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [entry]);
    else list.push(entry);
  }
  // Open addressing over typed arrays: a chance hit of the first table is refuted without touching an object.
  const slots = 2 ** Math.ceil(Math.log2(Math.max(16, byKey.size * 3)));
  const keys = new Int32Array(slots);
  const lists = new Int32Array(slots).fill(-1);
  const entryLists: (readonly Entry[])[] = [];
  for (const [key, list] of byKey) {
    let slot = (Math.imul(key, multiplier) >>> 9) & (slots - 1);
    while ((lists[slot] ?? -1) >= 0) slot = (slot + 1) & (slots - 1);
    keys[slot] = key;
    lists[slot] = entryLists.push(list) - 1;
  }

  const find = (key: number): number => {
    let slot = (Math.imul(key, multiplier) >>> 9) & (slots - 1);
    for (;;) {
      const list = lists[slot] ?? -1;
      if (list < 0 || keys[slot] === key) return list;
      slot = (slot + 1) & (slots - 1);
    }
  };

  const next = (text: Uint8Array, at: number, limit: number): number => {
    if (at >= limit) return -1;
    const end = limit + windowSize - 1;
    let window = keyAt(text, at) >>> 8;
    for (let p = at + windowSize - 1; p < end; p++) {
      window = (window << 8) | (text[p] ?? 0) | 0x20;
      if (flags[Math.imul(window, multiplier) >>> shift] === 1 && find(window) >= 0) return p - windowSize + 1;
    }
    return -1;
  };

  return {
    next,
    entries: (text, at) => entryLists[find(keyAt(text, at))] ?? none,
  };
}

/** The case-folded window at a position. */
function keyAt(text: Uint8Array, at: number): number {
  const fold = 0x20202020;
  return (
    ((text[at] ?? 0) << 24) | ((text[at + 1] ?? 0) << 16) | ((text[at + 2] ?? 0) << 8) | (text[at + 3] ?? 0) | fold
  );
}
