/** The plain-TypeScript matcher: a prefilter over bytes, then automata in the windows around its hits. */
import { Buffer } from 'node:buffer';
import type { Confidence } from '../core/finding.ts';
import { boundaryReach, isBoundary } from './boundary.ts';
import { examinedBytes, type Check } from './checks/check.ts';
import { clusterDepth } from './anchors-clusters.ts';
import { compileRule, type CompiledRule } from './compile.ts';
import { contextAround } from './context.ts';
import { createContextGate, isHeldBack } from './context-gate.ts';
import { headingReach, Headings } from './headings.ts';
import { entropyOf } from './entropy.ts';
import type { Match, Matcher, ScanResult } from './match.ts';
import { createClusters } from './prefilter-clusters.ts';
import { createRareBytes } from './prefilter-bytes.ts';
import {
  blockBytes,
  createScanKernel,
  leastForKernel,
  passes,
  type Pass,
  type ScanKernel,
} from './prefilter-kernel.ts';
import { createHits, createPrefilter, type Entry, type Hits } from './prefilter.ts';
import { createArena } from './regex/arena.ts';
import { noMatch, unresolved } from './regex/forward.ts';
import { createRepetition } from './repetition.ts';
import type { Rule } from './rule.ts';
import { createScreen } from './screen.ts';
import { Verdicts } from './verdicts.ts';
import { windowSize } from './anchors.ts';

/** Bytes after a value that decide whether its last character is whole. */
const characterTail = 3;

interface Range {
  readonly start: number;
  readonly end: number;
}

const noMatches: readonly Match[] = [];
const noEntries: readonly Entry[] = [];
/** The first text of at least this length has the kernel made: a matcher that only sees short ones goes without. */
const leastForFirst = 1024;

/** A check that looks farther back than this reads what stands there: it is asked after those that only see the value. */
const cheapReach = 16;

type Outcome = Match | typeof noMatch | typeof unresolved;

/** What a rule came to last: an anchor is found by several windows, and a value by several anchors. */
interface Last {
  at: number;
  outcome: Outcome;
  start: number;
  end: number;
  judgement: Outcome;
}

/** What specific rules find in a part of a text: where they were asked, and the ranges; where the answer is still open. */
interface Specific {
  from: number;
  to: number;
  readonly found: { readonly at: number; readonly start: number; readonly end: number }[];
  readonly pending: number[];
}

/** So many findings of specific rules are remembered before those that lie behind are dropped. */
const mostRemembered = 64;

/** One scan of one text; `epoch` tells the automata when what they remember is of another text. */
interface Scan {
  readonly text: Uint8Array;
  readonly isOpen: boolean;
  readonly headings: Headings;
  readonly verdicts: Verdicts;
  /** What each rule requires, what is cheap to tell first. */
  readonly required: readonly (readonly Check[])[];
}

/**
 * Compiles rules into a matcher.
 *
 * @throws AppError `ERR_RULES_INVALID` for a rule that cannot run in linear time, with the reason and the fix.
 */
export function createMatcher(rules: readonly Rule[], isKernelUsed = true): Matcher {
  const arena = createArena();
  const compiled = rules.map((rule, index) => compileRule(rule, index, arena));
  const prefilter = createPrefilter(
    compiled.flatMap(({ anchoring: { windows, arounds }, offsets, index }) => {
      // One entry for all windows of a rule that stand at one distance: there are tens of thousands of windows.
      const entries = new Map(offsets.map((offset) => [offset, { rule: index, offset }]));
      return windows.map(({ key, offset, around }) => ({
        key,
        entry: entries.get(offset) ?? { rule: index, offset },
        around: arounds[around],
      }));
    }),
  );
  const clusters = createClusters(
    compiled.flatMap((rule) =>
      rule.anchoring.clusters.map((window) => ({ rule: rule.index, window, isTold: isHeldBack(rule) })),
    ),
    prefilter.lists.length,
  );
  const rareBytes = createRareBytes(
    compiled.filter(({ anchoring }) => anchoring.isByte).map(({ index }) => index),
    prefilter.lists.length + clusters.lists.length,
  );
  const lists = [...prefilter.lists, ...clusters.lists, ...rareBytes.lists];
  const hits = createHits(clusters.lists.length + 1);
  const headings = new Headings();
  const gate = createContextGate(compiled, headings);
  const epochs = new Uint32Array(compiled.length);
  const lastOf = compiled.map((): Last => ({ at: -1, outcome: noMatch, start: -1, end: -1, judgement: noMatch }));
  const verdicts = new Verdicts();
  const required = compiled.map(({ require }) =>
    require.toSorted((a, b) => Number((a.back ?? 0) > cheapReach) - Number((b.back ?? 0) > cheapReach)),
  );
  let epoch = 0;
  let specific: Specific = { from: 0, to: 0, found: [], pending: [] };
  let kernel: ScanKernel | undefined;
  let isKernelMade = !isKernelUsed;

  /** What the kernel does, in plain TypeScript and without the automata. */
  const twin = {
    collect(pass: Pass, text: Uint8Array, from: number, to: number, into: Hits): number {
      const finder = pass === 'windows' ? prefilter : pass === 'clusters' ? clusters : rareBytes;
      const count = finder.collect(text, from, to, into);
      into.alive.fill(-1, 0, count);
      return count;
    },
  };

  /** The kernel, made when the first text comes that is worth its memory. */
  const kernelFor = (length: number): ScanKernel | undefined => {
    if (length < (isKernelMade ? leastForKernel : leastForFirst)) return undefined;
    if (!isKernelMade) {
      isKernelMade = true;
      kernel = createScanKernel(
        { prefilter, clusters, rareBytes, lists },
        compiled,
        arena,
        hits.positions.length,
        reaches,
      );
    }
    return kernel;
  };

  const maxOffset = Math.max(0, ...compiled.map((c) => c.maxOffset));
  const leastOffsets = compiled.map(({ offsets }) => Math.min(...offsets));
  const lead = maxOffset + Math.max(0, ...compiled.map((c) => c.lead + c.before));
  const specificLead =
    maxOffset + Math.max(0, ...compiled.filter((c) => !c.rule.isGeneric).map((c) => c.lead + c.before));
  const lookBehind = lead * 2 + boundaryReach + Math.max(0, ...compiled.map((c) => reachBack(c)));
  const lookAhead = Math.max(windowSize, ...compiled.map((c) => c.reach + 1 + reachAhead(c)));

  /** How far from a place the automata of a list look; for clusters, at least as far as what tells whom to ask. */
  const most = (entries: readonly Entry[], of: readonly number[]): number =>
    entries.reduce((reach, { rule }) => Math.max(reach, of[rule] ?? 0), 0);
  const reachOf = compiled.map(({ reach }) => reach + 1);
  const neededOf = compiled.map(neededAfter);
  const reaches = lists.map((entries) => Math.max(clusterDepth + 1, most(entries, reachOf)));
  const needed = lists.map((entries) => most(entries, neededOf));
  const repetitions = {
    bytes: createRepetition(needed, lookBehind),
    windows: createRepetition(needed, lookBehind),
    clusters: createRepetition(needed, lookBehind),
  };

  /** The range of the value, for the anchor at a position. */
  const rangeAt = (scan: Scan, rule: CompiledRule, at: number): Range | typeof noMatch | typeof unresolved => {
    const { text } = scan;
    if (at < 0) return noMatch;
    if (epochs[rule.index] !== epoch) {
      epochs[rule.index] = epoch;
      const last = lastOf[rule.index];
      if (last !== undefined) last.at = last.start = -1;
      rule.runs().forward.begin();
    }
    if (rule.needsBoundary && !isBoundary(text, at)) return noMatch;
    const { forward, backward } = rule.runs();
    // What stands before is known already and mostly short: it refutes most anchors without a run forward.
    const from = backward === undefined ? at : backward.start(text, at);
    if (from === noMatch) return noMatch;
    const end = forward.end(text, at, scan.isOpen);
    if (end < 0) return end === unresolved ? unresolved : noMatch;
    const group = forward.group(text, at, end);
    if (group.start - at > rule.lead) return noMatch;
    const { extent } = rule;
    if (extent === undefined) return wholeCharacters(scan, rule.startsBefore ? from : group.start, group.end);
    const whole = extent.endOf(text, group.end);
    if (scan.isOpen && !whole.isSettled) return unresolved;
    return whole.end === group.end ? noMatch : { start: rule.startsBefore ? from : group.start, end: whole.end };
  };

  const judged = (scan: Scan, rule: CompiledRule, range: Range): Outcome => {
    const last = lastOf[rule.index];
    if (last === undefined) return judge(scan, rule, range);
    if (last.start !== range.start || last.end !== range.end) {
      last.start = range.start;
      last.end = range.end;
      last.judgement = judge(scan, rule, range);
    }
    return last.judgement;
  };

  const outcomeAt = (scan: Scan, rule: CompiledRule, at: number): Outcome => {
    const last = lastOf[rule.index];
    if (last?.at === at && epochs[rule.index] === epoch) return last.outcome;
    const range = rangeAt(scan, rule, at);
    const outcome = typeof range === 'number' ? range : judged(scan, rule, range);
    if (last !== undefined) {
      last.at = at;
      last.outcome = outcome;
    }
    return outcome;
  };

  /** Who is to be asked at a position. */
  const entriesAt = (text: Uint8Array, at: number): readonly Entry[] => {
    const atWindow = prefilter.entries(text, at);
    const atCluster = clusters.entries(text, at);
    return atCluster.length === 0 ? atWindow : atWindow.length === 0 ? atCluster : [...atWindow, ...atCluster];
  };

  /**
   * The first position from `at` on where somebody is to be asked, or -1: for a window before `windowLimit`, for a
   * cluster before `limit`.
   */
  const nextAt = (text: Uint8Array, at: number, windowLimit: number, limit: number): number => {
    const byWindow = prefilter.next(text, at, Math.min(windowLimit, text.length - windowSize + 1));
    const byCluster = clusters.next(text, at, byWindow < 0 ? limit : byWindow);
    return byCluster < 0 ? byWindow : byCluster;
  };

  /** Whether an earlier window of the same anchor speaks for it already. */
  const isRepeated = (scan: Scan, rule: CompiledRule, at: number, offset: number): boolean =>
    rule.offsets.some(
      (other) =>
        other < offset &&
        (clusters.waits(scan.text, at + other, rule.index, other) ||
          prefilter
            .entries(scan.text, at + other)
            .some((entry) => entry.rule === rule.index && entry.offset === other)),
    );

  /**
   * A value that several anchors lead to belongs to the last of them, so that each is reported once however the text
   * grows.
   */
  const hasLaterTwin = (scan: Scan, rule: CompiledRule, at: number, match: Match): boolean | typeof unresolved => {
    // What leads to a twin stands in the value only where the value itself began before the anchor; a window whole.
    const limit = rule.startsBefore ? match.end : Math.min(match.end, match.start + rule.maxOffset + 1);
    const windowLimit = Math.min(limit, match.end - windowSize + 1);
    const next = (from: number): number => (from < limit ? nextAt(scan.text, from, windowLimit, limit) : -1);
    // An anchor behind this one is found at least so far behind it.
    for (let p = next(at + 1 + (leastOffsets[rule.index] ?? 0)); p >= 0; p = next(p + 1)) {
      for (const entry of entriesAt(scan.text, p)) {
        if (entry.rule !== rule.index || p - entry.offset <= at) continue;
        const range = rangeAt(scan, rule, p - entry.offset);
        if (range === unresolved) return unresolved;
        if (range !== noMatch && range.start === match.start && range.end === match.end) return true;
      }
    }
    return false;
  };

  /** Looks from one place to another for what specific rules find: each place once, however many generic values ask. */
  const findSpecific = (scan: Scan, from: number, to: number): void => {
    const { text } = scan;
    const ask = (p: number, entries: readonly Entry[]): void => {
      for (const entry of entries) {
        const rule = compiled[entry.rule];
        if (rule === undefined || rule.rule.isGeneric) continue;
        const outcome = outcomeAt(scan, rule, p - entry.offset);
        if (outcome === unresolved) specific.pending.push(p);
        else if (outcome !== noMatch) specific.found.push({ at: p, start: outcome.start, end: outcome.end });
      }
    };
    const next = (at: number): number => (at < to ? nextAt(text, at, to, to) : -1);
    for (let p = next(from); p >= 0; p = next(p + 1)) ask(p, entriesAt(text, p));
    for (let p = rareBytes.next(text, from, to); p >= 0; p = rareBytes.next(text, p + 1, to)) {
      ask(p, rareBytes.lists[0] ?? []);
    }
  };

  /** Whether a specific rule finds a value that spans the range of a generic one, but for what closes a sentence. */
  const isCovered = (scan: Scan, generic: Match): boolean | typeof unresolved => {
    const match = { start: generic.start, end: endOfWords(scan.text, generic) };
    const { text, isOpen } = scan;
    if (isOpen && match.end > text.length - windowSize + 1) return unresolved;
    const from = Math.max(0, match.start - specificLead);
    if (from < specific.from || from > specific.to) {
      specific = { from, to: from, found: [], pending: [] };
    } else if (specific.found.length + specific.pending.length > mostRemembered) {
      const isAhead = (at: number): boolean => at >= from;
      const { found, pending } = specific;
      specific = { ...specific, from, found: found.filter(({ at }) => isAhead(at)), pending: pending.filter(isAhead) };
    }
    if (match.end > specific.to) {
      findSpecific(scan, specific.to, match.end);
      specific.to = match.end;
    }
    const isNear = (at: number): boolean => at >= from && at < match.end;
    if (specific.found.some((one) => isNear(one.at) && one.start <= match.start && one.end >= match.end)) return true;
    return specific.pending.some(isNear) ? unresolved : false;
  };

  /**
   * Everything that the anchors at one position lead to, of those entries that the bits of `alive` name, or `unresolved`;
   * `noMatches` where none leads anywhere.
   */
  const matchesAt = (
    scan: Scan,
    position: number,
    entries: readonly Entry[],
    alive: number,
  ): readonly Match[] | typeof unresolved => {
    let found: Match[] | undefined;
    let number = 0;
    for (const { rule: index, offset } of entries) {
      if (((alive >>> Math.min(number++, 31)) & 1) === 0) continue;
      const rule = compiled[index];
      const at = position - offset;
      if (rule === undefined || at < 0 || !gate.mayHold(index, scan.text, at, scan.isOpen)) continue;
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
    gate.begin();
    headings.begin();
    verdicts.begin();
    specific = { from: 0, to: 0, found: [], pending: [] };
    const current: Scan = { text, isOpen: !isComplete, headings, verdicts, required };
    const limit = Math.max(from, text.length - windowSize + 1);
    const found: { readonly position: number; readonly match: Match }[] = [];
    let resume = isComplete ? text.length : limit;
    const finder = kernelFor(text.length - from) ?? twin;
    kernel?.begin(isComplete);
    for (const pass of passes) repetitions[pass].begin();
    // All passes look at one block before any looks at the next: it is copied once, and near.
    for (let block = from; block < resume; block += blockBytes) {
      for (const pass of passes) {
        const repetition = repetitions[pass];
        const last = Math.min(block + blockBytes, pass === 'windows' ? limit : text.length);
        hits.next = block;
        while (hits.next < last && hits.next < resume) {
          const count = finder.collect(pass, text, hits.next, Math.min(last, resume), hits);
          for (let i = 0; i < count; i++) {
            const p = hits.positions[i] ?? 0;
            const list = hits.lists[i] ?? 0;
            if (repetition.isSettled(text, p, list)) continue;
            const entries = lists[list] ?? noEntries;
            const matches = matchesAt(current, p, entries, hits.alive[i] ?? -1);
            if (kernel !== undefined) for (const { rule } of entries) kernel.learn(compiled[rule]);
            if (matches === unresolved) {
              resume = p;
              break;
            }
            if (matches !== noMatches) repetition.foundAt(p);
            for (const match of matches) found.push({ position: p, match });
          }
        }
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

  const screen = createScreen(kernelFor);

  return { lookBehind, lookAhead, scan, classify, screen };
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
  for (const check of scan.required[rule.index] ?? rule.require) {
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

/** Where a value ends without the marks that end a sentence: prose goes on behind a token. */
function endOfWords(text: Uint8Array, { start, end }: Range): number {
  let last = end;
  while (last > start + 1 && isClosing(text[last - 1])) last--;
  return last;
}

function isClosing(byte: number | undefined): boolean {
  return byte === 0x2e || byte === 0x2c || byte === 0x3a || byte === 0x3b || byte === 0x21 || byte === 0x3f;
}

function isSame(a: Match, b: Match): boolean {
  return a.rule === b.rule && a.start === b.start && a.end === b.end;
}

function reachBack({ rule, require, confirm }: CompiledRule): number {
  const context = rule.context.words.length > 0 ? Math.max(headingReach, rule.context.within) : 0;
  return Math.max(context, ...[...require, ...confirm].map((check) => check.back ?? 0));
}

function reachAhead({ rule, require, confirm, extent }: CompiledRule): number {
  const looked = Math.max(rule.context.within, ...[...require, ...confirm].map((check) => check.ahead ?? 0));
  return Math.max(characterTail, looked + (extent?.ahead ?? 0));
}

/** The most bytes after a rule's window that decide whether its anchor leads to a match. */
function neededAfter(rule: CompiledRule): number {
  return rule.reach + 1 + reachAhead(rule);
}

function latin1(text: Uint8Array, start: number, end: number): string {
  return Buffer.from(text.buffer, text.byteOffset + start, end - start).toString('latin1');
}
