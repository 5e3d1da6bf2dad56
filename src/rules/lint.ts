/** What the loader cannot refuse but an author should mend. */
import { shareOfWindows } from '../detect/anchors.ts';
import { itemsOf } from '../detect/plan.ts';
import { impliesKeywords } from '../detect/anchors-keywords.ts';
import { exactRepeat } from '../detect/regex/program.ts';
import { widthOf } from '../detect/regex/syntax.ts';
import { parsePattern } from '../detect/regex/parse.ts';
import type { PackRule } from './pack.ts';
import { findOverlaps } from './overlap.ts';
import { runExamples } from './run.ts';

/** One thing that is wrong with a rule, where it stands, and what to do. */
export interface LintProblem {
  readonly rule: string;
  /** `file:line:column` of the rule. */
  readonly place: string;
  readonly problem: string;
  readonly fix: string;
}

/** A rule that is looked at closer more often than this slows every text. The costliest that ships has 5,200. */
const mostPerMegabyte = 6000;

/** Checks rules that have been loaded; runs their examples too. An empty list means that all is well. */
export function lintRules(rules: readonly PackRule[]): readonly LintProblem[] {
  const issues = rules.flatMap(lintRule);
  const places = new Map<string, PackRule>();
  for (const entry of rules) {
    const same = places.get(entry.rule.pattern + entry.rule.require.join());
    if (same === undefined) {
      places.set(entry.rule.pattern + entry.rule.require.join(), entry);
    } else {
      issues.push(issue(entry, `the same pattern as ${same.rule.id}`, 'keep one of the two'));
    }
  }
  for (const { entry, other } of findOverlaps(rules)) {
    const fix = 'tell the two apart, or give both the same kind';
    issues.push(issue(entry, `finds only what ${other.rule.id} finds as ${other.rule.kind}`, fix));
  }
  for (const { rule, place, expected, example } of runExamples(rules).failures) {
    const problem =
      expected === 'match' ? 'finds nothing in an example it should match' : 'matches what it should ignore';
    issues.push({
      rule,
      place,
      problem: `${problem}: ${example}`,
      fix: 'mend the pattern, its checks, or the example',
    });
  }
  return issues;
}

function lintRule(entry: PackRule): readonly LintProblem[] {
  const { rule } = entry;
  const items = itemsOf(rule.pattern);
  const issues: LintProblem[] = [];
  if (rule.keywords.length > 0 && !impliesKeywords(items, rule.keywords)) {
    issues.push(issue(entry, 'keywords that a match need not contain', 'remove keywords: they are derived'));
  }
  const width = widthOf(parsePattern(rule.pattern));
  if (width.max === Infinity && rule.isGeneric && width.min < 4) {
    issues.push(issue(entry, 'an unbounded generic pattern', `bound its repeats, at most {,${exactRepeat}}`));
  }
  const perMegabyte = Math.round(shareOfWindows(items) * 1e6);
  if (perMegabyte > mostPerMegabyte) {
    const problem = `nothing in it is rare: some ${perMegabyte.toLocaleString('en')} places in a megabyte of code are looked at for it`;
    issues.push(issue(entry, problem, 'begin it with a word or a sign that stands before the value'));
  }
  if (rule.category === 'regulated' && rule.regimes.length === 0) {
    issues.push(issue(entry, 'a regulated kind without a regime', 'name the laws it is about in regimes'));
  }
  return issues;
}

function issue({ rule, place }: PackRule, problem: string, fix: string): LintProblem {
  return { rule: rule.id, place, problem, fix };
}
