/** Scans one text as it stands: by the matcher, and for the known values in all their forms. */
import { append } from '../../core/append.ts';
import type { KnownMatch, KnownValues } from '../../detect/match.ts';
import { ruleHit, type Hit, type ViewHits } from './hits.ts';
import { knownBase64, knownHexView } from './known-views.ts';
import type { RequestScan } from './scan.ts';

/** How much of a text is scanned, and by what. */
export interface Extent {
  readonly from: number;
  readonly isComplete: boolean;
  /** Whether the matcher looks at it too: it does not at JSON, whose strings it sees one by one. */
  readonly isMatched: boolean;
}

/** All of a text. */
export const whole: Extent = { from: 0, isComplete: true, isMatched: true };
/** All of it, for known values alone. */
export const wholeUnmatched: Extent = { ...whole, isMatched: false };

/** What came of a scan: the hits that begin in its extent, and up to where no more will begin. */
export interface Scanned {
  readonly hits: Hit[];
  readonly settled: number;
}

/** What the known values have given so far; `coded`: what stands in base64. */
interface KnownSoFar {
  readonly hits: Hit[];
  readonly views: ViewHits[];
  readonly coded: Hit[];
}

/**
 * Scans a text, or what of a growing text begins at `from`.
 * @param views takes the known values that stand encoded
 */
export function scanText(
  scan: RequestScan,
  known: readonly KnownValues[],
  text: Uint8Array,
  { from, isComplete, isMatched }: Extent,
  views: ViewHits[],
): Scanned {
  const hits: Hit[] = [];
  let settled = text.length;
  if (isMatched) {
    const { matcher } = scan;
    const { matches, resume } = matcher.scan(text, Math.max(0, from - matcher.lookBehind), isComplete);
    for (const match of matches) if (match.start >= from) hits.push(ruleHit(match, text));
    if (!isComplete) settled = resume - matcher.lookBehind;
  }
  const coded: Hit[] = [];
  for (const values of known) {
    if (values.size === 0) continue;
    const { matches, resume } = values.scan(text, from, isComplete);
    for (const match of matches) if (match.start >= from) addKnown(scan, match, text, { hits, views, coded });
    if (!isComplete) settled = Math.min(settled, resume);
  }
  if (coded.length > 0) {
    const found = knownBase64(text, coded);
    append(views, found.views);
    append(hits, found.rest);
  }
  return { hits, settled };
}

/** Adds a known value's occurrence: as it stands, or as a view of the encoded form. */
function addKnown(scan: RequestScan, match: KnownMatch, text: Uint8Array, { hits, views, coded }: KnownSoFar): void {
  const hit = knownHit(scan, match);
  const layer = match.encoding.find((name) => name !== 'json' && name !== 'percent');
  if (layer === undefined) hits.push(hit);
  else if (layer === 'hex') views.push(knownHexView(text, hit));
  else coded.push(hit);
}

function knownHit(scan: RequestScan, { value, start, end, encoding }: KnownMatch): Hit {
  return {
    start,
    end,
    value: value.bytes,
    ruleId: value.rule,
    rule: value.isProtected ? undefined : scan.ruleOf(value.rule),
    confidence: value.isProtected ? 'certain' : 'probable',
    reason: value.isProtected ? protectedReason(value.name) : 'found elsewhere before',
    origin: value.isProtected ? 'protected' : 'known',
    layers: encoding,
  };
}

function protectedReason(name: string | undefined): string {
  return name === undefined ? 'a protected value' : `the value of ${name}`;
}
