/** Recognises patterns without a rare window (identifiers): they are looked for where a cluster of digits or capitals begins. */
import type { Item } from './regex/program.ts';
import { rangeSet, unionSet, type ByteSet } from './regex/syntax.ts';

/**
 * What begins where such a pattern is looked for: `digit`, a run of digits of any length; `upper`, a word whose first
 * {@link leastUpper} bytes are capitals and digits; `alnum`, one whose first {@link leastAlnum} are letters and digits.
 */
export type ClusterKind = 'digit' | 'upper' | 'alnum';

/** How many capitals and digits in a row make a cluster. */
export const leastUpper = 6;
/** How many letters and digits in a row make a cluster. */
export const leastAlnum = 16;
/** The most bytes of a match before its first digit. */
export const mostBeforeDigit = 16;
/** How many bytes from where a cluster begins decide who is asked. */
export const clusterDepth = 16;

/** One way in which a pattern can begin at a cluster. */
export interface ClusterWindow {
  readonly kind: ClusterKind;
  /** How far beyond the anchor the cluster begins. */
  readonly offset: number;
  /** What each byte from the anchor on may be; beyond, anything. */
  readonly sets: readonly ByteSet[];
  /** Whether the anchor is a word boundary. */
  readonly isBounded: boolean;
}

const digits = rangeSet(0x30, 0x39);
const upperOrDigit = unionSet(digits, rangeSet(0x41, 0x5a));
const alnum = unionSet(upperOrDigit, rangeSet(0x61, 0x7a));

/** One way in which what follows an anchor can begin. */
export interface Beginning {
  readonly sets: readonly ByteSet[];
  /** Whether it begins with a word boundary. */
  readonly isBounded: boolean;
}

/** The clusters at which a pattern can begin, or undefined where one of its spellings has none. */
export function clustersOf(spellings: readonly Beginning[]): readonly ClusterWindow[] | undefined {
  const windows = new Map<string, ClusterWindow>();
  for (const spelling of spellings) {
    const found = clustersOfOne(spelling);
    if (found === undefined) return undefined;
    for (const window of found) {
      // One window for each place: what any of the spellings allows, as far as all of them go.
      const name = `${window.kind} ${window.offset} ${window.isBounded ? 'bounded' : ''}`;
      const other = windows.get(name);
      windows.set(name, other === undefined ? window : { ...window, sets: eitherOf(other.sets, window.sets) });
    }
  }
  return windows.size === 0 ? undefined : [...windows.values()];
}

/** Where the anchor of a pattern that begins at a cluster stands: after the boundary, if it has one. */
export function clusterCut(items: readonly Item[]): { readonly cut: number; readonly isBounded: boolean } {
  const first = items[0]?.node;
  const isBounded = first?.kind === 'assert' && first.assertion === 'word-boundary';
  return { cut: isBounded ? 1 : 0, isBounded };
}

function clustersOfOne({ sets, isBounded }: Beginning): readonly ClusterWindow[] | undefined {
  const byDigit = digitWindows(sets, isBounded);
  if (byDigit !== undefined) return byDigit;
  if (!isBounded) return undefined;
  if (isRun(sets, leastUpper, upperOrDigit)) return [{ kind: 'upper', offset: 0, sets: kept(sets, 0), isBounded }];
  if (isRun(sets, leastAlnum, alnum)) return [{ kind: 'alnum', offset: 0, sets: kept(sets, 0), isBounded }];
  return undefined;
}

/** A window for each place where the first digit can stand, if there must be one. No digit stands before the first. */
function digitWindows(sets: readonly ByteSet[], isBounded: boolean): readonly ClusterWindow[] | undefined {
  const windows: ClusterWindow[] = [];
  const before: ByteSet[] = [];
  for (const [offset, set] of sets.slice(0, mostBeforeDigit + 1).entries()) {
    const digit = set.map((flag, byte) => flag & (digits[byte] ?? 0));
    if (digit.includes(1)) {
      if (offset === 0 && !isBounded) return undefined;
      const behind = kept(sets, offset).slice(offset + 1);
      windows.push({ kind: 'digit', offset, sets: [...before, digit, ...behind], isBounded });
    }
    const other = set.map((flag, byte) => flag & (1 - (digits[byte] ?? 0)));
    if (!other.includes(1)) return windows;
    before.push(other);
  }
  return undefined;
}

function kept(sets: readonly ByteSet[], offset: number): readonly ByteSet[] {
  return sets.slice(0, offset + clusterDepth);
}

function isRun(sets: readonly ByteSet[], least: number, allowed: ByteSet): boolean {
  return sets.length >= least && sets.slice(0, least).every((set) => isWithin(set, allowed));
}

function isWithin(set: ByteSet, allowed: ByteSet): boolean {
  return set.every((flag, byte) => flag === 0 || allowed[byte] === 1);
}

function eitherOf(some: readonly ByteSet[], others: readonly ByteSet[]): readonly ByteSet[] {
  return some.slice(0, others.length).map((set, index) => unionSet(set, others[index] ?? set));
}
