/** Looks at every byte once and almost never stops: a table of hashes of four-byte windows. */
import { eitherAround, windowSize, type Around } from './anchors.ts';
import { foldWord } from './window-fold.ts';

/** Which rule an anchor belongs to, and how far before the window it stands. */
export interface Entry {
  readonly rule: number;
  readonly offset: number;
}

/** The places of a text where some rule is to be asked, in order: where each stands, and the number of its list. */
export interface Hits {
  readonly positions: Int32Array;
  readonly lists: Int32Array;
  /** Which of a list's entries may lead somewhere, by bits; the last bit is for all from the 32nd on. */
  readonly alive: Int32Array;
  /** Where to go on. */
  next: number;
}

/** A window that a rule waits for: four bytes as windows have them, as a big-endian integer. */
export interface PrefilterWindow {
  readonly key: number;
  readonly entry: Entry;
  /** What must stand around it; anything, where it is not said. */
  readonly around?: Around | undefined;
}

export interface Prefilter {
  /** What waits for windows, by the number of their list. */
  readonly lists: readonly (readonly Entry[])[];
  /** The windows and the numbers of their lists, -1 where there is none, by open addressing: see `probe` of the kernel. */
  readonly keys: Int32Array;
  readonly numbers: Int32Array;
  /** What must stand around the window of each list: masks and values before it and behind it, four words. */
  readonly arounds: Int32Array;
  /** The table of the kernel's first look: see {@link stageBits}. */
  stage(): Uint8Array;
  /**
   * Collects the windows at or after `from` and before `to`, as many as there is room for: `hits.next` is where to go
   * on. Needs `to + 3` bytes. Returns how many there are.
   */
  collect(text: Uint8Array, from: number, to: number, hits: Hits): number;
  /** The first window at or after `at` and before `limit` that some rule waits for, or -1. Needs `limit + 3` bytes. */
  next(text: Uint8Array, at: number, limit: number): number;
  /** What waits for the window at a position. */
  entries(text: Uint8Array, at: number): readonly Entry[];
}

/** How many bytes are looked at in one go. */
const mostCollected = 16_384;

const none: readonly Entry[] = [];
const anything: Around = { beforeMask: 0, before: 0, afterMask: 0, after: 0 };
/** An odd multiplier that spreads four ASCII bytes (found by trial over the shipped rules' windows). */
const multiplier = 0x9e3779b1;
/** The first table has 2^20 bits in words of 32: the shipped rules set one in two hundred of them. */
const wordBits = 15;
const wordShift = 32 - wordBits;
const bitShift = wordShift - 5;
/** The kernel's first table has 2^18 bytes: 0 where nothing hashes to, 255 where several windows do, else a tag. */
const stageBits = 18;
/** Stands in the kernel's first table where the tags differ. */
const anyTag = 255;

/** Builds the tables. */
export function createPrefilter(windows: readonly PrefilterWindow[]): Prefilter {
  const bits = new Int32Array(2 ** wordBits);
  const byKey = new Map<number, readonly Entry[]>();
  /** Lists of the same entries are one: a rule has many windows, and rules that are alike have the same. */
  const extended = new Map<readonly Entry[], Map<Entry, readonly Entry[]>>();
  const listWith = (entry: Entry, list: readonly Entry[]): readonly Entry[] => {
    const known = extended.get(list) ?? new Map<Entry, readonly Entry[]>();
    extended.set(list, known);
    const longer = known.get(entry) ?? [...list, entry];
    known.set(entry, longer);
    return longer;
  };
  const aroundByKey = new Map<number, Around>();
  for (const { key: bigEndian, entry, around = anything } of windows) {
    const key = reversed(bigEndian);
    const hash = Math.imul(key, multiplier);
    bits[hash >>> wordShift] = (bits[hash >>> wordShift] ?? 0) | (1 << (hash >>> bitShift));
    byKey.set(key, listWith(entry, byKey.get(key) ?? none));
    const other = aroundByKey.get(key);
    aroundByKey.set(key, other === undefined ? around : eitherAround(other, around));
  }
  // Open addressing over typed arrays: a chance hit of the first table is refuted without touching an object.
  // The slot is of the hash's high bits: windows that differ in their last byte only have all others in common.
  const slotBits = Math.ceil(Math.log2(Math.max(16, byKey.size * 2)));
  const slots = 2 ** slotBits;
  const slotShift = 32 - slotBits;
  const keys = new Int32Array(slots);
  const numbers = new Int32Array(slots).fill(-1);
  const lists: (readonly Entry[])[] = [];
  const arounds: number[] = [];
  /** Windows with one list and the same around them share a number. */
  const numbersOf = new Map<readonly Entry[], Map<Around, number>>();
  const numberOf = (list: readonly Entry[], around: Around): number => {
    const known = numbersOf.get(list) ?? new Map<Around, number>();
    numbersOf.set(list, known);
    let number = known.get(around);
    if (number === undefined) {
      number = lists.push(list) - 1;
      known.set(around, number);
      arounds.push(around.beforeMask, around.before, around.afterMask, around.after);
    }
    return number;
  };
  for (const [key, list] of byKey) {
    let slot = Math.imul(key, multiplier) >>> slotShift;
    while ((numbers[slot] ?? -1) >= 0) slot = (slot + 1) & (slots - 1);
    keys[slot] = key;
    numbers[slot] = numberOf(list, aroundByKey.get(key) ?? anything);
  }

  const find = (key: number): number => {
    let slot = Math.imul(key, multiplier) >>> slotShift;
    for (;;) {
      const list = numbers[slot] ?? -1;
      if (list < 0 || keys[slot] === key) return list;
      slot = (slot + 1) & (slots - 1);
    }
  };

  /** The list of a window, or -1. */
  const listOf = (key: number): number => {
    const hash = Math.imul(key, multiplier);
    return (((bits[hash >>> wordShift] ?? 0) >>> (hash >>> bitShift)) & 1) === 1 ? find(key) : -1;
  };

  const collect = (text: Uint8Array, from: number, most: number, hits: Hits): number => {
    const { positions, lists: found } = hits;
    const to = Math.min(most, from + mostCollected);
    hits.next = to;
    let count = 0;
    let p = from;
    const note = (at: number, key: number): void => {
      const list = listOf(key);
      if (list < 0) return;
      positions[count] = at;
      found[count] = list;
      count++;
    };
    const start = text.byteOffset + from;
    const skew = -start & 3;
    if (to - from >= 64) {
      for (; p < from + skew; p++) note(p, keyAt(text, p));
      // Four windows a turn, out of two aligned words: half of the time of a window for each byte.
      const words = new Int32Array(text.buffer, start + skew, (to - p + windowSize - 1) >> 2);
      const last = words.length - 1;
      let low = foldWord(words[0] ?? 0);
      for (let i = 0; i < last; i++) {
        const high = foldWord(words[i + 1] ?? 0);
        const second = (low >>> 8) | (high << 24);
        const third = (low >>> 16) | (high << 16);
        const fourth = (low >>> 24) | (high << 8);
        const h0 = Math.imul(low, multiplier);
        const h1 = Math.imul(second, multiplier);
        const h2 = Math.imul(third, multiplier);
        const h3 = Math.imul(fourth, multiplier);
        const b0 = (bits[h0 >>> wordShift] ?? 0) >>> (h0 >>> bitShift);
        const b1 = (bits[h1 >>> wordShift] ?? 0) >>> (h1 >>> bitShift);
        const b2 = (bits[h2 >>> wordShift] ?? 0) >>> (h2 >>> bitShift);
        const b3 = (bits[h3 >>> wordShift] ?? 0) >>> (h3 >>> bitShift);
        if (((b0 | b1 | b2 | b3) & 1) === 1) {
          const at = p + (i << 2);
          if ((b0 & 1) === 1) note(at, low);
          if ((b1 & 1) === 1) note(at + 1, second);
          if ((b2 & 1) === 1) note(at + 2, third);
          if ((b3 & 1) === 1) note(at + 3, fourth);
        }
        low = high;
      }
      p += last << 2;
    }
    for (; p < to; p++) note(p, keyAt(text, p));
    return count;
  };

  const next = (text: Uint8Array, at: number, limit: number): number => {
    for (let p = at; p < limit; p++) if (listOf(keyAt(text, p)) >= 0) return p;
    return -1;
  };

  return {
    lists,
    keys,
    numbers,
    arounds: Int32Array.from(arounds),
    stage: () => stageOf(byKey.keys()),
    collect,
    next,
    entries: (text, at) => lists[find(keyAt(text, at))] ?? none,
  };
}

/** Room for what a pass may find in one go. @param lists the most that may be asked at one place */
export function createHits(lists: number, room = mostCollected + 2 * lists): Hits {
  return {
    positions: new Int32Array(room),
    lists: new Int32Array(room),
    alive: new Int32Array(room).fill(-1),
    next: 0,
  };
}

/** The kernel's first table. */
function stageOf(keys: Iterable<number>): Uint8Array {
  const stage = new Uint8Array(2 ** stageBits);
  for (const key of keys) {
    const hash = Math.imul(key, multiplier);
    const slot = hash >>> (32 - stageBits);
    const tag = (((hash >>> 5) & 0xff) | 0x80) - 1;
    stage[slot] = stage[slot] === 0 || stage[slot] === tag ? tag : anyTag;
  }
  return stage;
}

/** The bytes of a word in the other order. */
function reversed(key: number): number {
  return ((key & 0xff) << 24) | ((key & 0xff00) << 8) | ((key >>> 8) & 0xff00) | (key >>> 24);
}

/** The window at a position, as a little-endian word. */
function keyAt(text: Uint8Array, at: number): number {
  return foldWord(
    (text[at] ?? 0) | ((text[at + 1] ?? 0) << 8) | ((text[at + 2] ?? 0) << 16) | ((text[at + 3] ?? 0) << 24),
  );
}
