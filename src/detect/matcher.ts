/** The plain-TypeScript matcher: a prefilter over bytes, then automata in the windows around its hits. */
import { Buffer } from 'node:buffer';
import type { Confidence } from '../core/finding.ts';
import { boundaryReach, isBoundary } from './boundary.ts';
import { examinedBytes } from './checks/check.ts';
import { compileRule, type CompiledRule } from './compile.ts';
import { contextAround, headingReach } from './context.ts';
import { entropyOf } from './entropy.ts';
import type { Match, Matcher, ScanResult } from './match.ts';
import { createPrefilter, mostCollected, type Entry } from './prefilter.ts';
import { noMatch, unresolved } from './regex/forward.ts';
import { createRepetition } from './repetition.ts';
import type { Rule } from './rule.ts';
import { windowSize } from './anchors.ts';

/** Bytes after a value that decide whether its last character is whole. */
const characterTail = 3;

interface Range {
  readonly start: number;
  readonly end: number;
}

const noMatches: readonly Match[] = [];

type Outcome = Match | typeof noMatch | typeof unresolved;

/** One scan of one text; `epoch` tells the automata when what they remember is of another text. */
interface Scan {
  readonly text: Uint8Array;
  readonly isOpen: boolean;
}

/**
 * Compiles rules into a matcher.
 *
 * @throws AppError `ERR_RULES_INVALID` for a rule that cannot run in linear time, with the reason and the fix.
 */
export function createMatcher(rules: readonly Rule[]): Matcher {
  const compiled = rules.map((rule, index) => compileRule(rule, index));
  const prefilter = createPrefilter(
    compiled.flatMap((rule, index) =>
      rule.anchoring.windows.map(({ key, offset }) => ({ key, entry: { rule: index, offset } })),
    ),
  );
  const byteRules = compiled.flatMap((rule) => (rule.anchoring.byte === undefined ? [] : [rule]));
  const specificByteRules = byteRules.filter(({ rule }) => !rule.isGeneric);
  const hits = prefilter.createHits();
  const epochs = new Uint32Array(compiled.length);
  let epoch = 0;

  const maxOffset = Math.max(0, ...compiled.map((c) => c.maxOffset));
  const lead = maxOffset + Math.max(0, ...compiled.map((c) => c.lead + c.before));
  const specificLead =
    maxOffset + Math.max(0, ...compiled.filter((c) => !c.rule.isGeneric).map((c) => c.lead + c.before));
  const lookBehind = lead * 2 + boundaryReach + Math.max(0, ...compiled.map((c) => reachBack(c)));
  const lookAhead = Math.max(windowSize, ...compiled.map((c) => c.reach + 1 + reachAhead(c)));

  const repetition = createRepetition(
    prefilter.lists.map((entries) => Math.max(...entries.map(({ rule }) => neededAfter(compiled[rule])))),
    lookBehind,
  );

  /** The range of the value, for the anchor at a position. */
  const rangeAt = (scan: Scan, rule: CompiledRule, at: number): Range | typeof noMatch | typeof unresolved => {
    const { text } = scan;
    if (at < 0) return noMatch;
    if (epochs[rule.index] !== epoch) {
      epochs[rule.index] = epoch;
      rule.forward.begin();
    }
    if (rule.needsBoundary && !isBoundary(text, at)) return noMatch;
    // What stands before is known already and mostly short: it refutes most anchors without a run forward.
    const from = rule.backward === undefined ? at : rule.backward(text, at);
    if (from === noMatch) return noMatch;
    const end = rule.forward.end(text, at, scan.isOpen);
    if (end < 0) return end === unresolved ? unresolved : noMatch;
    const group = rule.forward.group(text, at, end);
    if (group.start - at > rule.lead) return noMatch;
    return wholeCharacters(scan, rule.startsBefore ? from : group.start, group.end);
  };

  const outcomeAt = (scan: Scan, rule: CompiledRule, at: number): Outcome => {
    const range = rangeAt(scan, rule, at);
    return typeof range === 'number' ? range : judge(scan, rule, range);
  };

  /** Whether an earlier window of the same anchor speaks for it already. */
  const isRepeated = (scan: Scan, rule: CompiledRule, at: number, offset: number): boolean =>
    rule.offsets.some(
      (other) =>
        other < offset &&
        prefilter.entries(scan.text, at + other).some((entry) => entry.rule === rule.index && entry.offset === other),
    );

  /**
   * A value that several anchors lead to belongs to the last of them, so that each is reported once however the text
   * grows.
   */
  const hasLaterTwin = (scan: Scan, rule: CompiledRule, at: number, match: Match): boolean | typeof unresolved => {
    // The window of a twin stands in the value only where the value itself began before the anchor.
    const last = rule.startsBefore ? match.end : Math.min(match.end, match.start + rule.maxOffset + windowSize);
    const limit = last - windowSize + 1;
    for (let p = prefilter.next(scan.text, at + 1, limit); p >= 0; p = prefilter.next(scan.text, p + 1, limit)) {
      for (const entry of prefilter.entries(scan.text, p)) {
        if (entry.rule !== rule.index || p - entry.offset <= at) continue;
        const range = rangeAt(scan, rule, p - entry.offset);
        if (range === unresolved) return unresolved;
        if (range !== noMatch && range.start === match.start && range.end === match.end) return true;
      }
    }
    return false;
  };

  /** Whether a specific rule finds a value that spans the range of a generic one. */
  const isCovered = (scan: Scan, match: Match): boolean | typeof unresolved => {
    const from = Math.max(0, match.start - specificLead);
    const limit = Math.min(match.end, scan.text.length - windowSize + 1);
    for (let p = prefilter.next(scan.text, from, limit); p >= 0; p = prefilter.next(scan.text, p + 1, limit)) {
      for (const entry of prefilter.entries(scan.text, p)) {
        const rule = compiled[entry.rule];
        if (rule === undefined || rule.rule.isGeneric) continue;
        const verdict = spans(outcomeAt(scan, rule, p - entry.offset), match);
        if (verdict !== false) return verdict;
      }
    }
    for (const rule of specificByteRules) {
      const byte = rule.anchoring.byte ?? 0;
      for (let p = scan.text.indexOf(byte, from); p >= 0 && p < match.end; p = scan.text.indexOf(byte, p + 1)) {
        const verdict = spans(outcomeAt(scan, rule, p), match);
        if (verdict !== false) return verdict;
      }
    }
    return false;
  };

  /** Everything that the anchors at one position lead to, or `unresolved`; `noMatches` where none leads anywhere. */
  const matchesAt = (scan: Scan, position: number, entries: readonly Entry[]): readonly Match[] | typeof unresolved => {
    let found: Match[] | undefined;
    for (const { rule: index, offset } of entries) {
      const rule = compiled[index];
      const at = position - offset;
      if (rule === undefined) continue;
      const outcome = outcomeAt(scan, rule, at);
      // Most anchors lead nowhere: only for the others is it worth asking whether one of them has spoken already.
      if (outcome === noMatch || isRepeated(scan, rule, at, offset)) continue;
      if (outcome === unresolved) return unresolved;
      found ??= [];
      const isTwin = found.some((other) => isSame(other, outcome)) || hasLaterTwin(scan, rule, at, outcome);
      const isRedundant = isTwin === false && rule.rule.isGeneric ? isCovered(scan, outcome) : isTwin;
      if (isRedundant === unresolved) return unresolved;
      if (!isRedundant) found.push(outcome);
    }
    return found ?? noMatches;
  };

  const scan = (text: Uint8Array, from: number, isComplete: boolean): ScanResult => {
    epoch++;
    const current: Scan = { text, isOpen: !isComplete };
    const limit = Math.max(from, text.length - windowSize + 1);
    const found: { readonly position: number; readonly match: Match }[] = [];
    let resume = isComplete ? text.length : limit;
    for (const rule of byteRules) {
      const byte = rule.anchoring.byte ?? 0;
      for (let p = text.indexOf(byte, from); p >= 0 && p < resume; p = text.indexOf(byte, p + 1)) {
        const outcome = outcomeAt(current, rule, p);
        if (outcome === unresolved) resume = p;
        else if (outcome !== noMatch) found.push({ position: p, match: outcome });
      }
    }
    const end = Math.min(resume, limit);
    repetition.begin();
    for (let block = from; block < end && block < resume; block += mostCollected) {
      const count = prefilter.collect(text, block, Math.min(end, block + mostCollected), hits);
      for (let i = 0; i < count; i++) {
        const p = hits.positions[i] ?? 0;
        const list = hits.lists[i] ?? 0;
        if (repetition.isSettled(text, p, list)) continue;
        const matches = matchesAt(current, p, prefilter.lists[list] ?? []);
        if (matches === unresolved) {
          resume = p;
          break;
        }
        if (matches !== noMatches) repetition.foundAt(p);
        for (const match of matches) found.push({ position: p, match });
      }
    }
    if (found.length === 0) return { matches: noMatches, resume };
    const matches = found.filter(({ position }) => position < resume).map(({ match }) => match);
    return { matches: matches.sort((a, b) => a.start - b.start || a.end - b.end), resume };
  };

  const classify = (value: Uint8Array): Rule | undefined => {
    let best: Match | undefined;
    for (const match of scan(value, 0, true).matches) {
      if (match.rule.isGeneric || match.start !== 0 || match.end !== value.length) continue;
      if (best === undefined || (match.confidence === 'certain' && best.confidence !== 'certain')) best = match;
    }
    return best?.rule;
  };

  return { lookBehind, lookAhead, scan, classify };
}

/** Widens a range to whole UTF-8 characters. */
function wholeCharacters(scan: Scan, start: number, end: number): Range | typeof noMatch | typeof unresolved {
  const isContinuation = (at: number): boolean => ((scan.text[at] ?? 0) & 0xc0) === 0x80;
  let from = start;
  let to = end;
  while (from > 0 && isContinuation(from)) from--;
  while (to < scan.text.length && to - end < characterTail && isContinuation(to)) to++;
  if (to === scan.text.length && to > end && scan.isOpen) return unresolved;
  return to > from ? { start: from, end: to } : noMatch;
}

/** Applies what a rule asks of a value: checks, entropy, context; then how sure it is. */
function judge(scan: Scan, rule: CompiledRule, { start, end }: Range): Outcome {
  const { text } = scan;
  const value = latin1(text, start, Math.min(end, start + examinedBytes));
  const candidate = { text, start, end, value };
  for (const check of rule.require) {
    if (scan.isOpen && end + (check.ahead ?? 0) > text.length) return unresolved;
    if (!check.test(candidate)) return noMatch;
  }
  if (rule.rule.entropy !== undefined && entropyOf(value) < rule.rule.entropy) return noMatch;
  const context = rule.context === undefined ? 'word' : contextAround(text, start, end, scan.isOpen, rule.context);
  if (context === 'none') return noMatch;
  if (context === 'unresolved') return unresolved;
  const confirmed = rule.confirm.find((check) => check.test(candidate));
  const isWeak = rule.rule.isGeneric || context === 'alone';
  const confidence = confidenceOf(isWeak, confirmed !== undefined);
  const reason = confirmed === undefined ? undefined : `${confirmed.name} holds: ${confirmed.about}`;
  return { rule: rule.rule, start, end, confidence, ...(reason === undefined ? {} : { reason }) };
}

function confidenceOf(isWeak: boolean, isConfirmed: boolean): Confidence {
  if (isWeak) return isConfirmed ? 'probable' : 'possible';
  return isConfirmed ? 'certain' : 'probable';
}

function spans(outcome: Outcome, match: Match): boolean | typeof unresolved {
  if (outcome === unresolved) return unresolved;
  return outcome !== noMatch && outcome.start <= match.start && outcome.end >= match.end;
}

function isSame(a: Match, b: Match): boolean {
  return a.rule === b.rule && a.start === b.start && a.end === b.end;
}

function reachBack({ rule, require, confirm }: CompiledRule): number {
  const context = rule.context.words.length > 0 ? Math.max(headingReach, rule.context.within) : 0;
  return Math.max(context, ...[...require, ...confirm].map((check) => check.back ?? 0));
}

function reachAhead({ rule, require, confirm }: CompiledRule): number {
  return Math.max(characterTail, rule.context.within, ...[...require, ...confirm].map((check) => check.ahead ?? 0));
}

/** The most bytes after a rule's window that decide whether its anchor leads to a match. */
function neededAfter(rule: CompiledRule | undefined): number {
  return rule === undefined ? 0 : rule.reach + 1 + reachAhead(rule);
}

function latin1(text: Uint8Array, start: number, end: number): string {
  return Buffer.from(text.buffer, text.byteOffset + start, end - start).toString('latin1');
}
