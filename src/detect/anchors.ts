/** Derives from a pattern the four-byte windows by which a prefilter finds where it could match. Never written by hand. */
import { shareOfBytes } from './anchors-bigrams.ts';
import { shareOfGrams } from './anchors-grams.ts';
import { factsOf, pairShare } from './anchors-sets.ts';
import { spell, spellingBytes, type Spelling } from './anchors-spellings.ts';
import { clusterCut, clustersOf, type ClusterWindow } from './anchors-clusters.ts';
import { PatternError } from './regex/parse.ts';
import type { Item } from './regex/program.ts';
import { widthOf, type ByteSet, type Node } from './regex/syntax.ts';
import { foldByte } from './window-fold.ts';

/** How many bytes a window has. */
export const windowSize = 4;
/** How far to the left of its anchor a pattern may reach. */
const maxBefore = 200;
/** The most windows that one pattern may add to the table. */
const maxWindows = 20_000;

/** A window by which a pattern is found. */
interface AnchorWindow {
  /** Its four bytes, as windows have them, as a big-endian integer. */
  readonly key: number;
  readonly offset: number;
  /** The number of what must stand around it, in {@link Anchoring.arounds}. */
  readonly around: number;
}

/**
 * What the four bytes before a window and the four behind it have in common in every spelling, case-folded, each four as a
 * little-endian integer: where the mask has a bit, the text has that of the value.
 */
export interface Around {
  readonly beforeMask: number;
  readonly before: number;
  readonly afterMask: number;
  readonly after: number;
}

/** Where a pattern is cut: what stands before is matched backward, the rest forward from the anchor. */
export interface Anchoring {
  /** The index of the first item that is matched forward. */
  readonly cut: number;
  /** Windows and their distance from the anchor. */
  readonly windows: readonly AnchorWindow[];
  readonly arounds: readonly Around[];
  /** Or where clusters of digits or capitals begin, for a pattern without a rare window. */
  readonly clusters: readonly ClusterWindow[];
  /** Or the rare byte, which stands at the anchor. */
  readonly isByte: boolean;
}

/** A pattern with more windows than this is looked for where clusters begin, if it can be. */
const fewWindows = 64;

/** A cost at which no better cut is looked for: two chance hits a megabyte. */
const rareEnough = 2e-6;

/** The byte (`@`) that is rare enough in any text to be looked for on its own. */
export const rareByte = 0x40;

/** A cut with the window of each spelling. */
interface Candidate {
  readonly cut: number;
  readonly windows: readonly Window[];
  readonly isByte: boolean;
  readonly cost: number;
  /** All ways in which what follows the cut can begin. */
  readonly spellings: readonly Spelling[];
}

/**
 * Chooses the cut whose windows are rarest.
 *
 * @throws PatternError when no part of the pattern is fixed enough to be looked for.
 */
export function chooseAnchoring(items: readonly Item[]): Anchoring {
  const best = rarestCut(items);
  if (
    best === undefined ||
    best.cost > cheapEnough ||
    best.windows.reduce((sum, { sets }) => sum + countOf(sets), 0) > fewWindows
  ) {
    const { cut, isBounded } = clusterCut(items);
    const spellings = spell(items.slice(cut).map((item) => item.node));
    const clusters = clustersOf(isBounded ? spellings.map(({ sets }) => ({ sets, isBounded })) : spellings);
    if (clusters !== undefined) return { cut, windows: [], arounds: [], clusters, isByte: false };
  }
  if (best === undefined) {
    throw new PatternError(
      'a pattern that cannot be anchored',
      0,
      `give it ${windowSize} characters in a row that are fixed or nearly so, at most ${maxBefore} characters from its start`,
    );
  }
  return byWindows(best);
}

/** The share of ordinary text at which a pattern's windows stand; 0 for one that is looked for where clusters begin. */
export function shareOfWindows(items: readonly Item[]): number {
  const { clusters } = chooseAnchoring(items);
  return clusters.length > 0 ? 0 : (rarestCut(items)?.cost ?? 0);
}

/** A cost at which windows still come cheaper than a pass over the text that looks for clusters for a few rules only. */
const cheapEnough = 6e-4;

/** The cut whose windows are rarest, where they are rare enough to do without clusters; else undefined. */
export function windowsInstead(items: readonly Item[]): Anchoring | undefined {
  const best = rarestCut(items);
  return best === undefined || best.cost > cheapEnough ? undefined : byWindows(best);
}

function rarestCut(items: readonly Item[]): Candidate | undefined {
  let best: Candidate | undefined;
  let before = 0;
  for (const [cut, item] of items.entries()) {
    if (isCuttable(items, cut) && before <= maxBefore && item.node.kind !== 'assert') {
      const candidate = candidateAt(items, cut);
      if (candidate !== undefined && (best === undefined || candidate.cost < best.cost)) best = candidate;
    }
    before += widthOf(item.node).max;
    if (best !== undefined && best.cost <= rareEnough) break;
  }
  return best;
}

function byWindows(candidate: Candidate): Anchoring {
  return { cut: candidate.cut, ...windowsOf(candidate), clusters: [], isByte: candidate.isByte };
}

function windowsOf(candidate: Candidate): Pick<Anchoring, 'windows' | 'arounds'> {
  const found = new Map<number, { readonly key: number; readonly offset: number; around: Around }>();
  for (const window of candidate.windows) {
    const { sets, offset } = window;
    const around = aroundOf(window, candidate.spellings);
    for (const key of keysOf(sets.map((set) => factsOf(set).told))) {
      const name = (key >>> 0) * spellingBytes + offset;
      const known = found.get(name);
      if (known === undefined) found.set(name, { key, offset, around });
      else known.around = eitherAround(known.around, around);
    }
  }
  const arounds: Around[] = [];
  const numbers = new Map<string, number>();
  const windows = Array.from(found.values(), ({ key, offset, around }) => {
    const name = Object.values(around).join();
    const number = numbers.get(name) ?? arounds.push(around) - 1;
    numbers.set(name, number);
    return { key, offset, around: number };
  });
  return { windows, arounds };
}

/**
 * What stands around a window in every spelling in which it occurs: also in those that are found by another window, since
 * the first window of an anchor speaks for it.
 */
function aroundOf({ sets, offset }: Window, spellings: readonly Spelling[]): Around {
  let common: Around | undefined;
  for (const spelling of spellings) {
    if (!sets.every((set, index) => mayMeet(set, spelling.sets[offset + index]))) continue;
    const [beforeMask, before] = bitsOf(spelling.sets, offset - windowSize);
    const [afterMask, after] = bitsOf(spelling.sets, offset + windowSize);
    const around = { beforeMask, before, afterMask, after };
    common = common === undefined ? around : eitherAround(common, around);
  }
  return common ?? { beforeMask: 0, before: 0, afterMask: 0, after: 0 };
}

/** The bits that four sets from an index on fix, and their values; what is not known fixes none. */
function bitsOf(sets: readonly ByteSet[], from: number): readonly [mask: number, value: number] {
  let mask = 0;
  let value = 0;
  for (let i = 0; i < windowSize; i++) {
    const set = sets[from + i];
    if (set === undefined) continue;
    const { folded } = factsOf(set);
    const fixed = folded.reduce((bits, byte) => bits & ~(byte ^ (folded[0] ?? 0)), 0xff);
    mask |= fixed << (8 * i);
    value |= (fixed & (folded[0] ?? 0)) << (8 * i);
  }
  return [mask, value];
}

/** What two have in common. */
export function eitherAround(some: Around, other: Around): Around {
  if (some === other) return some;
  const beforeMask = some.beforeMask & other.beforeMask & ~(some.before ^ other.before);
  const afterMask = some.afterMask & other.afterMask & ~(some.after ^ other.after);
  return { beforeMask, before: some.before & beforeMask, afterMask, after: some.after & afterMask };
}

/** Whether one window may be of both sets; what is not known may be any. */
function mayMeet(set: ByteSet, other: ByteSet | undefined): boolean {
  if (other === undefined || set === other) return true;
  const { told } = factsOf(other);
  return factsOf(set).told.some((byte) => told.includes(byte));
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

function candidateAt(items: readonly Item[], cut: number): Candidate | undefined {
  const nodes = items.slice(cut).map((item) => item.node);
  const windows: Window[] = [];
  const seen = new Set<string>();
  const spellings = spell(nodes);
  for (const { sets } of spellings) {
    const window = rarestWindow(sets);
    if (window === undefined) return rareByteAt(nodes, cut);
    const name = `${window.offset} ${window.sets.map((set) => factsOf(set).told.join()).join(' ')}`;
    if (!seen.has(name)) windows.push(window);
    seen.add(name);
  }
  const count = windows.reduce((sum, window) => sum + window.count, 0);
  if (count > maxWindows) return undefined;
  return { cut, windows, isByte: false, spellings, cost: windows.reduce((sum, window) => sum + window.cost, 0) };
}

function rareByteAt(nodes: readonly Node[], cut: number): Candidate | undefined {
  const first = nodes[0];
  if (first?.kind !== 'set') return undefined;
  if (first.set.indexOf(1) !== rareByte || first.set.lastIndexOf(1) !== rareByte) return undefined;
  return { cut, windows: [], isByte: true, spellings: [], cost: shareOfBytes([rareByte | 0x20]) };
}

interface Window {
  readonly offset: number;
  readonly sets: readonly ByteSet[];
  readonly count: number;
  readonly cost: number;
}

/** The share of text that the sets of a window take, as far as each byte depends on the one before it. */
function windowShare(sets: readonly ByteSet[]): number {
  let share = 1;
  for (let i = 0; i < windowSize - 1; i++) {
    const [first, second] = [sets[i], sets[i + 1]];
    if (first === undefined || second === undefined) return 1;
    share *= pairShare(first, second) / (i === 0 ? 1 : factsOf(first).share);
  }
  return share;
}

/** What each window in the table costs, in shares of text: a crowded table makes chance hits. */
const costPerKey = 3e-7;

/** The share of text that four digits take, which stand together more often than pairs tell: measured on requests. */
const shareOfDigits = 2.4e-3;

/** What a window costs that is spelled in so many ways. */
function costOf(sets: readonly ByteSet[], count: number): number {
  const facts = sets.map(factsOf);
  const ofDigits = facts.every(({ told }) => told.includes(foldByte(0x30))) ? shareOfDigits : 0;
  const ofGrams = shareOfGrams(facts.map(({ taken }) => taken));
  return Math.max(windowShare(sets), ofDigits, ofGrams) + count * costPerKey;
}

function rarestWindow(sets: readonly ByteSet[]): Window | undefined {
  let best: Window | undefined;
  for (let offset = 0; offset + windowSize <= sets.length; offset++) {
    const own = sets.slice(offset, offset + windowSize);
    const count = own.reduce((product, set) => product * factsOf(set).told.length, 1);
    if (count > maxWindows) continue;
    const cost = costOf(own, count);
    if (best === undefined || cost < best.cost) best = { offset, sets: own, count, cost };
  }
  return best;
}

/** How many case-folded texts the sets of a window spell. */
function countOf(sets: readonly ByteSet[]): number {
  return sets.reduce((count, set) => count * factsOf(set).folded.length, 1);
}

/** All that can be spelled with one byte of each, as big-endian 32-bit integers. */
function keysOf(choices: readonly (readonly number[])[]): readonly number[] {
  let keys = [0];
  for (const bytes of choices) keys = keys.flatMap((key) => bytes.map((byte) => (key << 8) | byte));
  return keys;
}
