/** Gathers what the anchors of a text lead to, and leaves out what another match says as well or better. */
import { windowSize } from './anchors.ts';
import type { CompiledRule } from './compile.ts';
import type { Range, Scan } from './judge.ts';
import type { Match, ScanResult } from './match.ts';
import { twinLimit, type Places } from './places.ts';
import { unresolved } from './regex/forward.ts';

const noMatches: readonly Match[] = [];

/** What an anchor has led to. */
interface Found {
  /** How many were found before. */
  readonly order: number;
  /** Where the window or cluster stands that found it. */
  readonly place: number;
  readonly anchor: number;
  readonly rule: CompiledRule;
  readonly match: Match;
}

/** What a specific rule has found at a place, or that it is open what it finds there. */
interface Specific {
  readonly place: number;
  readonly range: Range | typeof unresolved;
}

export interface Report {
  /** Forgets the text before. To be called before each scan. */
  begin(): void;
  /** Takes what an anchor has led to; whether an earlier window of the same anchor has spoken for it. */
  add(place: number, anchor: number, rule: CompiledRule, match: Match, isRepeated: boolean): void;
  /**
   * The matches, now that all places from `from` on and before `to` have been asked about; and where to resume, which is
   * before `to` where bytes that are still to come decide.
   */
  close(scan: Scan, from: number, to: number): ScanResult;
}

/**
 * @param leastOffsets the least distance, of each rule by its number, between an anchor and where it is found
 * @param specificLead how far before a value a place can be where a specific rule finds something that spans it
 */
export function createReport(places: Places, leastOffsets: readonly number[], specificLead: number): Report {
  let found: Found[] = [];
  let specifics: Specific[] = [];

  /** The last of several anchors that lead to one value of a rule: it belongs to that one, however the text grows. */
  const withoutTwins = (): Found[] => {
    const sorted = found.toSorted((a, b) => byRange(a, b) || a.rule.index - b.rule.index || a.anchor - b.anchor);
    return sorted.filter((one, index) => {
      const next = sorted[index + 1];
      return next?.rule !== one.rule || byRange(one, next) !== 0;
    });
  };

  /** Whether an anchor behind what was looked at, or before it, leads to the same value. */
  const hasTwinElsewhere = (
    scan: Scan,
    { anchor, rule, match }: Found,
    from: number,
    to: number,
  ): boolean | typeof unresolved => {
    const first = anchor + 1 + (leastOffsets[rule.index] ?? 0);
    const limit = twinLimit(rule, match);
    if (first >= limit || (first >= from && limit <= to)) return false;
    return places.hasLaterTwin(scan, rule, anchor, match);
  };

  /** Where specific rules can find what covers a generic match. */
  const coverOf = (text: Uint8Array, match: Match): Range => ({
    start: Math.max(0, match.start - specificLead),
    end: endOfWords(text, match),
  });

  /** Whether a specific rule finds a value that spans that of a generic one, but for what closes a sentence. */
  const isCovered = ({ text, isOpen }: Scan, match: Match): boolean | typeof unresolved => {
    const { start, end } = coverOf(text, match);
    if (isOpen && end > text.length - windowSize + 1) return unresolved;
    let isPending = false;
    for (let index = firstFrom(specifics, start); index < specifics.length; index++) {
      const { place, range } = specifics[index] ?? { place: end, range: unresolved };
      if (place >= end) break;
      if (range === unresolved) isPending = true;
      else if (range.start <= match.start && range.end >= end) return true;
    }
    return isPending ? unresolved : false;
  };

  /** Asks what specific rules find around generic matches where no pass has been. */
  const completeSpecifics = (scan: Scan, generic: readonly Found[], from: number, to: number): void => {
    let first = from;
    let last = to;
    for (const { match } of generic) {
      const { start, end } = coverOf(scan.text, match);
      if (start < first) first = start;
      if (end > last) last = end;
    }
    const visit = (place: number, range: Range | typeof unresolved): void => void specifics.push({ place, range });
    if (first < from) places.eachSpecific(scan, first, from, visit);
    if (last > to) places.eachSpecific(scan, to, last, visit);
    specifics.sort((a, b) => a.place - b.place);
  };

  return {
    begin() {
      if (found.length > 0) found = [];
      if (specifics.length > 0) specifics = [];
    },
    add(place, anchor, rule, match, isRepeated) {
      if (!rule.rule.isGeneric) specifics.push({ place, range: match });
      if (!isRepeated) found.push({ order: found.length, place, anchor, rule, match });
    },
    close(scan, from, to) {
      if (found.length === 0) return { matches: noMatches, resume: to };
      found = found.filter(({ place }) => place < to);
      specifics = specifics.filter(({ place }) => place < to);
      let resume = to;
      const single = withoutTwins().filter((one) => {
        const isTwin = hasTwinElsewhere(scan, one, from, to);
        if (isTwin === unresolved) resume = Math.min(resume, one.place);
        return isTwin === false;
      });
      const generic = single.filter(({ rule }) => rule.rule.isGeneric);
      if (generic.length > 0) completeSpecifics(scan, generic, from, to);
      const matches = single.filter((one) => {
        const covered = one.rule.rule.isGeneric && isCovered(scan, one.match);
        if (covered === unresolved) resume = Math.min(resume, one.place);
        return covered === false;
      });
      const settled = matches.filter(({ place }) => place < resume);
      settled.sort((a, b) => byRange(a, b) || a.order - b.order);
      return { matches: settled.map(({ match }) => match), resume };
    },
  };
}

function byRange(a: Found, b: Found): number {
  return a.match.start - b.match.start || a.match.end - b.match.end;
}

/** The index of the first that is found at or after a place. */
function firstFrom(specifics: readonly Specific[], place: number): number {
  let low = 0;
  let high = specifics.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((specifics[middle]?.place ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
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
