/** The head of a request: header values, query values and path segments, read like a body and spliced. */
import type { HeaderList } from '../../core/http.ts';
import type { Finding } from '../../core/finding.ts';
import type { StopReason } from '../../core/transform.ts';
import { percentView } from '../../body/percent.ts';
import type { Range } from '../../body/range.ts';
import { applySplices, type Splice } from '../../body/splice.ts';
import type { View } from '../../body/views.ts';
import { FoundValues } from './found-values.ts';
import { hasHits, type TextHits } from './hits.ts';
import { formFields } from './layout.ts';
import { TextReader } from './read-text.ts';
import type { RequestScan } from './scan.ts';
import { Settler, worst, type Place } from './settle.ts';

/** Where a request's own credentials stand: what it presents to its vendor passes untouched. Names in lower case. */
export interface OwnCredentials {
  readonly headers: ReadonlySet<string>;
  readonly query: ReadonlySet<string>;
}

/** What leaves in place of the head, and what was found in it. */
export interface ScannedHead {
  readonly target: string;
  readonly headers: HeaderList;
  readonly findings: readonly Finding[];
  /** Set when a finding is blocked: then nothing may leave. */
  readonly stop?: StopReason;
}

/** Headers that the exchange itself stands on: never spliced. */
const structuralHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'accept',
  'accept-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/** A query name longer than this is not written into the record. */
const longestName = 64;

/** Reads heads: one per request. */
class HeadReader {
  readonly findings: Finding[] = [];
  private readonly settler: Settler;
  private readonly found: FoundValues;
  private readonly reader: TextReader;
  private readonly known: RequestScan['known'];

  constructor(scan: RequestScan) {
    this.known = scan.known;
    this.settler = new Settler(scan);
    this.found = new FoundValues(scan, this.settler);
    this.reader = new TextReader(scan, [...scan.known, this.found.known]);
  }

  /** Reads a text and settles what is in it. */
  private read(text: Uint8Array, name: string | undefined, place: Place): readonly Splice[] {
    let found: TextHits = this.reader.read(text, name, 0);
    if (!hasHits(found)) return [];
    if (this.found.add(found, place)) found = this.reader.read(text, name, 0);
    const settled = this.settler.settle(found, place);
    this.findings.push(...settled.findings);
    return settled.splices;
  }

  header(name: string, value: string): string {
    const text = Buffer.from(value, 'latin1');
    const lower = name.toLowerCase();
    const meaning = structuralHeaders.has(lower) ? 'structural' : 'unknown';
    const splices = this.read(text, lower, {
      where: `header:${lower}`,
      kind: 'header',
      meaning,
      toOuter: (start, end) => ({ start, end }),
    });
    return splices.length === 0 ? value : Buffer.concat([...applySplices([text], splices)]).toString('latin1');
  }

  /** Reads a percent-encoded range of the target. */
  private part(view: View, name: string | undefined, kind: 'query' | 'path', where: string): readonly Splice[] {
    const toOuter = (start: number, end: number): Range => view.toOuter(start, end);
    return view.toSplices(this.read(view.text, name, { where, kind, meaning: 'unknown', toOuter }));
  }

  target(target: string, own: ReadonlySet<string>): string {
    const bytes = Buffer.from(target, 'latin1');
    const mark = bytes.indexOf(0x3f);
    const pathEnd = mark === -1 ? bytes.length : mark;
    const splices: Splice[] = [];
    const whole = percentView(bytes, { start: 0, end: pathEnd }, false);
    const isAcross = this.standsAcross(whole.text);
    if (isAcross) splices.push(...this.part(whole, undefined, 'path', 'path'));
    let start = isAcross ? pathEnd : 0;
    while (start < pathEnd) {
      const slash = bytes.indexOf(0x2f, start);
      const end = slash === -1 || slash > pathEnd ? pathEnd : slash;
      if (end > start) splices.push(...this.part(percentView(bytes, { start, end }, false), undefined, 'path', 'path'));
      start = end + 1;
    }
    if (mark !== -1) splices.push(...this.query(bytes, mark + 1, own));
    return splices.length === 0 ? target : Buffer.concat([...applySplices([bytes], splices)]).toString('latin1');
  }

  /** Whether a known value with a slash in it stands in a path: read by segments, it would be missed. */
  private standsAcross(path: Uint8Array): boolean {
    return this.known.some((known) =>
      known.scan(path, 0, true).matches.some(({ start, end }) => path.subarray(start, end).includes(0x2f)),
    );
  }

  private query(bytes: Uint8Array, from: number, own: ReadonlySet<string>): readonly Splice[] {
    const splices: Splice[] = [];
    for (const field of formFields(bytes.subarray(from))) {
      const name = percentView(bytes, shifted(field.name, from), true);
      const text = Buffer.from(name.text).toString();
      const nameSplices = this.part(name, undefined, 'query', 'query:*');
      splices.push(...nameSplices);
      if (field.value === undefined || own.has(text.toLowerCase())) continue;
      const where = `query:${nameSplices.length > 0 || text.length > longestName ? '*' : text}`;
      splices.push(...this.part(percentView(bytes, shifted(field.value, from), true), text, 'query', where));
    }
    return splices;
  }
}

function shifted({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

/** Reads a request's target and headers. Same references come back for what is clean. */
export function scanHead(
  scan: RequestScan,
  head: { readonly target: string; readonly headers: HeaderList },
  own: OwnCredentials,
): ScannedHead {
  const reader = new HeadReader(scan);
  const target = reader.target(head.target, own.query);
  let isChanged = false;
  const headers = head.headers.map(([name, value]): readonly [string, string] => {
    if (own.headers.has(name.toLowerCase())) return [name, value];
    const read = reader.header(name, value);
    isChanged ||= read !== value;
    return [name, read];
  });
  const { findings } = reader;
  const scanned = { target, headers: isChanged ? headers : head.headers, findings };
  if (worst(findings) !== 'block') return scanned;
  return { ...scanned, stop: { kind: 'blocked', reason: 'a finding in the head is blocked by policy' } };
}
