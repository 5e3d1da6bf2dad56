/** The head of a request: headers, query and path segments, read like a body and spliced. */
import { append } from '../../core/append.ts';
import type { HeaderList } from '../../core/http.ts';
import type { Finding } from '../../core/finding.ts';
import type { StopReason } from '../../core/transform.ts';
import { percentView } from '../../body/percent.ts';
import type { Range } from '../../body/range.ts';
import { applySplices, type Splice } from '../../body/splice.ts';
import type { View } from '../../body/views.ts';
import { FoundValues } from './found-values.ts';
import { readAcross } from './across.ts';
import { hasHits, outerRanges, type TextHits, type ViewHits } from './hits.ts';
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
  /** Set when a finding is blocked, or something cannot be read: then nothing may leave. */
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

  constructor(scan: RequestScan) {
    this.settler = new Settler(scan);
    this.found = new FoundValues(scan, this.settler);
    this.reader = new TextReader(scan, [...scan.known, this.found.known]);
  }

  /** Why not all could be read. */
  get exceeded(): string | undefined {
    return this.reader.exceeded;
  }

  /** Reads a text and settles what is in it. */
  private read(text: Uint8Array, name: string | undefined, place: Place): readonly Splice[] {
    let found: TextHits = this.reader.read(text, name, 0);
    if (!hasHits(found)) return [];
    if (this.found.add(found, place)) found = this.reader.read(text, name, 0);
    const settled = this.settler.settle(found, place);
    append(this.findings, settled.findings);
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
      toOuter,
    });
    return splices.length === 0 ? value : Buffer.concat([...applySplices([text], splices)]).toString('latin1');
  }

  /** Reads the names of headers, which cannot be rewritten: what is to be masked there blocks. */
  names(headers: HeaderList): void {
    const text = Buffer.from(headers.map(([name]) => name).join('\n'), 'latin1');
    const found = this.reader.read(text, undefined, 0);
    if (!hasHits(found)) return;
    const { findings } = this.settler.settle(found, { where: 'header:*', kind: 'header', meaning: 'unknown', toOuter });
    for (const finding of findings) {
      this.findings.push(finding.action === 'mask' ? { ...finding, action: 'block' } : finding);
    }
  }

  /** Reads a percent-encoded part of the target. */
  private part(view: View, name: string | undefined, at: Part): readonly ViewHits[] {
    let inner = this.reader.read(view.text, name, 0);
    if (!hasHits(inner)) return [];
    if (this.found.add(inner, { kind: at.kind, meaning: 'unknown' })) inner = this.reader.read(view.text, name, 0);
    return [{ view, inner, at }];
  }

  target(target: string, own: ReadonlySet<string>): string {
    const bytes = Buffer.from(target, 'latin1');
    const mark = bytes.indexOf(0x3f);
    const pathEnd = mark === -1 ? bytes.length : mark;
    const views: ViewHits[] = [];
    for (let start = 0; start < pathEnd;) {
      const slash = bytes.indexOf(0x2f, start);
      const end = slash === -1 || slash > pathEnd ? pathEnd : slash;
      if (end > start) append(views, this.part(percentView(bytes, { start, end }, false), undefined, pathPart));
      start = end + 1;
    }
    const exempt: Range[] = [];
    if (mark !== -1) append(views, this.query(bytes, mark + 1, own, exempt));
    for (const found of readAcross(this.reader, bytes, views, exempt)) append(views, apart(found, pathEnd));
    if (views.length === 0) return target;
    const found = { text: bytes, hits: [], views };
    const settled = this.settler.settle(found, { ...pathPart, meaning: 'unknown', toOuter });
    append(this.findings, settled.findings);
    return Buffer.concat([...applySplices([bytes], settled.splices)]).toString('latin1');
  }

  /** Reads names and values; the ranges of the vendor's own credentials go into `exempt`. */
  private query(bytes: Uint8Array, from: number, own: ReadonlySet<string>, exempt: Range[]): readonly ViewHits[] {
    const views: ViewHits[] = [];
    for (const field of formFields(bytes.subarray(from))) {
      const name = percentView(bytes, shifted(field.name, from), true);
      const text = Buffer.from(name.text).toString();
      const ofName = this.part(name, undefined, queryPart);
      append(views, ofName);
      if (field.value === undefined) continue;
      const range = shifted(field.value, from);
      if (own.has(text.toLowerCase())) {
        exempt.push(range);
        continue;
      }
      const where = `query:${ofName.length > 0 || text.length > longestName ? '*' : text}`;
      append(views, this.part(percentView(bytes, range, true), text, { where, kind: 'query' }));
    }
    return views;
  }
}

/** A part of the target, as a place of findings. */
interface Part {
  readonly where: string;
  readonly kind: 'path' | 'query';
}

const pathPart: Part = { where: 'path', kind: 'path' };
const queryPart: Part = { where: 'query:*', kind: 'query' };

/** What was found in a whole target, by the part that it begins in. */
function apart({ view, inner }: ViewHits, pathEnd: number): readonly ViewHits[] {
  return [pathPart, queryPart].flatMap((at) => {
    const isHere = ({ start, end }: Range): boolean => view.toOuter(start, end).start < pathEnd === (at === pathPart);
    const hits = inner.hits.filter(isHere);
    const views = inner.views.filter((found) => outerRanges(found).slice(0, 1).some(isHere));
    return hits.length + views.length === 0 ? [] : [{ view, inner: { ...inner, hits, views }, at }];
  });
}

function toOuter(start: number, end: number): Range {
  return { start, end };
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
  const headers = readFields(reader, head.headers, own.headers);
  return withStop({ target, headers, findings: reader.findings }, reader, 'head');
}

/** Reads what stands behind a request's body: nothing there is a credential of its own. */
export function scanTrailers(scan: RequestScan, trailers: HeaderList): Omit<ScannedHead, 'target'> {
  const reader = new HeadReader(scan);
  const headers = readFields(reader, trailers, noNames);
  return withStop({ headers, findings: reader.findings }, reader, 'trailers');
}

const noNames: ReadonlySet<string> = new Set();

/** Reads names and values; the same reference comes back for what is clean. */
function readFields(reader: HeadReader, fields: HeaderList, own: ReadonlySet<string>): HeaderList {
  reader.names(fields);
  let isChanged = false;
  const written = fields.map(([name, value]): readonly [string, string] => {
    if (own.has(name.toLowerCase())) return [name, value];
    const read = reader.header(name, value);
    isChanged ||= read !== value;
    return [name, read];
  });
  return isChanged ? written : fields;
}

function withStop<T extends { readonly findings: readonly Finding[] }>(
  scanned: T,
  { exceeded }: HeadReader,
  part: string,
): T & { readonly stop?: StopReason } {
  if (exceeded !== undefined) return { ...scanned, stop: { kind: 'limit', reason: exceeded } };
  if (worst(scanned.findings) !== 'block') return scanned;
  return { ...scanned, stop: { kind: 'blocked', reason: `a finding in the ${part} is blocked by policy` } };
}
