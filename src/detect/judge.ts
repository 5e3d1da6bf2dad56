/** Judges a value that a rule's pattern has found: checks, entropy, context; then how sure it is. */
import { latin1 } from '../core/bytes.ts';
import type { Confidence } from '../core/finding.ts';
import { examinedBytes } from './checks/check.ts';
import type { CompiledRule } from './compile.ts';
import { contextAround } from './context.ts';
import { entropyOf } from './entropy.ts';
import { headingReach, type Headings } from './headings.ts';
import type { Match } from './match.ts';
import { noMatch, unresolved } from './regex/forward.ts';
import type { Verdicts } from './verdicts.ts';

/** Bytes after a value that decide whether its last character is whole. */
const characterTail = 3;

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What an anchor leads to. */
export type Outcome = Match | typeof noMatch | typeof unresolved;

/** One scan of one text. */
export interface Scan {
  readonly text: Uint8Array;
  readonly isOpen: boolean;
  readonly headings: Headings;
  readonly verdicts: Verdicts;
}

/** Widens a range to whole UTF-8 characters. */
export function wholeCharacters(
  { text, isOpen }: Scan,
  start: number,
  end: number,
): Range | typeof noMatch | typeof unresolved {
  const isContinuation = (at: number): boolean => ((text[at] ?? 0) & 0xc0) === 0x80;
  let from = start;
  let to = end;
  while (from > 0 && isContinuation(from)) from--;
  while (to < text.length && to - end < characterTail && isContinuation(to)) to++;
  if (to === text.length && to > end && isOpen) return unresolved;
  return to > from ? { start: from, end: to } : noMatch;
}

/** Applies what a rule asks of a value, in the order in which the rule asks it. */
export function judge(scan: Scan, rule: CompiledRule, { start, end }: Range): Outcome {
  const { text } = scan;
  const value = latin1(text, start, Math.min(end, start + examinedBytes));
  const candidate = { text, start, end, value };
  for (const check of rule.require) {
    if (scan.isOpen && end + (check.ahead ?? 0) > text.length) return unresolved;
    if (!scan.verdicts.holds(check, candidate)) return noMatch;
  }
  if (rule.rule.entropy !== undefined && entropyOf(value) < rule.rule.entropy) return noMatch;
  const context =
    rule.context === undefined ? 'word' : contextAround(text, start, end, scan.isOpen, rule.context, scan.headings);
  if (context === 'none') return noMatch;
  if (context === 'unresolved') return unresolved;
  const confirmed = rule.confirm.find((check) => scan.verdicts.holds(check, candidate));
  const isWeak = rule.rule.isGeneric || context === 'alone';
  const confidence = confidenceOf(isWeak, confirmed !== undefined);
  const reason = confirmed === undefined ? undefined : `${confirmed.name} holds: ${confirmed.about}`;
  return { rule: rule.rule, start, end, confidence, ...(reason === undefined ? {} : { reason }) };
}

function confidenceOf(isWeak: boolean, isConfirmed: boolean): Confidence {
  if (isWeak) return isConfirmed ? 'probable' : 'possible';
  return isConfirmed ? 'certain' : 'probable';
}

/** How far before a value its judgement looks. */
export function reachBack({ rule, require, confirm }: CompiledRule): number {
  const context = rule.context.words.length > 0 ? Math.max(headingReach, rule.context.within) : 0;
  return Math.max(context, ...[...require, ...confirm].map((check) => check.back ?? 0));
}

/** And how far behind it. */
export function reachAhead({ rule, require, confirm, extent }: CompiledRule): number {
  const looked = Math.max(rule.context.within, ...[...require, ...confirm].map((check) => check.ahead ?? 0));
  return Math.max(characterTail, looked + (extent?.ahead ?? 0));
}
