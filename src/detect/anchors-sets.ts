/** What is asked of the sets of a pattern again and again: their bytes, and how much of program text they take. */
import { shareOfBytes, shareOfPairs } from './anchors-bigrams.ts';
import type { ByteSet } from './regex/syntax.ts';
import { alike, foldByte } from './window-fold.ts';

interface SetFacts {
  /** Its bytes, case-folded, each once. */
  readonly folded: readonly number[];
  /** What windows tell of them, each once. */
  readonly told: readonly number[];
  /** All case-folded bytes of which windows tell the same. */
  readonly taken: readonly number[];
  /** The share of text that one of these takes. */
  readonly share: number;
  /** The letter, in lower case, when there is only one. */
  readonly letter: string | undefined;
}

/** Facts of sets as they are needed: a pattern's sets are few and repeat. */
const factsBySet = new WeakMap<ByteSet, SetFacts>();

/** What is known of a set. */
export function factsOf(set: ByteSet): SetFacts {
  const known = factsBySet.get(set);
  if (known !== undefined) return known;
  const folded = new Set<number>();
  const told = new Set<number>();
  const letters = new Set<string>();
  for (let byte = 0; byte < 256; byte++) {
    if (set[byte] !== 1) continue;
    folded.add(byte | 0x20);
    told.add(foldByte(byte));
    letters.add(String.fromCharCode(byte).toLowerCase());
  }
  const [letter] = letters;
  const taken = [...told].flatMap(alike);
  const share = shareOfBytes(taken);
  const facts = { folded: [...folded], told: [...told], taken, share, letter: letters.size === 1 ? letter : undefined };
  factsBySet.set(set, facts);
  return facts;
}

/** Shares of pairs as they are needed: the classes of a pattern stand beside each other again and again. */
const sharesBySets = new WeakMap<ByteSet, WeakMap<ByteSet, number>>();

/** The share of places in text where a byte of one set stands before one of the other. */
export function pairShare(first: ByteSet, second: ByteSet): number {
  let shares = sharesBySets.get(first);
  if (shares === undefined) sharesBySets.set(first, (shares = new WeakMap()));
  let share = shares.get(second);
  if (share === undefined) shares.set(second, (share = shareOfPairs(factsOf(first).taken, factsOf(second).taken)));
  return share;
}
