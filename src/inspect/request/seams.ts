/** Seams: where a base64 text that is too long to hold is cut into pieces, and what lies across them. */
import { base64View } from '../../body/views.ts';
import type { Matcher } from '../../detect/match.ts';
import { hasHits, type Hit, type ViewHits } from './hits.ts';
import type { TextReader } from './read-text.ts';

/** Characters of base64 that stand for so many bytes. */
function charactersOf(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** Whether the base64 characters at an offset stand for bytes that go on with a character of UTF-8. */
function goesOn(text: Uint8Array, at: number): boolean {
  const [first = 0] = Buffer.from(Buffer.from(text.subarray(at, at + 4)).toString('latin1'), 'base64');
  return (first & 0xc0) === 0x80;
}

/**
 * Returns where to cut a run that begins at `start` and goes on beyond the text: at `cut` or before it, so that what
 * may be needed to judge a match that lies across has arrived, and between two characters.
 */
export function seamBefore(text: Uint8Array, start: number, cut: number, { lookAhead }: Matcher): number {
  const last = Math.min(cut, text.length - charactersOf(lookAhead));
  let seam = start + Math.max(0, Math.floor((last - start) / 4) * 4);
  for (let back = 0; back < 3 && seam > start && goesOn(text, seam); back += 1) seam -= 4;
  return seam;
}

/** Reads what stands around a seam: matches that neither of the pieces shows by itself. */
export function acrossSeam(
  reader: TextReader,
  text: Uint8Array,
  { start, seam }: { readonly start: number; readonly seam: number },
  { lookBehind, lookAhead }: Matcher,
): ViewHits | undefined {
  const from = Math.max(start, seam - charactersOf(lookBehind + lookAhead));
  const end = Math.min(text.length, seam + charactersOf(lookAhead));
  const view = base64View(text, { start: from, end });
  const cut = ((seam - from) / 4) * 3;
  const extent = { from: 0, isComplete: false, isMatched: true };
  const keyOf = (hit: Hit, by: number): string => `${hit.ruleId} ${String(hit.start + by)}-${String(hit.end + by)}`;
  const next = new Set(reader.scanText(view.text.subarray(cut), extent, []).hits.map((hit) => keyOf(hit, cut)));
  const hits = reader
    .scanText(view.text, extent, [])
    .hits.filter((hit) => hit.origin === 'rule' && hit.end > cut && !next.has(keyOf(hit, 0)));
  const inner = reader.combine(view.text, hits, [], []);
  return hasHits(inner) ? { view, inner } : undefined;
}
