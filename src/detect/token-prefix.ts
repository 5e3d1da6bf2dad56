/** Tells patterns of tokens with a prefix of their own (`ghp_`, `AKIA`): nobody else writes it, whatever touches it. */
import type { Item } from './regex/program.ts';
import type { ByteSet, Node } from './regex/syntax.ts';

/** Shorter prefixes are found in the middle of words and of other tokens. */
const leastPrefix = 4;
/** So much of a prefix is told apart, in so many spellings. */
const mostPrefix = 12;
const mostSpellings = 64;
/** The most bytes that one place of a prefix may hold. */
const mostChoices = 6;

/** What stands in prefixes and in names alike: `test_` alone names no vendor. */
const plainWords = new Set(
  (
    'access account admin api app auth bot client cloud data dev eu id int key live master org oauth pat personal prod ' +
    'private production project pub public refresh sandbox sec secret service session staging test token us user v'
  ).split(' '),
);

/** How freely a token may be touched by what stands before it: not at all, by `_`, or also by a letter in lower case. */
export type TokenStart = 'word' | 'token' | 'capitals';

interface Prefix {
  readonly text: string;
  readonly isOpen: boolean;
}

/** What a pattern's items say of how its matches may begin, its value standing right behind a word boundary. */
export function tokenStartOf(items: readonly Item[]): TokenStart {
  const [first, second] = items;
  if (first?.node.kind !== 'assert' || first.node.assertion !== 'word-boundary' || second?.phase !== 1) return 'word';
  const prefixes = prefixesOf(
    items.slice(1).map((item) => item.node),
    [{ text: '', isOpen: true }],
  ).map(({ text }) => text);
  if (!prefixes.every(isDistinct)) return 'word';
  return prefixes.every((prefix) => /^[A-Z]{4}/.test(prefix)) ? 'capitals' : 'token';
}

/** Whether a prefix names whoever issues the tokens that begin with it. */
function isDistinct(prefix: string): boolean {
  if (/^[A-Z]{4}/.test(prefix)) return true;
  if (prefix.length < leastPrefix || !/[_-]|\d|[a-z][A-Z]|[A-Z][a-z]/.test(prefix)) return false;
  return prefix.split(/[^A-Za-z]+/).some((word) => word.length >= 2 && !plainWords.has(word.toLowerCase()));
}

function prefixesOf(nodes: readonly Node[], from: readonly Prefix[]): readonly Prefix[] {
  return nodes.reduce((prefixes, node) => {
    if (!prefixes.some(({ isOpen }) => isOpen)) return prefixes;
    const next = prefixes.flatMap((prefix) => (prefix.isOpen ? continued(prefix, node) : [prefix]));
    return next.length > mostSpellings ? prefixes.map(closed) : next;
  }, from);
}

function closed(prefix: Prefix): Prefix {
  return { ...prefix, isOpen: false };
}

function continued(prefix: Prefix, node: Node): readonly Prefix[] {
  switch (node.kind) {
    case 'empty':
      return [prefix];
    case 'assert':
      return [closed(prefix)];
    case 'set': {
      const chars = charsOf(node.set);
      if (chars.length > mostChoices) return [closed(prefix)];
      return chars.map((char) => ({ text: prefix.text + char, isOpen: prefix.text.length + 1 < mostPrefix }));
    }
    case 'cat':
      return prefixesOf(node.items, [prefix]);
    case 'alt':
      return node.items.flatMap((item) => continued(prefix, item));
    case 'value':
      return continued(prefix, node.node);
    case 'repeat':
      if (node.min === 1 && node.max === 1) return continued(prefix, node.node);
      if (node.min === 0 && node.max === 1) return [prefix, ...continued(prefix, node.node)];
      return [closed(prefix)];
  }
}

/** The characters of a set, those of both cases once. */
function charsOf(set: ByteSet): readonly string[] {
  const chars = [...set.keys()].filter((byte) => set[byte] === 1).map((byte) => String.fromCharCode(byte));
  return chars.filter((char) => !/[A-Z]/.test(char) || !chars.includes(char.toLowerCase()));
}

const underscore = '_'.charCodeAt(0);

/**
 * The items of such a pattern, its last word boundary one that `_` is too: where the value cannot hold one itself, one that
 * follows is no part of it.
 */
export function withTokenEnd(items: readonly Item[]): readonly Item[] {
  const last = items.at(-1);
  if (last?.node.kind !== 'assert' || last.node.assertion !== 'word-boundary') return items;
  const before = items.at(-2);
  if (before === undefined || mayHoldUnderscore(before.node)) return items;
  return [...items.slice(0, -1), { ...last, node: { kind: 'assert', assertion: 'token-end' } }];
}

function mayHoldUnderscore(node: Node): boolean {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return false;
    case 'set':
      return node.set[underscore] === 1;
    case 'cat':
    case 'alt':
      return node.items.some(mayHoldUnderscore);
    case 'value':
    case 'repeat':
      return mayHoldUnderscore(node.node);
  }
}
