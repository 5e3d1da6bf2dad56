/** The syntax tree of a rule's pattern, over bytes. */

/** Which bytes a position may hold: 256 flags. */
export type ByteSet = Uint8Array;

/** `token-end`: as a word boundary, but for `_`, which is no part of a word that ends there. No pattern writes it. */
export type Assertion = 'word-boundary' | 'not-word-boundary' | 'line-start' | 'line-end' | 'token-end';

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'cat'; readonly items: readonly Node[] }
  | { readonly kind: 'alt'; readonly items: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly node: Node;
      readonly min: number;
      /** Infinity when there is none. */
      readonly max: number;
      readonly isGreedy: boolean;
    }
  /** The group named `value`. */
  | { readonly kind: 'value'; readonly node: Node }
  | { readonly kind: 'assert'; readonly assertion: Assertion };

/** The node that matches the empty text. */
export const emptyNode: Node = { kind: 'empty' };

/** The set of the given bytes. */
export function setOf(...bytes: readonly number[]): ByteSet {
  const set = new Uint8Array(256);
  for (const byte of bytes) set[byte] = 1;
  return set;
}

/** The set of a range of bytes, both ends included. */
export function rangeSet(first: number, last: number): ByteSet {
  return new Uint8Array(256).fill(1, first, last + 1);
}

/** The union of sets. */
export function unionSet(...sets: readonly ByteSet[]): ByteSet {
  return new Uint8Array(256).map((_, byte) => (sets.some((set) => set[byte] === 1) ? 1 : 0));
}

/** Every byte that is not in the set. */
export function complementSet(set: ByteSet): ByteSet {
  return set.map((flag) => 1 - flag);
}

/** The set with the other case of every ASCII letter in it. */
export function foldSet(set: ByteSet): ByteSet {
  const folded = set.slice();
  for (let lower = 0x61; lower <= 0x7a; lower++) {
    const upper = lower - 0x20;
    if (set[lower] === 1 || set[upper] === 1) folded[lower] = folded[upper] = 1;
  }
  return folded;
}

/** `[0-9A-Za-z_]`, what `\b` and `\w` call a word. */
export const wordSet: ByteSet = unionSet(rangeSet(0x30, 0x39), rangeSet(0x41, 0x5a), rangeSet(0x61, 0x7a), setOf(0x5f));

/** `[0-9A-Za-z]`. */
export const alnumSet: ByteSet = unionSet(rangeSet(0x30, 0x39), rangeSet(0x41, 0x5a), rangeSet(0x61, 0x7a));

/** Whether a node can match the empty text. Assertions count as empty. */
export function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return true;
    case 'set':
      return false;
    case 'cat':
      return node.items.every(isNullable);
    case 'alt':
      return node.items.some(isNullable);
    case 'repeat':
      return node.min === 0 || isNullable(node.node);
    case 'value':
      return isNullable(node.node);
  }
}

/** Whether a node holds an assertion. */
export function hasAssertion(node: Node): boolean {
  switch (node.kind) {
    case 'empty':
    case 'set':
      return false;
    case 'assert':
      return true;
    case 'cat':
    case 'alt':
      return node.items.some(hasAssertion);
    case 'repeat':
    case 'value':
      return hasAssertion(node.node);
  }
}

/** Whether a node holds the group named `value`. */
export function hasValue(node: Node): boolean {
  switch (node.kind) {
    case 'empty':
    case 'set':
    case 'assert':
      return false;
    case 'value':
      return true;
    case 'cat':
    case 'alt':
      return node.items.some(hasValue);
    case 'repeat':
      return hasValue(node.node);
  }
}

/** The least and the most bytes a node can match. */
export function widthOf(node: Node): { readonly min: number; readonly max: number } {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return { min: 0, max: 0 };
    case 'set':
      return { min: 1, max: 1 };
    case 'value':
      return widthOf(node.node);
    case 'cat': {
      const widths = node.items.map(widthOf);
      return { min: widths.reduce((sum, w) => sum + w.min, 0), max: widths.reduce((sum, w) => sum + w.max, 0) };
    }
    case 'alt': {
      const widths = node.items.map(widthOf);
      return { min: Math.min(...widths.map((w) => w.min)), max: Math.max(...widths.map((w) => w.max)) };
    }
    case 'repeat': {
      const width = widthOf(node.node);
      return { min: width.min * node.min, max: width.max === 0 ? 0 : width.max * node.max };
    }
  }
}
