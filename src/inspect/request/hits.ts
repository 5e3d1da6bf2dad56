/** Hits: what a detector saw in a text and in the texts encoded inside it, before policy. */
import { append } from '../../core/append.ts';
import { RangeIndex, type Range } from '../../body/range.ts';
import type { View } from '../../body/views.ts';
import type { Confidence } from '../../core/finding.ts';
import type { Match } from '../../detect/match.ts';
import type { Rule } from '../../detect/rule.ts';
import type { FindingFacts } from '../../policy/policy.ts';
import { canonicalValue } from './canonical.ts';

const noLayers: readonly string[] = [];

/** One hit, in the offsets of its text. */
export interface Hit extends Range {
  /** What the value is without decoration; what its placeholder stands for. A copy. */
  readonly value: Uint8Array;
  readonly ruleId: string;
  /** Absent for a protected value. */
  readonly rule: Rule | undefined;
  readonly confidence: Confidence;
  readonly reason: string | undefined;
  /** `rule`: the matcher; `known`: a value known to be secret; `protected`: one from `protect:`. */
  readonly origin: 'rule' | 'known' | 'protected';
  /** Layers that the hit itself undoes (a known value in an escaped form), outermost first. */
  readonly layers: readonly string[];
}

/** The hits of a text. Texts and views without hits are not kept. */
export interface TextHits {
  readonly text: Uint8Array;
  readonly hits: readonly Hit[];
  readonly views: readonly ViewHits[];
  /** Reads a piece of the text again, after some of it was masked: only for what the matcher reads as it stands. */
  readonly again?: (changed: Uint8Array) => readonly Hit[];
}

/** The hits of a text that stands encoded in another. */
export interface ViewHits {
  readonly view: View;
  readonly inner: TextHits;
  /** Set for a part that is a place of its own (a query's value): all such are encoded, so that it is no layer. */
  readonly at?: { readonly where: string | undefined; readonly kind: FindingFacts['where'] };
}

/** What the matcher found. */
export function ruleHit({ rule, confidence, reason, start, end }: Match, text: Uint8Array): Hit {
  return {
    start,
    end,
    value: canonicalValue(text.slice(start, end)),
    ruleId: rule.id,
    rule,
    confidence,
    reason,
    origin: 'rule',
    layers: noLayers,
  };
}

/** Whether there is anything in it. */
export function hasHits(found: TextHits): boolean {
  return found.hits.length > 0 || found.views.length > 0;
}

/** Calls `visit` with every hit, views' included. */
export function eachHit(found: TextHits, visit: (hit: Hit) => void): void {
  for (const hit of found.hits) visit(hit);
  for (const { inner } of found.views) eachHit(inner, visit);
}

/** The values of every hit in a view, with their ranges in the outer text. */
export function outerHits({ view, inner }: ViewHits): readonly (Range & Pick<Hit, 'value'>)[] {
  const within = [...inner.hits, ...inner.views.flatMap(outerHits)];
  return within.map(({ start, end, value }) => ({ ...view.toOuter(start, end), value }));
}

/** The ranges, in the outer text, of every hit in a view. */
export function outerRanges(found: ViewHits): readonly Range[] {
  return outerHits(found).map(({ start, end }) => ({ start, end }));
}

/** A view without the hits whose range in the outer text is `ours`; none where none are left. */
export function hitsApart({ view, inner, ...rest }: ViewHits, ours: (range: Range) => boolean): readonly ViewHits[] {
  const isOurs = ({ start, end }: Range): boolean => ours(view.toOuter(start, end));
  const hits = inner.hits.filter((hit) => !isOurs(hit));
  const views = inner.views.flatMap((found) => hitsApart(found, isOurs));
  return hits.length + views.length === 0 ? [] : [{ view, inner: { ...inner, hits, views }, ...rest }];
}

/** Puts the hits of views of the same range and encoding together: only one of them can be encoded anew. */
export function mergeViews(views: readonly ViewHits[]): ViewHits[] {
  const merged = new Map<string, ViewHits>();
  for (const found of views) {
    const { encoding, range } = found.view;
    const key = `${encoding} ${String(range.start)}-${String(range.end)}`;
    const other = merged.get(key);
    merged.set(key, other === undefined ? found : { view: other.view, inner: mergeHits(other.inner, found.inner) });
  }
  return [...merged.values()];
}

function mergeHits(a: TextHits, b: TextHits): TextHits {
  const isNew = (hit: Hit): boolean =>
    !a.hits.some(({ start, end, ruleId }) => start === hit.start && end === hit.end && ruleId === hit.ruleId);
  return { ...a, hits: [...a.hits, ...b.hits.filter(isNew)], views: [...a.views, ...b.views] };
}

/**
 * Puts what was found in percent-encoded words beside what was found as it stands, each thing once: a hit in the form
 * that it stands in (a percent-encoded value is restored as it was masked), an encoded text in the widest view of it,
 * since an escape may cut it (`%2F` in base64).
 * @param runs views of the text itself @param words views of its percent-encoded words @param hits of the text itself
 */
export function withWords(
  runs: readonly ViewHits[],
  words: readonly ViewHits[],
  hits: readonly Hit[],
): readonly ViewHits[] {
  if (words.length === 0) return runs;
  const asTheyStand = new RangeIndex(hits);
  const inRuns = new RangeIndex(runs.flatMap(outerRanges));
  const runRanges = new RangeIndex(runs.map(({ view }) => view.range));
  const wide: Range[] = [];
  const inWide: Range[] = [];
  const kept = words.flatMap(({ view, inner }): readonly ViewHits[] => {
    const outer = ({ start, end }: Range): Range => view.toOuter(start, end);
    const own = inner.hits.filter((hit) => !asTheyStand.covers(outer(hit)));
    const views = inner.views.filter((found) => {
      const ranges = outerRanges(found).map(outer);
      const range = outer(found.view.range);
      if (runRanges.covers(range) && ranges.every((one) => inRuns.covers(one))) return false;
      wide.push(range);
      append(inWide, ranges);
      return true;
    });
    return own.length + views.length === 0 ? [] : [{ view, inner: { ...inner, hits: own, views } }];
  });
  const wideRanges = new RangeIndex(wide);
  const inWords = new RangeIndex(inWide);
  const isInWord = (run: ViewHits): boolean =>
    wideRanges.covers(run.view.range) && outerRanges(run).every((range) => inWords.covers(range));
  return [...runs.filter((run) => !isInWord(run)), ...kept];
}

function grouped(hits: readonly Hit[], key: (hit: Hit) => string): Map<string, Hit[]> {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    const name = key(hit);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [hit]);
    else group.push(hit);
  }
  return groups;
}

/** Hits of a view this close to where it was cut out of its text, in bytes, are artefacts of the cut. */
const cutMargin = 256;

/**
 * What views of a text without its escapes show beyond what it shows as it stands.
 * @param found in the text's other views @param plain views of it without its escapes @param hits of the text itself
 * @param length of the text
 */
export function beyondEscapes(
  found: readonly ViewHits[],
  plain: readonly ViewHits[],
  hits: readonly Hit[],
  length: number,
): readonly ViewHits[] {
  if (plain.length === 0) return plain;
  const key = ({ ruleId, value }: Hit): string => `${ruleId} ${Buffer.from(value).toString('latin1')}`;
  const seen = new Map<string, RangeIndex>();
  for (const [name, same] of grouped(hits, key)) seen.set(name, new RangeIndex(same));
  const ranges = new RangeIndex(found.map(({ view }) => view.range));
  const inFound = new RangeIndex(found.flatMap(outerRanges));
  return plain.flatMap(({ view, inner }) => {
    const from = view.range.start <= 0 ? 0 : cutMargin;
    const to = view.text.length - (view.range.end >= length ? 0 : cutMargin);
    const isWhole = ({ start, end }: Range): boolean => start >= from && end <= to;
    const outer = ({ start, end }: Range): Range => view.toOuter(start, end);
    const own = inner.hits.filter((hit) => isWhole(hit) && seen.get(key(hit))?.covers(outer(hit)) !== true);
    const views = inner.views.filter((one) => {
      const isKnown =
        ranges.covers(outer(one.view.range)) && outerRanges(one).every((range) => inFound.covers(outer(range)));
      return isWhole(one.view.range) && !isKnown;
    });
    return own.length + views.length === 0 ? [] : [{ view, inner: { ...inner, hits: own, views } }];
  });
}
