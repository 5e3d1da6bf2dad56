/** The tables by which clusters are narrowed down: whom each byte around the place where one begins leaves to ask. */
import { Buffer } from 'node:buffer';
import { clusterDepth, mostBeforeDigit, type ClusterKind, type ClusterWindow } from './anchors-clusters.ts';
import { sequenceLetters } from './boundary.ts';
import { classesOf, sampleBytes } from './regex/byte-classes.ts';
import { complementSet, rangeSet, setOf, unionSet, wordSet, type ByteSet } from './regex/syntax.ts';

/** One entry with what its bytes may be. */
export interface ClusterEntry {
  readonly rule: number;
  readonly window: ClusterWindow;
  /** Whether words around a place tell if the rule is asked there: such entries stand together, behind the others. */
  readonly isTold?: boolean;
}

/** How many entries one step of narrowing handles: a vector of 128 bits. */
const entriesPerVector = 128;
/** Distances from where a cluster begins, in the order in which they are looked at: the nearest tell most. */
export const depths: readonly number[] = [1, -1, 0, ...pairsFrom(2, clusterDepth, mostBeforeDigit)];

/** Two to the right, two to the left, and so on, as far as each goes. */
function pairsFrom(first: number, right: number, left: number): readonly number[] {
  const pairs: number[] = [];
  for (let at = first; at < Math.max(right, left + first); at += 2) {
    if (at < right) pairs.push(at, at + 1);
    if (at < left + first) pairs.push(-at, -at - 1);
  }
  return pairs;
}

/** The rules that wait for one kind of cluster, as bits: whom a byte at a distance leaves. */
export interface ClusterTable {
  readonly kind: ClusterKind;
  /** The number of the list of its first entry; every entry has a list of its own, one after the other. */
  readonly firstList: number;
  readonly count: number;
  /** The class of each byte. */
  readonly classOf: Uint8Array;
  readonly classes: number;
  /** For each of {@link depths}, each class and each vector: four words of bits. */
  readonly masks: Uint32Array;
  readonly vectors: number;
  /** For the shapes of the neighbours (see {@link neighbours}): which vectors they leave, from the eighth on as one. */
  readonly shapes: Uint8Array;
}

/** The shape of each byte, in three bits: what a first look at the neighbours of a place tells apart. */
export const shapeOf = new Uint8Array(256);
for (const [shape, chars] of ['', '0123456789', '', '', ' \t\n\v\f\r', '-', '.', '/:()+,;%_<'].entries()) {
  for (const char of chars) shapeOf[char.charCodeAt(0)] = shape;
}
shapeOf.fill(2, 0x41, 0x5b).fill(3, 0x61, 0x7b);
/** The neighbours that the first look goes by, the lowest bits first: of the farthest only whether it is of a word. */
const neighbours: readonly { readonly depth: number; readonly shapes: number; readonly of: Uint8Array }[] = [
  { depth: -3, shapes: 2, of: wordSet },
  ...[-2, -1, 1, 2, 3].map((depth) => ({ depth, shapes: 8, of: shapeOf })),
];

/** What can stand before a word's first byte: no word, or the end of an escape or of a control sequence. */
const beforeWord = unionSet(
  complementSet(wordSet),
  setOf(...Array.from(`nrtbfv${sequenceLetters}`, (letter) => letter.charCodeAt(0))),
  rangeSet(0x30, 0x39),
  rangeSet(0x41, 0x46),
  rangeSet(0x61, 0x66),
);

/** Builds the table of one kind. @param firstList the number of its first list */
export function createClusterTable(
  kind: ClusterKind,
  entries: readonly ClusterEntry[],
  firstList: number,
): ClusterTable {
  const { classOf, classes, samples } = classify(entries);
  const vectors = Math.ceil(entries.length / entriesPerVector);
  const width = vectors * 4;
  const masks = new Uint32Array(depths.length * classes * width);
  const open = new Uint32Array(width);
  for (let index = 0; index < depths.length; index++) {
    const depth = depths[index] ?? 0;
    // Whom no byte at this depth can refuse, every class leaves: most are open at most depths.
    open.fill(0);
    for (let number = 0; number < entries.length; number++) {
      const window = entries[number]?.window;
      if (window === undefined) continue;
      const at = window.offset + depth;
      const set = at === -1 && window.isBounded ? beforeWord : window.sets[at];
      const bit = 1 << (number & 31);
      const own = number >> 5;
      if (set === undefined) {
        open[own] = (open[own] ?? 0) | bit;
        continue;
      }
      for (let byteClass = 0; byteClass < classes; byteClass++) {
        if (set[samples[byteClass] ?? 0] !== 1) continue;
        const word = (index * classes + byteClass) * width + own;
        masks[word] = (masks[word] ?? 0) | bit;
      }
    }
    for (let byteClass = 0; byteClass < classes; byteClass++) {
      const row = (index * classes + byteClass) * width;
      for (let word = 0; word < width; word++) masks[row + word] = (masks[row + word] ?? 0) | (open[word] ?? 0);
    }
  }
  const table = { kind, firstList, count: entries.length, classOf, classes, masks, vectors };
  return { ...table, shapes: shapesOf(table) };
}

/** Which vectors each combination of shapes leaves. */
function shapesOf({ classOf, classes, masks, vectors }: Omit<ClusterTable, 'shapes'>): Uint8Array {
  const width = vectors * 4;
  const rows = neighbours.map(({ depth, shapes, of }) => {
    const byShape = new Uint32Array(shapes * width);
    const first = depths.indexOf(depth) * classes;
    for (let byte = 0; byte < 256; byte++) {
      const row = (first + (classOf[byte] ?? 0)) * width;
      const own = (of[byte] ?? 0) * width;
      for (let word = 0; word < width; word++) {
        byShape[own + word] = (byShape[own + word] ?? 0) | (masks[row + word] ?? 0);
      }
    }
    return byShape;
  });
  const left = new Uint8Array(neighbours.reduce((count, { shapes }) => count * shapes, 1));
  // A row for each neighbour that was looked at: tens of thousands of combinations, and no garbage.
  const alive = new Uint32Array((rows.length + 1) * width).fill(0xffffffff, 0, width);
  const fill = (at: number, index: number, step: number): void => {
    const own = at * width;
    if (at === rows.length) {
      let bits = 0;
      for (let word = 0; word < width; word++) if (alive[own + word] !== 0) bits |= 1 << Math.min(word >> 2, 7);
      left[index] = bits;
      return;
    }
    const row = rows[at] ?? alive;
    const shapes = neighbours[at]?.shapes ?? 1;
    for (let shape = 0; shape < shapes; shape++) {
      let any = 0;
      for (let word = 0; word < width; word++) {
        const bits = (alive[own + word] ?? 0) & (row[shape * width + word] ?? 0);
        alive[own + width + word] = bits;
        any |= bits;
      }
      if (any !== 0) fill(at + 1, index + shape * step, step * shapes);
    }
  };
  fill(0, 0, 1);
  return left;
}

/** Groups the bytes that no entry tells apart. */
function classify(entries: readonly ClusterEntry[]): {
  readonly classOf: Uint8Array;
  readonly classes: number;
  readonly samples: Uint8Array;
} {
  // Most sets repeat, as objects or by content: each is split by once.
  const sets = new Map<string, ByteSet>();
  for (const set of new Set([beforeWord, ...entries.flatMap(({ window }) => window.sets)])) {
    sets.set(Buffer.from(set.buffer, set.byteOffset, set.length).toString('latin1'), set);
  }
  const { classOf, count: classes } = classesOf(sets.values());
  return { classOf, classes, samples: sampleBytes(classOf, classes) };
}
