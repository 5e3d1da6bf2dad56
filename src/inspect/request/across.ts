/** Known values that the separators of a target or a form cut, or that stand there with a plus for a blank. */
import { percentView } from '../../body/percent.ts';
import { RangeIndex, type Range } from '../../body/range.ts';
import type { View } from '../../body/views.ts';
import { hasHits, outerRanges, type ViewHits } from './hits.ts';
import type { TextReader } from './read-text.ts';

const percent = 0x25;

/** A text as it stands: what a percent sign makes an escape of may be a value's own. */
function rawView(text: Uint8Array): View {
  return {
    encoding: 'percent',
    range: { start: 0, end: text.length },
    text,
    toOuter: (start, end) => ({ start, end }),
    toSplices: (inner) => inner,
  };
}

/**
 * Reads a whole target or form for known values, in both ways in which its escapes can be meant, as a path's and as a
 * form's, and as it stands. What its parts have shown, or what is in `exempt` as a whole, is left out.
 */
export function readAcross(
  reader: TextReader,
  bytes: Uint8Array,
  parts: readonly ViewHits[],
  exempt: readonly Range[],
): readonly ViewHits[] {
  const found: ViewHits[] = [];
  const decoded = [false, true].map((isForm) => percentView(bytes, { start: 0, end: bytes.length }, isForm));
  for (const view of bytes.includes(percent) ? [...decoded, rawView(bytes)] : decoded) {
    const inner = reader.readKnown(view.text);
    if (!hasHits(inner)) continue;
    const seen = new RangeIndex([...exempt, ...[...parts, ...found].flatMap(outerRanges)]);
    const isNew = ({ start, end }: Range): boolean => !seen.covers(view.toOuter(start, end));
    const left = {
      ...inner,
      hits: inner.hits.filter(isNew),
      views: inner.views.filter((coded) => outerRanges(coded).some(isNew)),
    };
    if (hasHits(left)) found.push({ view, inner: left });
  }
  return found;
}
