/** Placeholders that stand in a request already: they are ours, never findings, however they are encoded. */
import { encodedViews } from '../../body/encoded-runs.ts';
import { RangeIndex, type Range } from '../../body/range.ts';
import { besidePlaceholders, notNamedByPlaceholders } from './beside-placeholders.ts';
import { hitsApart, type Hit, type ViewHits } from './hits.ts';
import type { RequestScan } from './scan.ts';

/** Where placeholders stand in a text, as they are or in encodings inside one another. */
export function placeholdersIn(scan: RequestScan, text: Uint8Array, depth = 0): readonly Range[] {
  const { placeholders } = scan;
  const plain = placeholders.find(text);
  const ranges: Range[] = [...plain, ...placeholders.findEncoded(text)];
  if (depth >= scan.limits.decodeDepth) return ranges;
  for (const view of encodedViews(text, plain)) {
    for (const { start, end } of placeholdersIn(scan, view.text, depth + 1)) ranges.push(view.toOuter(start, end));
  }
  return ranges;
}

/**
 * Leaves out the hits that are placeholders, as they are or encoded; what touches one may be a finding.
 * @param ours where they stand in the text
 */
export function withoutPlaceholders(
  scan: RequestScan,
  text: Uint8Array,
  hits: readonly Hit[],
  ours: readonly Range[],
): readonly Hit[] {
  if (hits.length === 0 || ours.length === 0) return hits;
  const index = new RangeIndex(ours);
  const isApart = (hit: Hit): boolean => !index.overlaps(hit);
  const { matcher, placeholders } = scan;
  const plain = placeholders.find(text);
  const apart = notNamedByPlaceholders(text, hits.filter(isApart), plain, matcher);
  // What is left beside one placeholder may be another, encoded.
  return [...apart, ...besidePlaceholders(text, hits, plain, matcher).filter(isApart)];
}

/**
 * Leaves out of a text's views what is a piece of a placeholder: one folded over lines shows in parts where each line is
 * read by itself.
 * @param ours where placeholders stand in the text
 */
export function withoutPieces(views: readonly ViewHits[], ours: readonly Range[]): readonly ViewHits[] {
  if (views.length === 0 || ours.length === 0) return views;
  const index = new RangeIndex(ours);
  return views.flatMap((found) => hitsApart(found, (range) => index.covers(range)));
}
