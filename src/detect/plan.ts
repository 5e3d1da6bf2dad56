/** What is worked out once of a pattern, before any text: where it is cut, what it is found by, how far it reaches. */
import { chooseAnchoring, windowsInstead, type Anchoring } from './anchors.ts';
import { keywordsAt } from './anchors-keywords.ts';
import { unpackLazily, type Packed, type Packer } from './packed.ts';
import { parsePattern, PatternError } from './regex/parse.ts';
import { checkSize, toItems, type Item } from './regex/program.ts';
import { tokenStartOf, withTokenEnd, type TokenStart } from './token-prefix.ts';
import { hasAssertion, hasValue, isNullable, widthOf } from './regex/syntax.ts';

/** The most bytes after its anchor that a match can take; what is unbounded in a pattern is bounded by it. */
const maxReach = 16_384;

/** The most bytes between an anchor and the group; a match that needs more is none. */
const maxLead = 512;

/** Facts of a pattern: plain data, so that it can be written down. */
export interface PatternFacts {
  /** The index of the first item that is matched forward. */
  readonly cut: number;
  /** The literals of which every match holds at least one. */
  readonly keywords: readonly string[];
  /** How far beyond its anchor its windows begin, each distance once. */
  readonly offsets: readonly number[];
  /** Whether it is found by clusters, which take a pass over the text of their own. */
  readonly hasClusters: boolean;
  /** Whether the pattern begins with a word boundary. */
  readonly isBounded: boolean;
  /** What may stand before it all the same. */
  readonly start: TokenStart;
  /** Whether the match begins at the anchor itself. */
  readonly isMatchStart: boolean;
  /** Whether what precedes the anchor must be looked at. */
  readonly looksBehind: boolean;
  /** Whether the group begins where the match does, before the anchor. */
  readonly startsBefore: boolean;
  /** The most bytes before the anchor that matter. */
  readonly before: number;
  /** The most bytes after the anchor that matter. */
  readonly reach: number;
  /** The width of what follows the group, when it is fixed. */
  readonly tail?: number;
  /** The most bytes from the anchor to the start of the group. */
  readonly lead: number;
}

export interface PatternPlan {
  readonly facts: PatternFacts;
  /** What it is found by: large, and needed only while tables are built, so that a plan that was read makes it anew. */
  readonly anchoring: () => Anchoring;
}

/** A pattern's items, checked for where its group may stand. @throws PatternError */
export function itemsOf(pattern: string): readonly Item[] {
  const tree = parsePattern(pattern);
  const items = toItems(tree, hasValue(tree));
  if (items.some((item) => hasValue(item.node))) {
    throw new PatternError(
      'the group named value inside an alternation or a repeat',
      Math.max(0, pattern.indexOf('<value>')),
      'let it stand in every match exactly once: put the alternatives inside it',
    );
  }
  checkSize(items);
  if (items.every((item) => isNullable(item.node))) {
    throw new PatternError('a pattern that matches the empty text', 0, 'make a part of it obligatory');
  }
  return tokenStartOf(items) === 'word' ? items : withTokenEnd(items);
}

/** The items before the anchor that are matched backward: a word boundary at the start is looked at by itself. */
export function itemsBefore(
  items: readonly Item[],
  { cut, isBounded }: Pick<PatternFacts, 'cut' | 'isBounded'>,
): readonly Item[] {
  return items.slice(isBounded ? 1 : 0, cut);
}

/** How many plans are remembered of those that were worked out here: all rules that ship, and as many again. */
const mostPlans = 2048;
/** By pattern: a rule is checked when it is loaded and compiled right after, and a plan is most of the cost of both. */
const workedOut = new Map<string, PatternPlan>();
/** Those that were worked out before and read. */
const remembered = new Map<string, PatternPlan>();

/** The plan of a pattern. @throws PatternError */
export function planOf(pattern: string): PatternPlan {
  const known = remembered.get(pattern) ?? workedOut.get(pattern);
  if (known !== undefined) return known;
  const items = itemsOf(pattern);
  const plan = workOut(items, chooseAnchoring(items));
  if (workedOut.size >= mostPlans) workedOut.clear();
  workedOut.set(pattern, plan);
  return plan;
}

/** A plan without clusters for a pattern that {@link planOf} finds by them; undefined where its windows are too common. */
export function planByWindows(pattern: string): PatternPlan | undefined {
  const items = itemsOf(pattern);
  const anchoring = windowsInstead(items);
  return anchoring === undefined ? undefined : workOut(items, anchoring);
}

function workOut(items: readonly Item[], anchoring: Anchoring): PatternPlan {
  const { cut } = anchoring;
  const rest = items.slice(cut);
  const first = items[0]?.node;
  const isBounded = first?.kind === 'assert' && first.assertion === 'word-boundary';
  const startsBefore = items.slice(0, cut).some((item) => item.phase === 1);
  const preceding = itemsBefore(items, { cut, isBounded });
  const isMatchStart = preceding.every((item) => item.node.kind === 'empty');
  // What may be absent, holds no assertion and no part of the value says nothing about a match.
  const isIdle =
    !isBounded && !startsBefore && preceding.every((item) => isNullable(item.node) && !hasAssertion(item.node));
  const trailing = rest.filter((item) => item.phase === 2).map((item) => widthOf(item.node));
  const facts: PatternFacts = {
    cut,
    keywords: keywordsAt(items, cut),
    offsets: [...new Set([...anchoring.windows, ...anchoring.clusters].map((window) => window.offset))],
    hasClusters: anchoring.clusters.length > 0,
    isBounded,
    start: tokenStartOf(items),
    isMatchStart,
    looksBehind: !isMatchStart && !isIdle,
    startsBefore,
    before: mostOf(preceding),
    reach: Math.min(maxReach, mostOf(rest)),
    ...(trailing.every(({ min, max }) => min === max) ? { tail: sum(trailing.map(({ min }) => min)) } : {}),
    lead: Math.min(maxLead, mostOf(rest.filter((item) => item.phase === 0))),
  };
  return { facts, anchoring: () => anchoring };
}

/** A plan as it is written down: what it is found by is unpacked only where tables are built. */
export interface PackedPlan {
  readonly facts: PatternFacts;
  readonly anchoring: Packed<Anchoring>;
}

/** Packs the plan of a pattern. @throws PatternError */
export function packPlan(pattern: string, packer: Packer): PackedPlan {
  const { facts, anchoring } = planOf(pattern);
  return { facts, anchoring: packer.pack(anchoring()) };
}

/**
 * Takes over plans by their patterns, as {@link packPlan} packed them: they are worked out no more.
 *
 * SECURITY: they are believed. They must come from where the program comes from, and from this version of it.
 */
export function rememberPlans(plans: Iterable<readonly [pattern: string, plan: PackedPlan]>, bytes: Uint8Array): void {
  for (const [pattern, { facts, anchoring }] of plans) {
    remembered.set(pattern, {
      facts,
      anchoring: () => unpackLazily(anchoring, bytes),
    });
  }
}

function mostOf(items: readonly Item[]): number {
  return sum(items.map((item) => widthOf(item.node).max));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
