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
export const leastAlnum = 10;
/** The most bytes of a match before its first digit. */
export const mostBeforeDigit = 8;
/** How many bytes from where a cluster begins decide who is asked. */
export const clusterDepth = 16;

/** One way in which a pattern can begin at a cluster. */
export interface ClusterWindow {
  readonly kind: ClusterKind;
  /** How far beyond the anchor the cluster begins. */
  readonly offset: number;
  /** What each byte from the anchor on may be; beyond, anything. */
  readonly sets: readonly ByteSet[];
}

const digits = rangeSet(0x30, 0x39);
const upperOrDigit = unionSet(digits, rangeSet(0x41, 0x5a));
const alnum = unionSet(upperOrDigit, rangeSet(0x61, 0x7a));

/**
 * The clusters at which a pattern can begin, or undefined where one of its spellings has none.
 *
 * @param spellings how what follows the anchor can begin @param isBounded whether the anchor is a word boundary
 */
export function clustersOf(
  spellings: readonly (readonly ByteSet[])[],
  isBounded: boolean,
): readonly ClusterWindow[] | undefined {
  const windows = new Map<string, ClusterWindow>();
  for (const sets of spellings) {
    const found = clusterOf(sets, isBounded);
    if (found === undefined) return undefined;
    // One window for each place: what any of the spellings allows, as far as all of them go.
    const name = `${found.kind} ${found.offset}`;
    const other = windows.get(name);
    windows.set(name, other === undefined ? found : { ...found, sets: eitherOf(other.sets, found.sets) });
  }
  return windows.size === 0 ? undefined : [...windows.values()];
}

/** Where the anchor of a pattern that begins at a cluster stands: after the boundary, if it has one. */
export function clusterCut(items: readonly Item[]): { readonly cut: number; readonly isBounded: boolean } {
  const first = items[0]?.node;
  const isBounded = first?.kind === 'assert' && first.assertion === 'word-boundary';
  return { cut: isBounded ? 1 : 0, isBounded };
}

function clusterOf(sets: readonly ByteSet[], isBounded: boolean): ClusterWindow | undefined {
  const offset = sets.findIndex((set) => set.some((flag, byte) => flag === 1 && digits[byte] === 1));
  const first = sets[offset];
  // Nothing but digits can stand there and no digit before: a run of digits begins.
  const isDigit = first !== undefined && isWithin(first, digits) && offset <= mostBeforeDigit;
  if (isDigit && (offset > 0 || isBounded)) return { kind: 'digit', offset, sets: kept(sets, offset) };
  if (!isBounded) return undefined;
  if (isRun(sets, leastUpper, upperOrDigit)) return { kind: 'upper', offset: 0, sets: kept(sets, 0) };
  if (isRun(sets, leastAlnum, alnum)) return { kind: 'alnum', offset: 0, sets: kept(sets, 0) };
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
