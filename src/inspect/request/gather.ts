/** A gathered request body: held until it has ended, judged whole, and sent as it came or with exact splices. */
import { append } from '../../core/append.ts';
import { isUtf8 } from 'node:buffer';
import { concat } from '../../core/bytes.ts';
import type { Coverage } from '../../core/decision.ts';
import type { Question } from '../../core/detector.ts';
import type { Finding } from '../../core/finding.ts';
import { emptyStep, stop, type Step } from '../../core/transform.ts';
import { decodeBody, encodeBody, type CodedForm } from '../../body/codings.ts';
import { Interned } from '../../body/interned.ts';
import { readJson } from '../../body/json-document.ts';
import {
  isFormType,
  isJsonSequenceType,
  isJsonType,
  isReadableCharset,
  parseMediaType,
} from '../../body/media-type.ts';
import type { MediaType } from '../../body/media-type.ts';
import { applySplices, type Splice } from '../../body/splice.ts';
import type { Asking } from '../detector/asking.ts';
import { FoundValues } from './found-values.ts';
import { eachHit } from './hits.ts';
import { FormLayout, JsonLayout, TextLayout, type Item, type Layout } from './layout.ts';
import { beginsAsJson, maxJsonDepth, TextReader } from './read-text.ts';
import { noQuestions, type BodyHead, type RequestBody, type RequestScan } from './scan.ts';
import { Settler, worst, type Place, type Settled } from './settle.ts';

type LaidOut = { readonly ok: true; readonly layout: Layout } | { readonly ok: false; readonly step: Step };

function isMultipart({ essence }: MediaType): boolean {
  return essence.startsWith('multipart/');
}

/** Decides how a body falls into texts. The content type is a hint: what is JSON is read as JSON. */
function layOut(
  scan: RequestScan,
  bytes: Uint8Array,
  type: MediaType,
  { isBinary, names }: { readonly isBinary: boolean; readonly names: Interned },
): LaidOut {
  const isOther = isFormType(type.essence) || isMultipart(type);
  const isJsonKnown = scan.isKnownRoute && !isOther;
  if (isBinary && isJsonKnown) return { ok: false, step: stop('unreadable', 'the body is not UTF-8 text') };
  const isSequence = isJsonSequenceType(type.essence);
  if (!isBinary && (isJsonKnown || isJsonType(type.essence) || isSequence || beginsAsJson(bytes))) {
    const read = readJson(bytes, { maxDepth: maxJsonDepth, isSequence, names });
    if (read.ok) return { ok: true, layout: new JsonLayout(scan, bytes, read.document) };
    if (read.isLimit) return { ok: false, step: stop('limit', read.reason) };
    if (isJsonKnown) return { ok: false, step: stop('unreadable', read.reason) };
  }
  return { ok: true, layout: isFormType(type.essence) ? new FormLayout(bytes) : new TextLayout(bytes) };
}

/** A body that can be read: its bytes without their coding, and how they fall into texts. */
interface Opened {
  readonly bytes: Uint8Array;
  readonly form: CodedForm;
  readonly layout: Layout;
  readonly isBinary: boolean;
  readonly isMultipart: boolean;
}

/** What was found in it, with what that is settled by. */
interface Reading {
  readonly reader: TextReader;
  readonly settler: Settler;
  readonly items: readonly Item[];
}

class GatheredBody implements RequestBody {
  isChanged = false;
  private readonly scan: RequestScan;
  private readonly head: BodyHead;
  private readonly asking: Asking | undefined;
  private readonly chunks: Uint8Array[] = [];
  /** Where the names of the body, and of JSON inside it, are numbered. */
  private readonly names = new Interned();
  private size = 0;
  private covered: Coverage = { read: 0, opaque: 0, unread: 0 };
  /** The body as it was opened; a step where it could not be. */
  private opened: Opened | Step | undefined;
  /** What the last reading gave, while nothing new is known. */
  private reading: Reading | undefined;

  constructor(scan: RequestScan, head: BodyHead, asking: Asking | undefined) {
    this.scan = scan;
    this.head = head;
    this.asking = asking;
  }

  coverage(): Coverage {
    return this.covered;
  }

  rest(): readonly Uint8Array[] {
    return this.chunks;
  }

  push(chunk: Uint8Array): Step {
    this.size += chunk.length;
    if (chunk.length > 0) this.chunks.push(chunk);
    if (this.size <= this.scan.limits.bodyBytes) return emptyStep;
    return stop('limit', 'the body is larger than `limits.bodyBytes` allows');
  }

  questions(): readonly Question[] {
    if (this.asking === undefined || this.size === 0) return noQuestions;
    this.opened ??= this.open();
    if ('output' in this.opened) return noQuestions;
    this.reading = this.read(this.opened);
    const questions = this.asking.take();
    if (questions.length > 0) this.reading = undefined;
    return questions;
  }

  end(): Step {
    if (this.size === 0) return emptyStep;
    this.opened ??= this.open();
    if ('output' in this.opened) return this.opened;
    const { bytes, form, isBinary, isMultipart: isInParts } = this.opened;
    const reading = this.reading ?? this.read(this.opened);
    const { exceeded } = reading.reader;
    if (exceeded !== undefined) return this.refuse(stop('limit', exceeded), bytes.length);
    const { findings, splices } = this.settle(reading);
    this.asking?.close();
    if (worst(findings) === 'block') return stop('blocked', 'a finding is blocked by policy', findings);
    if (splices.length > 0 && isBinary && !isInParts) {
      // Lengths and checksums inside a binary format would no longer hold.
      return stop('blocked', 'a finding stands in binary data that cannot be rewritten', findings);
    }
    return { output: this.written(bytes, form, splices), findings };
  }

  private open(): Opened | Step {
    const decoded = decodeBody(this.head.coding, concat(this.chunks), this.scan.limits);
    if (!decoded.ok) return this.refuse(stop(decoded.kind, decoded.reason), this.size);
    const { bytes, form } = decoded;
    if (bytes.length === 0) return { output: this.chunks, findings: [] };
    const type = parseMediaType(this.head.contentType);
    if (!isReadableCharset(type.charset)) {
      return this.refuse(stop('unreadable', 'the charset of the body cannot be read'), bytes.length);
    }
    const isBinary = !isUtf8(bytes);
    const laidOut = layOut(this.scan, bytes, type, { isBinary, names: this.names });
    if (!laidOut.ok) return this.refuse(laidOut.step, bytes.length);
    return { bytes, form, layout: laidOut.layout, isBinary, isMultipart: isMultipart(type) };
  }

  /** Nothing of the body was read. */
  private refuse(step: Step, size: number): Step {
    this.covered = { read: 0, opaque: 0, unread: size };
    return step;
  }

  private read({ bytes, layout, isBinary }: Opened): Reading {
    const size = bytes.length;
    const reader = new TextReader(this.scan, this.scan.known, this.names, this.asking);
    const settler = new Settler(this.scan);
    const items = layout.read(reader);
    const { opaque } = layout;
    const unread = isBinary ? size : Math.min(reader.unread, size - opaque);
    this.covered = { read: size - opaque - unread, opaque, unread };
    return { reader, settler, items: items.length === 0 ? items : this.spread(layout, items, settler) };
  }

  /** Reads again what may hold the values that were found: they are masked wherever they stand, before and after. */
  private spread(layout: Layout, items: Item[], settler: Settler): Item[] {
    const found = new FoundValues(this.scan, settler);
    for (const { found: hits, meaning } of items) found.add(hits, { kind: 'body', meaning });
    if (found.known.size === 0) return items;
    const known = [...this.scan.known, found.known];
    return layout.reread(new TextReader(this.scan, known, this.names, this.asking), found.known, items);
  }

  private settle({ reader, settler, items }: Reading): Settled {
    for (const { found } of this.asking === undefined ? [] : items) eachHit(found, (hit) => settler.name(hit));
    const findings: Finding[] = [];
    const splices: Splice[] = [];
    for (const item of items) {
      const settled = settler.settle(item.found, placeOf(item, reader));
      append(findings, settled.findings);
      append(splices, item.view === undefined ? settled.splices : item.view.toSplices(settled.splices));
    }
    return { findings, splices };
  }

  private written(bytes: Uint8Array, form: CodedForm, splices: readonly Splice[]): readonly Uint8Array[] {
    if (splices.length === 0) return this.chunks;
    this.isChanged = true;
    if (form === 'identity') return applySplices(this.chunks, splices);
    return [encodeBody(form, concat([...applySplices([bytes], splices)]))];
  }
}

function placeOf(item: Item, reader: TextReader): Place {
  const { view } = item;
  return {
    where: item.where(reader),
    kind: 'body',
    meaning: item.meaning,
    toOuter: (start, end) => (view === undefined ? { start, end } : view.toOuter(start, end)),
  };
}

/**
 * Makes the transform of a gathered body. It takes the body as received (still coded) and gives everything at `end()`:
 * the very chunks received where nothing is to be changed.
 *
 * @param asking where a detector is to be asked: then whoever pushes the body sees to its questions before `end()`
 */
export function createGather(scan: RequestScan, head: BodyHead, asking?: Asking): RequestBody {
  return new GatheredBody(scan, head, asking);
}
