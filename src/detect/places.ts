/** Looks for places where rules are to be asked, in plain TypeScript: around a match, and where no pass has been. */
import { windowSize } from './anchors.ts';
import type { CompiledRule } from './compile.ts';
import type { Range, Scan } from './judge.ts';
import type { Outcomes } from './outcomes.ts';
import type { Sieve } from './kernel-memory.ts';
import type { Entry } from './prefilter.ts';
import { noMatch, unresolved } from './regex/forward.ts';

/** What is asked about the places of a text. */
export interface Places {
  /** Whether an earlier window of the same anchor speaks for it already. */
  isRepeated(scan: Scan, rule: CompiledRule, at: number, offset: number): boolean;
  /** Whether an anchor behind the one at a position leads to the same value. */
  hasLaterTwin(scan: Scan, rule: CompiledRule, at: number, match: Range): boolean | typeof unresolved;
  /** Calls `visit` with what specific rules come to at the places from one to another, but for nothing. */
  eachSpecific(
    scan: Scan,
    from: number,
    to: number,
    visit: (place: number, range: Range | typeof unresolved) => void,
  ): void;
}

/** How far, from a value's start, an anchor that leads to it can stand; where it is found at the latest. */
export function twinLimit(rule: CompiledRule, { start, end }: Range): number {
  // What leads to a twin stands in the value only where the value itself began before the anchor; a window whole.
  return rule.startsBefore ? end : Math.min(end, start + rule.maxOffset + 1);
}

/** @param rules by their number */
export function createPlaces(
  { prefilter, clusters, rareBytes }: Sieve,
  rules: readonly CompiledRule[],
  outcomes: Outcomes,
): Places {
  const leastOffsets = rules.map(({ offsets }) => Math.min(...offsets));

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

  return {
    isRepeated: (scan, rule, at, offset) =>
      rule.offsets.some(
        (other) =>
          other < offset &&
          (clusters.waits(scan.text, at + other, rule.index, other) ||
            prefilter
              .entries(scan.text, at + other)
              .some((entry) => entry.rule === rule.index && entry.offset === other)),
      ),
    hasLaterTwin(scan, rule, at, match) {
      const limit = twinLimit(rule, match);
      const windowLimit = Math.min(limit, match.end - windowSize + 1);
      const next = (from: number): number => (from < limit ? nextAt(scan.text, from, windowLimit, limit) : -1);
      // An anchor behind this one is found at least so far behind it.
      for (let p = next(at + 1 + (leastOffsets[rule.index] ?? 0)); p >= 0; p = next(p + 1)) {
        for (const entry of entriesAt(scan.text, p)) {
          if (entry.rule !== rule.index || p - entry.offset <= at) continue;
          const range = outcomes.rangeAt(scan, rule, p - entry.offset);
          if (range === unresolved) return unresolved;
          if (range !== noMatch && range.start === match.start && range.end === match.end) return true;
        }
      }
      return false;
    },
    eachSpecific(scan, from, to, visit) {
      const { text } = scan;
      const ask = (place: number, entries: readonly Entry[]): void => {
        for (const entry of entries) {
          const rule = rules[entry.rule];
          if (rule === undefined || rule.rule.isGeneric) continue;
          const outcome = outcomes.outcomeAt(scan, rule, place - entry.offset);
          if (outcome !== noMatch) visit(place, outcome);
        }
      };
      const next = (at: number): number => (at < to ? nextAt(text, at, to, to) : -1);
      for (let p = next(from); p >= 0; p = next(p + 1)) ask(p, entriesAt(text, p));
      for (let p = rareBytes.next(text, from, to); p >= 0; p = rareBytes.next(text, p + 1, to)) {
        ask(p, rareBytes.lists[0] ?? []);
      }
    },
  };
}
