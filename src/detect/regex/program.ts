/** Compiles a tree into a program for automata: byte sets, splits, assertions, match. */
import { PatternError } from './parse.ts';
import { emptyNode, type Assertion, type ByteSet, type Node } from './syntax.ts';

/**
 * Where a byte stands to the group named `value`: before it, in it, or after it. Without such a group everything is in
 * it.
 */
type Phase = 0 | 1 | 2;

type Instruction =
  | { readonly op: 'set'; readonly set: ByteSet; readonly next: number; readonly phase: Phase }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'assert'; readonly assertion: Assertion; readonly next: number }
  | { readonly op: 'match' };

export interface Program {
  readonly code: readonly Instruction[];
  readonly start: number;
}

/** One element of a pattern's top level. */
export interface Item {
  readonly node: Node;
  readonly phase: Phase;
}

/**
 * Upper bounds beyond this count as unbounded: then two runs that began apart come to the same state, and a flood of
 * beginnings costs no more than one. A match stays limited by its window.
 */
export const exactRepeat = 255;

/** The most instructions of one program. */
const maxInstructions = 20_000;

/** Read from right to left, a line's start is its end. */
const mirrored: Readonly<Record<Assertion, Assertion>> = {
  'word-boundary': 'word-boundary',
  'not-word-boundary': 'not-word-boundary',
  'line-start': 'line-end',
  'line-end': 'line-start',
  'token-end': 'token-end',
};

/** Refuses items whose program would be too large, without making it. @throws PatternError */
export function checkSize(items: readonly Item[]): void {
  if (items.reduce((size, item) => size + sizeOf(item.node), 0) < maxInstructions) return;
  throw new PatternError('a pattern that is too large', 0, 'use smaller counts or fewer alternatives');
}

/** How many instructions a node becomes. */
function sizeOf(node: Node): number {
  switch (node.kind) {
    case 'empty':
      return 0;
    case 'set':
    case 'assert':
      return 1;
    case 'value':
      return sizeOf(node.node);
    case 'cat':
      return node.items.reduce((size, item) => size + sizeOf(item), 0);
    case 'alt':
      return node.items.reduce((size, item) => size + sizeOf(item), node.items.length - 1);
    case 'repeat': {
      const size = sizeOf(node.node);
      return node.min * size + (isLoop(node) ? size + 1 : (node.max - node.min) * (size + 1));
    }
  }
}

/** Whether a repeat becomes a loop instead of so many copies. */
function isLoop({ min, max }: { readonly min: number; readonly max: number }): boolean {
  return max > exactRepeat && max > min;
}

/** Compiles items in order; with `isReversed` the program reads them, and what is in them, from right to left. */
export function compileProgram(items: readonly Item[], isReversed: boolean): Program {
  const code: Instruction[] = [{ op: 'match' }];
  const emit = (instruction: Instruction): number => code.push(instruction) - 1;
  const ordered = (nodes: readonly Node[]): readonly Node[] => (isReversed ? nodes : nodes.toReversed());

  /** Emits a node so that `next` follows it; returns its entry. */
  const emitNode = (node: Node, next: number, phase: Phase): number => {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'set':
        return emit({ op: 'set', set: node.set, next, phase });
      case 'assert':
        return emit({ op: 'assert', assertion: isReversed ? mirrored[node.assertion] : node.assertion, next });
      case 'value':
        return emitNode(node.node, next, phase);
      case 'cat':
        return ordered(node.items).reduce((after, item) => emitNode(item, after, phase), next);
      case 'alt': {
        const entries = node.items.map((item) => emitNode(item, next, phase));
        return entries.reduceRight((second, first) => emit({ op: 'split', first, second }));
      }
      case 'repeat':
        return emitRepeat(node, next, phase);
    }
  };

  const emitRepeat = (node: Extract<Node, { kind: 'repeat' }>, next: number, phase: Phase): number => {
    const branch = (body: number, after: number): number =>
      emit(node.isGreedy ? { op: 'split', first: body, second: after } : { op: 'split', first: after, second: body });
    let entry = next;
    if (isLoop(node)) {
      const loop: Instruction = { op: 'split', first: 0, second: 0 };
      entry = emit(loop);
      const body = emitNode(node.node, entry, phase);
      loop.first = node.isGreedy ? body : next;
      loop.second = node.isGreedy ? next : body;
    } else {
      for (let i = node.min; i < node.max; i++) entry = branch(emitNode(node.node, entry, phase), next);
    }
    for (let i = 0; i < node.min; i++) entry = emitNode(node.node, entry, phase);
    return entry;
  };

  const inOrder = isReversed ? items : items.toReversed();
  const start = inOrder.reduce((next, item) => emitNode(item.node, next, item.phase), 0);
  return { code, start };
}

/** A pattern's top level as a list: nested sequences and the group named `value` are opened. */
export function toItems(node: Node, hasGroup: boolean): readonly Item[] {
  const items: Item[] = [];
  let isPast = false;
  const walk = (node: Node, isInside: boolean): void => {
    if (node.kind === 'cat') {
      for (const item of node.items) walk(item, isInside);
    } else if (node.kind === 'value') {
      walk(node.node, true);
      isPast = true;
    } else if (node !== emptyNode && node.kind !== 'empty') {
      items.push({ node, phase: !hasGroup || isInside ? 1 : isPast ? 2 : 0 });
    }
  };
  walk(node, false);
  return items;
}
