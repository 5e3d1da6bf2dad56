/** The rules of a selection as commands show, prove and lint them. */
import type { Rule } from '../detect/rule.ts';
import { lintRules, type LintProblem } from '../rules/lint.ts';
import { loadPackRules, loadRules } from '../rules/load.ts';
import { runExamples } from '../rules/run.ts';

/** A rule as it is printed. */
export type RuleView = Rule;

/** Every rule of a selection. @throws AppError `ERR_RULES_INVALID`, `ERR_INPUT_MISSING` */
export function readRules(selection: readonly string[]): readonly RuleView[] {
  return loadRules(selection);
}

/** Runs every rule's own examples. */
export function proveRules(selection: readonly string[]): ReturnType<typeof runExamples> {
  return runExamples(loadPackRules(selection));
}

/** Finds what is wrong or slow in a selection. */
export function lintSelection(selection: readonly string[]): readonly LintProblem[] {
  return lintRules(loadPackRules(selection));
}
