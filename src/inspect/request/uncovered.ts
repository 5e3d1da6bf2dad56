/** What masking itself uncovers: hits that show only once placeholders stand in a text. */
import { applySplices, type Splice } from '../../body/splice.ts';
import { RangeIndex, type Range } from '../../body/range.ts';
import type { Hit, TextHits } from './hits.ts';

/** How far from a splice a hit may be that the splice uncovers: more than any rule's context reaches. */
const reach = 1024;
/** Hits this close to where a piece was cut out of the text are artefacts of the cut. */
const margin = 256;

/** A value that goes on further is seen in part, and not where it is all that masking uncovers. */
const longestWord = 4096;

/** Where a word ends that is cut at an offset, in the direction of `step`. */
function wordEdge(text: Uint8Array, offset: number, step: 1 | -1): number {
  let at = offset;
  const most = offset + step * longestWord;
  while (at !== most && (text[step > 0 ? at : at - 1] ?? 0x20) > 0x20) at += step;
  return at;
}

/** Groups of splices that are near one another. */
function grouped(splices: readonly Splice[]): readonly (readonly Splice[])[] {
  const groups: Splice[][] = [];
  let last = -Infinity;
  for (const splice of splices) {
    if (splice.start - last > 2 * reach) groups.push([]);
    groups.at(-1)?.push(splice);
    last = splice.end;
  }
  return groups;
}

/** Maps an offset of the spliced piece back to the text; undefined inside a replacement. */
function toText(piece: Range, splices: readonly Splice[], offset: number): number | undefined {
  let at = piece.start;
  let left = offset;
  for (const { start, end, replacement } of splices) {
    if (left <= start - at) break;
    left -= start - at;
    if (left < replacement.length) return undefined;
    left -= replacement.length;
    at = end;
  }
  return at + left;
}

/** Reads the surroundings of splices again, with the splices in place, and returns the hits that are new. */
export function uncovered({ text, again }: TextHits, splices: readonly Splice[]): readonly Hit[] {
  if (again === undefined) return [];
  const hits: Hit[] = [];
  const spliced = new RangeIndex(splices);
  for (const group of grouped(splices)) {
    const piece = {
      start: Math.max(0, wordEdge(text, (group[0]?.start ?? 0) - reach + margin, -1) - margin),
      end: Math.min(text.length, wordEdge(text, (group.at(-1)?.end ?? 0) + reach - margin, 1) + margin),
    };
    const changed = Buffer.concat([...applySplices([text.subarray(piece.start, piece.end)], group, piece.start)]);
    const from = piece.start === 0 ? 0 : margin;
    const to = piece.end === text.length ? changed.length : changed.length - margin;
    for (const hit of again(changed)) {
      if (hit.start < from || hit.end > to) continue;
      const start = toText(piece, group, hit.start);
      const end = toText(piece, group, hit.end);
      if (start === undefined || end === undefined) continue;
      const range = { start, end };
      if (!spliced.overlaps(range)) hits.push({ ...hit, ...range });
    }
  }
  return hits;
}
