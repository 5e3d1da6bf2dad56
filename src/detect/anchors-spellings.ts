/** The ways in which a part of a pattern can begin, byte for byte. */
import type { ByteSet, Node } from './regex/syntax.ts';

/** The most spellings of a pattern's beginning that are told apart. */
const maxSpellings = 512;
/** Of so many bytes a spelling need not be told apart any further. */
const enoughBytes = 6;
/** How many bytes of a spelling are looked at. */
export const spellingBytes = 32;

/** One way in which a part of a pattern can begin. */
export interface Spelling {
  readonly sets: readonly ByteSet[];
  /** Whether what follows stands at a known distance. */
  readonly isOpen: boolean;
  /** Whether it begins with a word boundary. */
  readonly isBounded: boolean;
}

/** The ways in which a sequence of nodes can begin, each up to where the position is no longer known. */
export function spell(nodes: readonly Node[]): readonly Spelling[] {
  let spellings: readonly Spelling[] = [{ sets: [], isOpen: true, isBounded: false }];
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
  const isBounded = spelling.isBounded || (spelling.sets.length === 0 && more.isBounded);
  return { sets, isOpen: more.isOpen && sets.length < spellingBytes, isBounded };
}

function continuations(node: Node): readonly Spelling[] {
  switch (node.kind) {
    case 'empty':
      return [{ sets: [], isOpen: true, isBounded: false }];
    case 'assert':
      return [{ sets: [], isOpen: true, isBounded: node.assertion === 'word-boundary' }];
    case 'set':
      return [{ sets: [node.set], isOpen: true, isBounded: false }];
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
