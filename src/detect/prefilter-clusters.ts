/** Looks for identifiers where clusters of digits or capitals begin, and tells by a few bytes which rules to ask there. */
import { leastAlnum, leastUpper, type ClusterKind } from './anchors-clusters.ts';
import { boundaryReach, isWordBefore } from './boundary.ts';
import { createClusterTable, depths, type ClusterEntry, type ClusterTable } from './cluster-tables.ts';
import { createHits, type Entry, type Hits } from './prefilter.ts';

/** What a byte is, by flags. */
const isDigit = 1;
const isUpperOrDigit = 2;
const isAlnum = 4;
const isWord = 8;

const flags = new Uint8Array(256);
for (let byte = 0x30; byte <= 0x39; byte++) flags[byte] = isDigit | isUpperOrDigit | isAlnum | isWord;
for (let byte = 0x41; byte <= 0x5a; byte++) flags[byte] = isUpperOrDigit | isAlnum | isWord;
for (let byte = 0x61; byte <= 0x7a; byte++) flags[byte] = isAlnum | isWord;
flags[0x5f] = isWord;

export interface Clusters {
  readonly tables: readonly ClusterTable[];
  /** The entry of each list, from the first number on. */
  readonly lists: readonly (readonly Entry[])[];
  /**
   * Collects whom the clusters that begin at or after `from` and before `to` leave to ask, as many as there is room for:
   * `hits.next` is where to go on. Returns how many there are.
   */
  collect(text: Uint8Array, from: number, to: number, hits: Hits): number;
  /** Whether a rule is to be asked at a position, as an entry of this offset. */
  waits(text: Uint8Array, at: number, rule: number, offset: number): boolean;
  /** Who is to be asked at a position. */
  entries(text: Uint8Array, at: number): readonly Entry[];
  /** The first position at or after `at` and before `limit` where some rule is to be asked, or -1. */
  next(text: Uint8Array, at: number, limit: number): number;
}

/** The letters behind a backslash that may begin a control sequence, or name a code. */
const isLongEscape = new Uint8Array(256);
for (const letter of 'ux0eE') isLongEscape[letter.charCodeAt(0)] = 1;

const noEntries: readonly Entry[] = [];

/** Up to where what begins at a position may be an escape or a control sequence. */
function mayEscapeTo(text: Uint8Array, at: number): number {
  const byte = text[at];
  if (byte === 0x5c) return at + (isLongEscape[text[at + 1] ?? 0] === 1 ? boundaryReach : 2);
  if (byte === 0x1b) return at + boundaryReach;
  return byte === 0x3d && text[at + 1] === 0x33 ? at + 3 : 0;
}

/** @param firstList the number of the first list */
export function createClusters(entries: readonly ClusterEntry[], firstList: number): Clusters {
  const kinds: readonly ClusterKind[] = ['digit', 'upper', 'alnum'];
  const ordered = [
    ...entries.filter(({ isTold }) => isTold !== true),
    ...entries.filter(({ isTold }) => isTold === true),
  ];
  const sorted = kinds.flatMap((kind) => ordered.filter(({ window }) => window.kind === kind));
  const lists = sorted.map(({ rule, window }) => [{ rule, offset: window.offset }]);
  const tables: ClusterTable[] = [];
  let next = firstList;
  for (const kind of kinds) {
    const own = sorted.filter(({ window }) => window.kind === kind);
    if (own.length > 0) tables.push(createClusterTable(kind, own, next));
    next += own.length;
  }
  const all = tables.reduce((bits, { kind }) => bits | kindFlag[kind], 0);
  const own = createHits(lists.length, lists.length);
  const kept = new Uint32Array(Math.max(4, ...tables.map(({ vectors }) => vectors * 4)));

  /** Whom the bytes around a position leave; whether there is anyone. */
  const narrow = (table: ClusterTable, text: Uint8Array, at: number): boolean => {
    const width = table.vectors * 4;
    kept.fill(0xffffffff, 0, width);
    for (let index = 0; index < depths.length; index++) {
      const p = at + (depths[index] ?? 0);
      if (p < 0 || p >= text.length) continue;
      const row = (index * table.classes + (table.classOf[text[p] ?? 0] ?? 0)) * width;
      let any = 0;
      for (let word = 0; word < width; word++) {
        const bits = (kept[word] ?? 0) & (table.masks[row + word] ?? 0);
        kept[word] = bits;
        any |= bits;
      }
      if (any === 0) return false;
    }
    return true;
  };

  const begins = (text: Uint8Array, at: number, kind: ClusterKind): boolean => {
    const before = at > 0 ? (flags[text[at - 1] ?? 0] ?? 0) : 0;
    if (kind === 'digit') return (before & isDigit) === 0 || !isWordBefore(text, at);
    // The run first: most words end before it does.
    const flag = kindFlag[kind];
    const end = Math.min(text.length, at + (kind === 'upper' ? leastUpper : leastAlnum));
    for (let p = end - 1; p >= at; p--) if (((flags[text[p] ?? 0] ?? 0) & flag) === 0) return false;
    return !isWordBefore(text, at);
  };

  /** The first place from `at` on where anything could begin, or `to`. */
  const mayBegin = (text: Uint8Array, at: number, to: number): number => {
    if (all === 0) return to;
    let before = at > 0 ? (flags[text[at - 1] ?? 0] ?? 0) : 0;
    // Up to where an escape that has begun may end.
    let escaped = 0;
    for (let p = Math.max(0, at - boundaryReach); p < at; p++) escaped = Math.max(escaped, mayEscapeTo(text, p));
    for (let p = at; p < to; p++) {
      const byte = text[p] ?? 0;
      const own = flags[byte] ?? 0;
      // Inside a word nothing begins but a run of digits, unless an escape ends there.
      const isInside = (before & isWord) !== 0 && (own & ~before & isDigit & all) === 0;
      if ((own & all) !== 0 && (!isInside || p <= escaped)) return p;
      if (own === 0) escaped = Math.max(escaped, mayEscapeTo(text, p));
      before = own;
    }
    return to;
  };

  const isAsked = (text: Uint8Array, at: number, table: ClusterTable): boolean =>
    ((flags[text[at] ?? 0] ?? 0) & kindFlag[table.kind]) !== 0 &&
    begins(text, at, table.kind) &&
    narrow(table, text, at);

  /** Writes down whom a cluster at a position leaves to ask; returns the new count. */
  const visit = (text: Uint8Array, at: number, into: Hits, count: number): number => {
    let written = count;
    for (const table of tables) {
      if (!isAsked(text, at, table)) continue;
      for (let entry = 0; entry < table.count; entry++) {
        if ((((kept[entry >> 5] ?? 0) >>> (entry & 31)) & 1) === 0) continue;
        into.positions[written] = at;
        into.lists[written] = table.firstList + entry;
        written++;
      }
    }
    return written;
  };

  /** The numbers of a rule's entries among all. */
  const byRule = new Map<number, readonly number[]>();
  for (const [number, { rule }] of sorted.entries()) byRule.set(rule, [...(byRule.get(rule) ?? []), number]);

  /** As `isAsked`, for one entry of a table. */
  const isLeft = (text: Uint8Array, at: number, table: ClusterTable, entry: number): boolean => {
    if (((flags[text[at] ?? 0] ?? 0) & kindFlag[table.kind]) === 0 || !begins(text, at, table.kind)) return false;
    const width = table.vectors * 4;
    return depths.every((depth, index) => {
      const p = at + depth;
      if (p < 0 || p >= text.length) return true;
      const row = (index * table.classes + (table.classOf[text[p] ?? 0] ?? 0)) * width;
      return (((table.masks[row + (entry >> 5)] ?? 0) >>> (entry & 31)) & 1) === 1;
    });
  };

  return {
    tables,
    lists,
    waits(text, at, rule, offset) {
      return (byRule.get(rule) ?? []).some((number) => {
        if (sorted[number]?.window.offset !== offset) return false;
        const table = tables.find(({ firstList: first, count }) => number + firstList < first + count);
        return table !== undefined && isLeft(text, at, table, number + firstList - table.firstList);
      });
    },
    collect(text, from, to, hits) {
      hits.next = to;
      const room = hits.positions.length - lists.length;
      let count = 0;
      for (let p = mayBegin(text, from, to); p < to; p = mayBegin(text, p + 1, to)) {
        if (count > room) {
          hits.next = p;
          break;
        }
        count = visit(text, p, hits, count);
      }
      return count;
    },
    entries(text, at) {
      if (((flags[text[at] ?? 0] ?? 0) & all) === 0) return noEntries;
      const found: Entry[] = [];
      const count = visit(text, at, own, 0);
      for (let i = 0; i < count; i++) found.push(...(lists[(own.lists[i] ?? 0) - firstList] ?? []));
      return found;
    },
    next(text, at, limit) {
      for (let p = mayBegin(text, at, limit); p < limit; p = mayBegin(text, p + 1, limit)) {
        if (tables.some((table) => isAsked(text, p, table))) return p;
      }
      return -1;
    },
  };
}

const kindFlag: Readonly<Record<ClusterKind, number>> = { digit: isDigit, upper: isUpperOrDigit, alnum: isAlnum };
