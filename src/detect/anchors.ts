/** Derives from a pattern the four-byte windows by which a prefilter finds where it could match. Never written by hand. */
import { PatternError } from './regex/parse.ts';
import type { Item } from './regex/program.ts';
import { widthOf, type ByteSet, type Node } from './regex/syntax.ts';

/** How many bytes a window has. */
export const windowSize = 4;
/** How far to the left of its anchor a pattern may reach. */
const maxBefore = 200;
/** The most windows that one pattern may add to the table. */
const maxWindows = 20_000;
/** The most spellings of a pattern's beginning that are told apart. */
const maxSpellings = 512;
/** Of so many bytes a spelling need not be told apart any further. */
const enoughBytes = 6;
/** How many bytes of a spelling are looked at. */
const spellingBytes = 32;

/** Where a pattern is cut: what stands before is matched backward, the rest forward from the anchor. */
export interface Anchoring {
  /** The index of the first item that is matched forward. */
  readonly cut: number;
  /** Case-folded windows and their distance from the anchor. */
  readonly windows: readonly { readonly key: number; readonly offset: number }[];
  /** Or a single rare byte that stands at the anchor (`@`). */
  readonly byte?: number;
}

/** Bytes that are rare enough in any text to be looked for on their own. */
const rareBytes = new Set([0x40]);

/**
 * Share of each case-folded byte (`byte | 0x20`) in program text, in units of 1e-4; measured on 30 MB of JavaScript,
 * TypeScript, JSON and Markdown. In order from 0x20, without the bytes that folding removes.
 */
const shares = [
  1499, 14, 114, 8, 6, 1, 23, 47, 136, 216, 304, 16, 138, 38, 163, 68, 48, 40, 35, 19, 15, 13, 15, 11, 15, 11, 89, 82,
  12, 125, 23, 18, 45, 419, 113, 263, 220, 769, 158, 119, 146, 424, 25, 48, 258, 145, 453, 410, 218, 21, 470, 442, 599,
  219, 65, 54, 54, 87, 15, 93, 59, 93, 3, 42,
];

function shareOf(folded: number): number {
  const index = folded >= 0x60 ? folded - 0x40 : folded - 0x20;
  return ((folded < 0x80 ? shares[index] : undefined) ?? 2) / 1e4;
}

/** One way in which a part of a pattern can begin. */
interface Spelling {
  readonly sets: readonly ByteSet[];
  /** Whether what follows stands at a known distance. */
  readonly isOpen: boolean;
}

/**
 * Chooses the cut whose windows are rarest.
 *
 * @throws PatternError when no part of the pattern is fixed enough to be looked for.
 */
export function chooseAnchoring(items: readonly Item[]): Anchoring {
  let best: (Anchoring & { readonly cost: number }) | undefined;
  let before = 0;
  for (const [cut, item] of items.entries()) {
    if (isCuttable(items, cut) && before <= maxBefore && item.node.kind !== 'assert') {
      const candidate = anchoringAt(items, cut);
      const cost = candidate === undefined ? Infinity : candidate.cost + before * 1e-9;
      if (candidate !== undefined && (best === undefined || cost < best.cost)) best = { ...candidate, cost };
    }
    before += widthOf(item.node).max;
  }
  if (best === undefined) {
    throw new PatternError(
      'a pattern that cannot be anchored',
      0,
      `give it ${windowSize} characters in a row that are fixed or nearly so, at most ${maxBefore} characters from its start`,
    );
  }
  const { cost: _, ...anchoring } = best;
  return anchoring;
}

/** A cut inside the group must leave its start where the match starts, and none may stand after the group. */
function isCuttable(items: readonly Item[], cut: number): boolean {
  const phase = items[cut]?.phase ?? 2;
  const before = items.slice(0, cut);
  if (phase === 0) return true;
  if (phase === 2 && before.some((item) => item.phase === 1)) return false;
  if (!before.some((item) => item.phase === 1)) return true;
  return before.every((item) => item.phase === 1 || widthOf(item.node).max === 0);
}

function anchoringAt(items: readonly Item[], cut: number): (Anchoring & { readonly cost: number }) | undefined {
  const nodes = items.slice(cut).map((item) => item.node);
  const windows = new Map<string, { readonly key: number; readonly offset: number }>();
  let cost = 0;
  for (const { sets } of spell(nodes)) {
    const window = rarestWindow(sets);
    if (window === undefined) return rareByteAt(nodes, cut);
    cost += window.cost;
    for (const key of keysOf(window.sets)) windows.set(`${key},${window.offset}`, { key, offset: window.offset });
    if (windows.size > maxWindows) return undefined;
  }
  return { cut, windows: [...windows.values()], cost: cost + windows.size * 2e-8 };
}

function rareByteAt(nodes: readonly Node[], cut: number): (Anchoring & { readonly cost: number }) | undefined {
  const first = nodes[0];
  if (first?.kind !== 'set') return undefined;
  const byte = first.set.indexOf(1);
  if (!rareBytes.has(byte) || first.set.lastIndexOf(1) !== byte) return undefined;
  return { cut, windows: [], byte, cost: shareOf(byte | 0x20) };
}

function rarestWindow(
  sets: readonly ByteSet[],
): { readonly offset: number; readonly sets: readonly (readonly number[])[]; readonly cost: number } | undefined {
  const folded = sets.map(foldedBytes);
  const shareAt = folded.map((bytes) => bytes.reduce((sum, byte) => sum + shareOf(byte), 0));
  let best: { offset: number; sets: readonly (readonly number[])[]; cost: number } | undefined;
  for (let offset = 0; offset + windowSize <= folded.length; offset++) {
    const window = folded.slice(offset, offset + windowSize);
    const count = window.reduce((product, bytes) => product * bytes.length, 1);
    if (count > maxWindows) continue;
    const share = shareAt.slice(offset, offset + windowSize).reduce((product, part) => product * part, 1);
    const cost = share + count * 2e-8;
    if (best === undefined || cost < best.cost) best = { offset, sets: window, cost };
  }
  return best;
}

function foldedBytes(set: ByteSet): readonly number[] {
  const folded = new Set<number>();
  for (const [byte, flag] of set.entries()) if (flag === 1) folded.add(byte | 0x20);
  return [...folded];
}

/** All case-folded windows, as big-endian 32-bit integers. */
function keysOf(sets: readonly (readonly number[])[]): readonly number[] {
  let keys = [0];
  for (const bytes of sets) keys = keys.flatMap((key) => bytes.map((byte) => (key << 8) | byte));
  return keys;
}

/** The ways in which a sequence of nodes can begin, each up to where the position is no longer known. */
function spell(nodes: readonly Node[]): readonly Spelling[] {
  let spellings: readonly Spelling[] = [{ sets: [], isOpen: true }];
  for (const node of nodes) {
    if (!spellings.some((spelling) => spelling.isOpen)) break;
    const next = continuations(node);
    // A spelling that is long enough already is not multiplied: it ends where it would have to fork.
    const forks = (spelling: Spelling): boolean => next.length > 1 && spelling.sets.length >= enoughBytes;
    const count = spellings.filter((spelling) => spelling.isOpen && !forks(spelling)).length * next.length;
    if (count > maxSpellings) return spellings.map((spelling) => ({ ...spelling, isOpen: false }));
    spellings = spellings.flatMap((spelling) => {
      if (!spelling.isOpen) return [spelling];
      return forks(spelling) ? [{ ...spelling, isOpen: false }] : next.map((more) => join(spelling, more));
    });
  }
  return spellings;
}

function join(spelling: Spelling, more: Spelling): Spelling {
  const sets = [...spelling.sets, ...more.sets].slice(0, spellingBytes);
  return { sets, isOpen: more.isOpen && sets.length < spellingBytes };
}

function continuations(node: Node): readonly Spelling[] {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return [{ sets: [], isOpen: true }];
    case 'set':
      return [{ sets: [node.set], isOpen: true }];
    case 'value':
      return continuations(node.node);
    case 'cat':
      return spell(node.items);
    case 'alt':
      return node.items.flatMap(continuations);
    case 'repeat': {
      const copies = (count: number): readonly Spelling[] =>
        spell(Array.from({ length: Math.min(count, spellingBytes) }, () => node.node));
      // Either just as often as it must, and what follows stands where that ends, or at least once more.
      if (node.max - node.min > 2) {
        return [...copies(node.min), ...copies(node.min + 1).map((spelling) => ({ ...spelling, isOpen: false }))];
      }
      return Array.from({ length: node.max - node.min + 1 }, (_, more) => copies(node.min + more)).flat();
    }
  }
}

/** The literals of which every match holds at least one, in lower case: the longest run that some cut can promise. */
export function deriveKeywords(items: readonly Item[]): readonly string[] {
  let best: readonly string[] = [];
  let bestLength = 0;
  for (const [cut] of items.entries()) {
    const runs = spell(items.slice(cut).map((item) => item.node)).map(({ sets }) => longestLiteral(sets));
    const length = Math.min(...runs.map((run) => run.length));
    if (length > bestLength) {
      best = [...new Set(runs)];
      bestLength = length;
    }
  }
  return best;
}

/** Whether every match holds one of the words, whatever its case. */
export function impliesKeywords(items: readonly Item[], words: readonly string[]): boolean {
  const folded = words.map((word) => word.toLowerCase());
  return items.some((_, cut) => {
    const spellings = spell(items.slice(cut).map((item) => item.node));
    return spellings.every(({ sets }) => {
      const text = literalText(sets);
      return folded.some((word) => text.includes(word));
    });
  });
}

function longestLiteral(sets: readonly ByteSet[]): string {
  return literalText(sets)
    .split('\0')
    .reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

/** The letters of a spelling in lower case, NUL where several bytes are possible. */
function literalText(sets: readonly ByteSet[]): string {
  return sets
    .map((set) => {
      const letters = new Set(
        [...set.keys()].filter((b) => set[b] === 1).map((b) => String.fromCharCode(b).toLowerCase()),
      );
      const [letter] = letters;
      return letters.size === 1 && letter !== undefined ? letter : '\0';
    })
    .join('');
}
