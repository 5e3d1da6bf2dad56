/** Runs a rule from an anchor, and remembers what came of it: several windows find an anchor, several anchors a value. */
import { isStartOf } from './boundary.ts';
import type { CompiledRule } from './compile.ts';
import { judge, wholeCharacters, type Outcome, type Range, type Scan } from './judge.ts';
import { noMatch, unresolved } from './regex/forward.ts';

/** What a rule came to last. */
interface Last {
  at: number;
  outcome: Outcome;
  start: number;
  end: number;
  judgement: Outcome;
  /** The scan in which it was asked. */
  epoch: number;
}

export interface Outcomes {
  /** Forgets the text before. To be called before each scan. */
  begin(): void;
  /** The range of the value, for the anchor at a position. */
  rangeAt(scan: Scan, rule: CompiledRule, at: number): Range | typeof noMatch | typeof unresolved;
  /** What the anchor at a position leads to. */
  outcomeAt(scan: Scan, rule: CompiledRule, at: number): Outcome;
}

/** @param rules by their number */
export function createOutcomes(rules: readonly CompiledRule[]): Outcomes {
  const lasts = rules.map((): Last => ({ at: -1, outcome: noMatch, start: -1, end: -1, judgement: noMatch, epoch: 0 }));
  let epoch = 0;

  /** What a rule came to last in this scan. */
  const lastOf = (rule: CompiledRule): Last | undefined => {
    const last = lasts[rule.index];
    if (last === undefined || last.epoch === epoch) return last;
    last.epoch = epoch;
    last.at = last.start = -1;
    rule.runs().forward.begin();
    return last;
  };

  const rangeAt = (scan: Scan, rule: CompiledRule, at: number): Range | typeof noMatch | typeof unresolved => {
    const { text } = scan;
    if (at < 0) return noMatch;
    lastOf(rule);
    if (rule.needsBoundary && !isStartOf(text, at, rule.start)) return noMatch;
    const { forward, backward } = rule.runs();
    // What stands before is known already and mostly short: it refutes most anchors without a run forward.
    const from = backward === undefined ? at : backward.start(text, at);
    if (from === noMatch) return noMatch;
    const end = forward.end(text, at, scan.isOpen);
    if (end < 0) return end === unresolved ? unresolved : noMatch;
    const group = forward.group(text, at, end);
    if (group.start - at > rule.lead) return noMatch;
    const start = rule.startsBefore ? from : group.start;
    const { extent } = rule;
    if (extent === undefined) return wholeCharacters(scan, start, group.end);
    const whole = extent.endOf(text, group.end);
    if (scan.isOpen && !whole.isSettled) return unresolved;
    return whole.end === group.end ? noMatch : { start, end: whole.end };
  };

  const judged = (scan: Scan, rule: CompiledRule, range: Range): Outcome => {
    const last = lastOf(rule);
    if (last === undefined) return judge(scan, rule, range);
    if (last.start !== range.start || last.end !== range.end) {
      last.start = range.start;
      last.end = range.end;
      last.judgement = judge(scan, rule, range);
    }
    return last.judgement;
  };

  return {
    begin() {
      epoch++;
    },
    rangeAt,
    outcomeAt(scan, rule, at) {
      // Before the text stands nothing; what a rule came to last is not to be taken for it.
      if (at < 0) return noMatch;
      const last = lastOf(rule);
      if (last?.at === at) return last.outcome;
      const range = rangeAt(scan, rule, at);
      const outcome = typeof range === 'number' ? range : judged(scan, rule, range);
      if (last !== undefined) {
        last.at = at;
        last.outcome = outcome;
      }
      return outcome;
    },
  };
}
