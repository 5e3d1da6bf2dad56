/** Compiles a rule: its pattern cut at an anchor into a backward and a forward automaton, its checks looked up. */
import { AppError } from '../core/errors.ts';
import type { Anchoring } from './anchors.ts';
import type { Extent } from './checks/check.ts';
import { checkNamed, type Check } from './checks/registry.ts';
import type { TokenStart } from './token-prefix.ts';
import type { ContextRule } from './context.ts';
import { fold } from './context-words.ts';
import { itemsBefore, itemsOf, planByWindows, planOf, type PatternPlan } from './plan.ts';
import type { Arena } from './regex/arena.ts';
import { createBackwardRun, type BackwardRun } from './regex/backward.ts';
import { createForwardRun, type ForwardRun } from './regex/forward.ts';
import { PatternError } from './regex/parse.ts';
import { compileProgram } from './regex/program.ts';
import type { Rule } from './rule.ts';

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
  /** Whether it is found by clusters. */
  readonly hasClusters: boolean;
  /** What it is found by; made anew each time: to be asked while tables are built, not kept. */
  readonly anchoring: Anchoring;
  /** Whether the pattern begins with a word boundary. */
  readonly isBounded: boolean;
  /** Its automata, made when a text first needs them: most rules are never asked. */
  readonly runs: () => Runs;
  /** What may stand before a match that begins at a word boundary. */
  readonly start: TokenStart;
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
  /** What says where the value ends, where its pattern does not. */
  readonly extent: Extent | undefined;
  readonly confirm: readonly Check[];
}

/**
 * Checks that a rule's pattern can run in linear time, without building its automata.
 *
 * @returns the literals of which every match holds at least one.
 * @throws AppError `ERR_RULES_INVALID` with the rule, the reason and what to do.
 */
export function checkRule(rule: Rule): readonly string[] {
  return explained(rule, () => planOf(rule.pattern).facts.keywords);
}

/**
 * Compiles one rule; its automata will live in the arena.
 *
 * @throws AppError `ERR_RULES_INVALID` with the rule, the reason and what to do.
 */
export function compileRule(rule: Rule, index: number, arena: Arena): CompiledRule {
  return explained(rule, () => compile(rule, index, arena, planOf(rule.pattern)));
}

/** As many rules as may do without clusters: each adds thousands of windows to a table that all share. */
const fewClustered = 8;

/**
 * Compiles the rules of a matcher. Where only a few of them are found by clusters, and windows could do for all of
 * those, no pass over the text looks for clusters.
 *
 * @throws AppError as {@link compileRule} does.
 */
export function compileRules(rules: readonly Rule[], arena: Arena): readonly CompiledRule[] {
  const compiled = rules.map((rule, index) => compileRule(rule, index, arena));
  const clustered = compiled.filter(({ hasClusters }) => hasClusters);
  if (clustered.length === 0 || clustered.length > fewClustered) return compiled;
  const instead = new Map<number, CompiledRule>();
  for (const { rule, index } of clustered) {
    const plan = planByWindows(rule.pattern);
    if (plan === undefined) return compiled;
    instead.set(index, compile(rule, index, arena, plan));
  }
  return compiled.map((rule) => instead.get(rule.index) ?? rule);
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

function compile(rule: Rule, index: number, arena: Arena, { facts, anchoring }: PatternPlan): CompiledRule {
  const { offsets, hasClusters, isBounded, startsBefore, before, reach, lead } = facts;
  const require = rule.require.map((name) => checkNamed(name, rule.id));
  let runs: Runs | undefined;
  const createRuns = (): Runs => {
    const items = itemsOf(rule.pattern);
    const forward = compileProgram(items.slice(facts.cut), false);
    return {
      forward: createForwardRun(forward, arena, reach, facts.tail),
      backward: facts.looksBehind
        ? createBackwardRun(
            compileProgram(itemsBefore(items, facts), true),
            arena,
            before,
            isBounded ? facts.start : undefined,
          )
        : undefined,
    };
  };
  return {
    rule,
    index,
    offsets,
    maxOffset: Math.max(0, ...offsets),
    hasClusters,
    isBounded,
    get anchoring() {
      return anchoring();
    },
    runs: () => (runs ??= createRuns()),
    start: facts.start,
    needsBoundary: isBounded && facts.isMatchStart,
    startsBefore,
    before,
    reach,
    lead,
    context: contextOf(rule),
    require,
    extent: require.find(({ extent }) => extent !== undefined)?.extent,
    confirm: rule.confirm.map((name) => checkNamed(name, rule.id)),
  };
}

function contextOf({ context }: Rule): ContextRule | undefined {
  if (context.words.length === 0) return undefined;
  return {
    words: context.words.map(fold),
    within: context.within,
    isAloneEnough: context.alone === true,
  };
}
