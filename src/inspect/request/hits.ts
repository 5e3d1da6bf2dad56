/** Hits: what a detector saw in a text and in the texts encoded inside it, before policy. */
import type { Range } from '../../body/range.ts';
import type { View } from '../../body/views.ts';
import type { Confidence } from '../../core/finding.ts';
import type { Rule } from '../../detect/rule.ts';

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

/** The ranges, in the outer text, of every hit in a view. */
export function outerRanges({ view, inner }: ViewHits): readonly Range[] {
  const within = [...inner.hits, ...inner.views.flatMap(outerRanges)];
  return within.map(({ start, end }) => view.toOuter(start, end));
}

/** Puts the hits of views of the same range together: only one of them can be encoded anew. */
export function mergeViews(views: readonly ViewHits[]): ViewHits[] {
  const merged = new Map<string, ViewHits>();
  for (const found of views) {
    const key = `${String(found.view.range.start)}-${String(found.view.range.end)}`;
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
