/** Fills the placeholders of rule examples with fresh text, so that no real-looking secret is ever committed. */
import { Buffer } from 'node:buffer';
import { findCheck } from '../detect/checks/registry.ts';
import { parsePattern } from '../detect/regex/parse.ts';
import type { ByteSet, Node } from '../detect/regex/syntax.ts';
import type { Rule } from '../detect/rule.ts';

/** Numbers from 0 up to, and without, 1: the same for the same seed. */
export type Random = () => number;

/** A generator for a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const alphabets: Readonly<Record<string, string>> = {
  digits,
  hex: '0123456789abcdef',
  letters: lower + lower.toUpperCase(),
  alnum: lower + lower.toUpperCase() + digits,
  upper: `${lower.toUpperCase()}234567`,
  random: lower + lower.toUpperCase() + digits,
};

/** How many more repetitions than the least a generated text has. */
const extraRepeats = 6;

/**
 * Fills an example's placeholders:
 * - `{{valid}}`: a text that fits the pattern's group (else the whole pattern) and the checks that the rule names;
 * - `{{digits:N}} {{hex:N}} {{letters:N}} {{alnum:N}} {{upper:N}} {{random:N}}`: N characters; `random` holds each kind;
 * - `{{password}}`: what a person's password manager would make; `{{mustache}}`: a template's interpolation.
 */
export function fillExample(example: string, rule: Rule, random: Random): string {
  return example.replaceAll(/\{\{(\w+)(?::(\d+))?\}\}/g, (whole, name: string, count: string | undefined) => {
    if (name === 'valid') return validFor(rule, random);
    if (name === 'password') return passwordFrom(random);
    if (name === 'mustache') return '{{ token }}';
    const alphabet = alphabets[name];
    if (alphabet === undefined || count === undefined) return whole;
    const text = pick(alphabet, Number(count), random);
    return name === 'random' ? `q7K${text.slice(3)}` : text;
  });
}

const treeByRule = new WeakMap<Rule, Node>();

function treeOf(rule: Rule): Node {
  const tree = treeByRule.get(rule) ?? parsePattern(rule.pattern);
  treeByRule.set(rule, tree);
  return tree;
}

/** A fresh value for a rule. */
export function validFor(rule: Rule, random: Random): string {
  const tree = treeOf(rule);
  const bytes = sample(findValue(tree) ?? tree, random);
  const sampled = Buffer.from(bytes, 'latin1').toString('utf8');
  return [...rule.require, ...rule.confirm].reduce((value, name) => findCheck(name)?.fix?.(value) ?? value, sampled);
}

/** An example for a rule: a text that fits its whole pattern, with `{{valid}}` where the value stands. */
export function exampleOf(rule: Rule, random: Random): string {
  const tree = treeOf(rule);
  if (findValue(tree) === undefined) return '{{valid}}';
  return Buffer.from(sample(tree, random, '{{valid}}'), 'latin1').toString('utf8');
}

function passwordFrom(random: Random): string {
  return `${pick(alphabets['alnum'] ?? '', 9, random)}7!${pick(lower, 3, random)}K`;
}

function pick(alphabet: string, count: number, random: Random): string {
  return Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

function findValue(node: Node): Node | undefined {
  switch (node.kind) {
    case 'value':
      return node.node;
    case 'cat':
    case 'alt':
      return node.items.map(findValue).find((found) => found !== undefined);
    case 'repeat':
      return findValue(node.node);
    case 'empty':
    case 'set':
    case 'assert':
      return undefined;
  }
}

/** Bytes that a node matches, each as one character; `value` in place of what its group matches. */
function sample(node: Node, random: Random, value?: string): string {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return '';
    case 'set':
      return sampleSet(node.set, random);
    case 'value':
      return value ?? sample(node.node, random);
    case 'cat':
      return node.items.map((item) => sample(item, random, value)).join('');
    case 'alt':
      return sample(node.items[Math.floor(random() * node.items.length)] ?? { kind: 'empty' }, random, value);
    case 'repeat': {
      const most = Math.min(node.max, node.min === 0 ? 1 : node.min + extraRepeats);
      const count = node.min + Math.floor(random() * (most - node.min + 1));
      return Array.from({ length: count }, () => sample(node.node, random, value)).join('');
    }
  }
}

/** What is drawn from of each set: a pattern's sets are few and repeat. */
const alphabetBySet = new WeakMap<ByteSet, readonly string[]>();

/** Letters and digits where the set has them, else any printable character. */
function alphabetOf(set: ByteSet): readonly string[] {
  const known = alphabetBySet.get(set);
  if (known !== undefined) return known;
  const members = [...set.keys()].filter((byte) => set[byte] === 1).map((byte) => String.fromCharCode(byte));
  const plain = members.filter((char) => /[A-Za-z0-9]/.test(char));
  const printable = members.filter((char) => /[\x20-\x7e]/.test(char));
  const alphabet = plain.length > 0 ? plain : printable.length > 0 ? printable : members;
  alphabetBySet.set(set, alphabet);
  return alphabet;
}

function sampleSet(set: ByteSet, random: Random): string {
  const alphabet = alphabetOf(set);
  return alphabet[Math.floor(random() * alphabet.length)] ?? '';
}
