/** Finds what rules name in text: passes of a prefilter over its bytes, then automata and checks around their hits. */
import { windowSize } from './anchors.ts';
import { clusterDepth } from './anchors-clusters.ts';
import { boundaryReach } from './boundary.ts';
import { compileRules, type CompiledRule } from './compile.ts';
import { withColumns } from './columns.ts';
import { createContextGate, isHeldBack } from './context-gate.ts';
import { Headings } from './headings.ts';
import { reachAhead, reachBack, type Scan } from './judge.ts';
import type { Match, Matcher, ScanResult } from './match.ts';
import { blockBytes, type Sieve } from './kernel-memory.ts';
import { createOutcomes } from './outcomes.ts';
import { createPlaces } from './places.ts';
import { createRareBytes } from './prefilter-bytes.ts';
import { createClusters } from './prefilter-clusters.ts';
import { createScanKernel, leastForKernel, passes, type Pass, type ScanKernel } from './prefilter-kernel.ts';
import { createHits, createPrefilter, type Entry, type Hits } from './prefilter.ts';
import { createArena } from './regex/arena.ts';
import { noMatch, unresolved } from './regex/forward.ts';
import { createRepetition } from './repetition.ts';
import { createReport } from './report.ts';
import type { Rule } from './rule.ts';
import { createScreen } from './screen.ts';
import { Verdicts } from './verdicts.ts';

const noEntries: readonly Entry[] = [];
/** The first text of at least this length has the kernel made: a matcher that only sees short ones goes without. */
const leastForFirst = 1024;

/** Builds what finds the places where rules are to be asked. */
function createSieve(compiled: readonly CompiledRule[]): Sieve {
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
  return { prefilter, clusters, rareBytes, lists: [...prefilter.lists, ...clusters.lists, ...rareBytes.lists] };
}

/**
 * Compiles rules into a matcher.
 *
 * @throws AppError `ERR_RULES_INVALID` for a rule that cannot run in linear time, with the reason and the fix.
 */
export function createMatcher(rules: readonly Rule[], isKernelUsed = true): Matcher {
  const arena = createArena();
  const compiled = compileRules(rules, arena);
  const sieve = createSieve(compiled);
  const { prefilter, clusters, rareBytes, lists } = sieve;
  const hits = createHits(clusters.lists.length + 1);
  const headings = new Headings();
  const gate = createContextGate(compiled, headings);
  const verdicts = new Verdicts();
  const outcomes = createOutcomes(compiled);
  const places = createPlaces(sieve, compiled, outcomes);
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

  const report = createReport(
    places,
    compiled.map(({ offsets }) => Math.min(...offsets)),
    specificLead,
  );

  /**
   * Reports everything that the anchors at one place lead to, of those entries that the bits of `alive` name. Returns
   * whether that is anything, or `unresolved`.
   */
  const askAt = (scan: Scan, place: number, entries: readonly Entry[], alive: number): boolean | typeof unresolved => {
    let isAny = false;
    let number = 0;
    for (const { rule: index, offset } of entries) {
      if (((alive >>> Math.min(number++, 31)) & 1) === 0) continue;
      const rule = compiled[index];
      const at = place - offset;
      if (rule === undefined || at < 0 || !gate.mayHold(index, scan.text, at, scan.isOpen)) continue;
      const outcome = outcomes.outcomeAt(scan, rule, at);
      if (outcome === noMatch) continue;
      if (outcome === unresolved) return unresolved;
      isAny = true;
      report.add(place, at, rule, outcome, places.isRepeated(scan, rule, at, offset));
    }
    return isAny;
  };

  const scan = (text: Uint8Array, from: number, isComplete: boolean): ScanResult => {
    outcomes.begin();
    report.begin();
    gate.begin();
    headings.begin();
    verdicts.begin();
    const current: Scan = { text, isOpen: !isComplete, headings, verdicts };
    const limit = Math.max(from, text.length - windowSize + 1);
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
            const isAny = askAt(current, p, entries, hits.alive[i] ?? -1);
            if (kernel !== undefined) for (const { rule } of entries) kernel.learn(compiled[rule]);
            if (isAny === unresolved) {
              resume = p;
              break;
            }
            if (isAny) repetition.foundAt(p);
          }
        }
      }
    }
    return report.close(current, from, resume);
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

  return withColumns({ lookBehind, lookAhead, scan, classify, screen }, rules);
}

/** The most bytes after a rule's window that decide whether its anchor leads to a match. */
function neededAfter(rule: CompiledRule): number {
  return rule.reach + 1 + reachAhead(rule);
}
