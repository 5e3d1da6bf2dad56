/** Compiles a rule: its pattern cut at an anchor into a backward and a forward automaton, its checks looked up. */
import { AppError } from '../core/errors.ts';
import { chooseAnchoring, keywordsAt, type Anchoring } from './anchors.ts';
import { checkNamed, type Check } from './checks/registry.ts';
import { foldWord, type ContextRule } from './context.ts';
import { createBackwardRun, type BackwardRun } from './regex/backward.ts';
import { createForwardRun, type ForwardRun } from './regex/forward.ts';
import { parsePattern, PatternError } from './regex/parse.ts';
import type { Arena } from './regex/arena.ts';
import { checkSize, compileProgram, toItems, type Item } from './regex/program.ts';
import { hasAssertion, hasValue, isNullable, widthOf } from './regex/syntax.ts';
import type { Rule } from './rule.ts';

/** The most bytes after its anchor that a match can take; what is unbounded in a pattern is bounded by it. */
const maxReach = 16_384;

/** The most bytes between an anchor and the group; a match that needs more is none. */
const maxLead = 512;

/** A rule's automata. */
interface Runs {
  readonly forward: ForwardRun;
  /** Present when what precedes the anchor must be looked at. */
  readonly backward: BackwardRun | undefined;
}

export interface CompiledRule {
  readonly rule: Rule;
  /** Its place among the rules of its matcher. */
  readonly index: number;
  /** How far beyond its anchor its windows begin, each distance once. */
  readonly offsets: readonly number[];
  /** The farthest of them. */
  readonly maxOffset: number;
  readonly anchoring: Anchoring;
  /** Whether the pattern begins with a word boundary. */
  readonly isBounded: boolean;
  /** Its automata, made when a text first needs them: most rules are never asked. */
  readonly runs: () => Runs;
  /** Whether the match must begin at a word boundary and begins at the anchor itself. */
  readonly needsBoundary: boolean;
  /** Whether the group begins where the match does, before the anchor. */
  readonly startsBefore: boolean;
  /** The most bytes before the anchor that matter. */
  readonly before: number;
  /** The most bytes after the anchor that matter. */
  readonly reach: number;
  /** The most bytes from the anchor to the start of the group. */
  readonly lead: number;
  /** What must stand around the value, where the rule asks for it. */
  readonly context: ContextRule | undefined;
  readonly require: readonly Check[];
  readonly confirm: readonly Check[];
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
  return items;
}

/** A pattern's items and where it is cut. */
interface Plan {
  readonly items: readonly Item[];
  readonly anchoring: Anchoring;
}

/** How many plans are remembered: all rules that ship, and as many again. */
const mostPlans = 2048;
/** Plans by pattern: a rule is checked when it is loaded and compiled right after, and finding its anchor is most of both. */
const plans = new Map<string, Plan>();

/** @throws PatternError */
function planOf(pattern: string): Plan {
  const known = plans.get(pattern);
  if (known !== undefined) return known;
  const items = itemsOf(pattern);
  const plan = { items, anchoring: chooseAnchoring(items) };
  if (plans.size >= mostPlans) plans.clear();
  plans.set(pattern, plan);
  return plan;
}

/**
 * Checks that a rule's pattern can run in linear time, without building its automata.
 *
 * @returns the literals of which every match holds at least one.
 * @throws AppError `ERR_RULES_INVALID` with the rule, the reason and what to do.
 */
export function checkRule(rule: Rule): readonly string[] {
  return explained(rule, () => {
    const { items, anchoring } = planOf(rule.pattern);
    return keywordsAt(items, anchoring.cut);
  });
}

/**
 * Compiles one rule; its automata will live in the arena.
 *
 * @throws AppError `ERR_RULES_INVALID` with the rule, the reason and what to do.
 */
export function compileRule(rule: Rule, index: number, arena: Arena): CompiledRule {
  return explained(rule, () => compile(rule, index, arena));
}

function explained<T>(rule: Rule, work: () => T): T {
  try {
    return work();
  } catch (error: unknown) {
    if (!(error instanceof PatternError)) throw error;
    throw new AppError(
      'ERR_RULES_INVALID',
      `rule ${rule.id}: ${error.message}, at character ${error.at + 1} of its pattern`,
      {
        cause: error,
        hint: error.fix,
        details: { rule: rule.id, at: error.at },
      },
    );
  }
}

function compile(rule: Rule, index: number, arena: Arena): CompiledRule {
  const { items, anchoring } = planOf(rule.pattern);
  const rest = items.slice(anchoring.cut);
  const startsBefore = items.slice(0, anchoring.cut).some((item) => item.phase === 1);
  const first = items[0]?.node;
  const isBounded = first?.kind === 'assert' && first.assertion === 'word-boundary';
  const preceding = items.slice(isBounded ? 1 : 0, anchoring.cut);
  const isMatchStart = preceding.every((item) => item.node.kind === 'empty');
  // What may be absent, holds no assertion and no part of the value says nothing about a match.
  const isIdle =
    !isBounded && !startsBefore && preceding.every((item) => isNullable(item.node) && !hasAssertion(item.node));
  const before = widthBefore(preceding);
  const reach = Math.min(maxReach, sum(rest.map((item) => widthOf(item.node).max)));
  const trailing = rest.filter((item) => item.phase === 2).map((item) => widthOf(item.node));
  const tail = trailing.every((width) => width.min === width.max) ? sum(trailing.map((width) => width.min)) : undefined;
  const leading = rest.filter((item) => item.phase === 0).map((item) => widthOf(item.node).max);
  const offsets = [...new Set([...anchoring.windows, ...anchoring.clusters].map((window) => window.offset))];
  let runs: Runs | undefined;
  return {
    rule,
    index,
    offsets,
    maxOffset: Math.max(0, ...offsets),
    isBounded,
    anchoring,
    runs() {
      runs ??= {
        forward: createForwardRun(compileProgram(rest, false), arena, reach, tail),
        backward:
          isMatchStart || isIdle
            ? undefined
            : createBackwardRun(compileProgram(preceding, true), arena, before, isBounded),
      };
      return runs;
    },
    needsBoundary: isBounded && isMatchStart,
    startsBefore,
    before,
    reach,
    lead: Math.min(maxLead, sum(leading)),
    context: contextOf(rule),
    require: rule.require.map((name) => checkNamed(name, rule.id)),
    confirm: rule.confirm.map((name) => checkNamed(name, rule.id)),
  };
}

function contextOf({ context }: Rule): ContextRule | undefined {
  if (context.words.length === 0) return undefined;
  return {
    words: context.words.map(foldWord),
    within: context.within,
    isAloneEnough: context.alone === true,
  };
}

function widthBefore(items: readonly Item[]): number {
  return sum(items.map((item) => widthOf(item.node).max));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
