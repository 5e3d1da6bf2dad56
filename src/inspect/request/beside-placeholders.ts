/** Findings beside placeholders: what is written right behind one, and what only seems to be named by one. */
import { RangeIndex, type Range } from '../../body/range.ts';
import { concat, part } from '../../core/bytes.ts';
import type { Matcher } from '../../detect/match.ts';
import { ruleHit, type Hit } from './hits.ts';

/** How far around a finding the text is read again: enough for a rule's context. */
const around = 256;

/**
 * Reads the text around each finding that is partly a placeholder again, as it would be without the placeholders. Returns
 * what is found then within the finding, each part that a placeholder cuts off as a hit of its own.
 *
 * @param ours where placeholders stand in the text, in order, and apart
 */
export function besidePlaceholders(
  text: Uint8Array,
  hits: readonly Hit[],
  ours: readonly Range[],
  matcher: Matcher,
): readonly Hit[] {
  const index = new RangeIndex(ours);
  const touched = hits.filter((hit) => hit.origin === 'rule' && index.overlaps(hit) && !index.covers(hit));
  return touched.flatMap((hit) => {
    const window = { start: Math.max(0, hit.start - around), end: Math.min(text.length, hit.end + around) };
    const kept = besides(window, ours);
    const { matches } = matcher.scan(concat(kept.map(({ start, end }) => part(text, start, end))), 0, true);
    return matches.flatMap((match) =>
      placesIn(kept, match)
        .filter((range) => hit.start <= range.start && range.end <= hit.end)
        .map((range) => ruleHit({ ...match, ...range }, text)),
    );
  });
}

/** A name that a value is assigned to ends at most so far before it, in bytes. */
const nameReach = 128;

/**
 * Leaves out the generic findings that there would be none of if placeholders were plain words: the kind that stands in
 * one reads as a name, as in `SLUICE_SECRET_…: value`, and the value that it replaced did not.
 *
 * @param ours as for {@link besidePlaceholders}
 */
export function notNamedByPlaceholders(
  text: Uint8Array,
  hits: readonly Hit[],
  ours: readonly Range[],
  matcher: Matcher,
): readonly Hit[] {
  const index = new RangeIndex(ours);
  return hits.filter((hit) => {
    const before = { start: Math.max(0, hit.start - nameReach), end: hit.start };
    if (hit.rule?.isGeneric !== true || !index.overlaps(before)) return true;
    const from = Math.max(0, hit.start - around);
    // Not `slice`: of a Buffer it is no copy.
    const plain = new Uint8Array(part(text, from, Math.min(text.length, hit.end + around)));
    for (let at = firstBehind(ours, from); at < ours.length; at += 1) {
      const range = ours[at];
      if (range === undefined || range.start >= hit.start) break;
      plain.fill(0x78, Math.max(0, range.start - from), range.end - from);
    }
    const { matches } = matcher.scan(plain, 0, true);
    return matches.some(
      ({ rule, start, end }) => rule.id === hit.ruleId && start + from === hit.start && end + from === hit.end,
    );
  });
}

/** What of a range no placeholder covers. @param ours in order, and apart */
export function besides({ start, end }: Range, ours: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let from = start;
  for (let at = firstBehind(ours, start); at < ours.length; at += 1) {
    const range = ours[at];
    if (range === undefined || range.start >= end) break;
    if (range.start > from) left.push({ start: from, end: range.start });
    from = range.end;
  }
  if (from < end) left.push({ start: from, end });
  return left;
}

/** The first range that ends behind an offset: texts made of placeholders must not cost their square. */
function firstBehind(ranges: readonly Range[], offset: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The places in the text of a range in what was kept of it. */
function placesIn(kept: readonly Range[], { start, end }: Range): readonly Range[] {
  const places: Range[] = [];
  let passed = 0;
  for (const range of kept) {
    const from = Math.max(range.start, range.start + start - passed);
    const to = Math.min(range.end, range.start + end - passed);
    if (from < to) places.push({ start: from, end: to });
    passed += range.end - range.start;
  }
  return places;
}
