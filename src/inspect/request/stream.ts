/**
 * A streamed request body: each byte leaves as soon as no open candidate can include it. Everything is decided at
 * places that the text itself gives (the end of a string, every so many bytes of a long one), never where a chunk ends.
 */
import type { Coverage } from '../../core/decision.ts';
import type { Finding } from '../../core/finding.ts';
import { noBytes } from '../../core/bytes.ts';
import { emptyStep, stop, type Step, type StopReason } from '../../core/transform.ts';
import { ByteQueue } from '../../body/byte-queue.ts';
import { decodeJsonString } from '../../body/json-string.ts';
import { hasEscapes, type JsonHandler } from '../../body/json-events.ts';
import { JsonTokenizer } from '../../body/json-tokenizer.ts';
import {
  isFormType,
  isJsonSequenceType,
  isJsonType,
  isReadableCharset,
  parseMediaType,
} from '../../body/media-type.ts';
import type { Splice } from '../../body/splice.ts';
import { Utf8Guard } from '../../body/utf8-guard.ts';
import { jsonNumberView, jsonStringView, type View } from '../../body/views.ts';
import type { Meaning } from '../../providers/provider.ts';
import { FoundValues } from './found-values.ts';
import { hasHits, type TextHits } from './hits.ts';
import { beginsOpaqueText, isOpaqueText, protectedHits } from './opaque.ts';
import { PathTracker } from './path-tracker.ts';
import { beginsAsJson, maxJsonDepth, TextReader } from './read-text.ts';
import type { BodyHead, RequestBody, RequestScan } from './scan.ts';
import { Settler, worst, type Place, type Settled } from './settle.ts';
import { isStuck, TextWindow, type Part } from './window.ts';

/** Strings up to this size are held whole; longer ones pass through a window, a step at a time. */
const stepBytes = 64 * 1024;
/** JSON inside a string is held whole up to this size: beyond, it is read as it stands. */
const nestedBytes = 1024 * 1024;
/** Meaning is asked for from this size on, or where something was found: shorter strings count as read. */
const leastMeant = 16;
/** Bare numbers shorter than this hold nothing that a rule could name. */
const leastNumber = 8;

interface LongString {
  readonly window: TextWindow;
  readonly place: Pick<Place, 'where' | 'kind' | 'meaning'>;
  /** Up to where its raw bytes were given to the window. */
  taken: number;
}

class StreamedBody implements RequestBody, JsonHandler {
  isChanged = false;
  private readonly scan: RequestScan;
  private readonly head: BodyHead;
  private readonly queue = new ByteQueue();
  private readonly guard = new Utf8Guard();
  private readonly textGuard = new Utf8Guard();
  private readonly settler: Settler;
  private readonly found: FoundValues;
  private readonly reader: TextReader;
  private readonly path = new PathTracker();
  private readonly isJsonRequired: boolean;
  private readonly isMultipart: boolean;
  private mode: 'undecided' | 'json' | 'text' | 'over' = 'undecided';
  private tokenizer: JsonTokenizer | undefined;
  /** A JSON string that outgrew the step, or the text of a body that is not JSON. */
  private long: LongString | undefined;
  private stringStartAt = 0;
  /** Splices that are not released yet, and findings not reported yet. */
  private splices: Splice[] = [];
  private findings: Finding[] = [];
  private stopped: StopReason | undefined;
  private stoppedAt = 0;
  /** What of the chunk that passed `bodyBytes` lies beyond it. */
  private beyond: Uint8Array = noBytes;
  private isText = true;
  private opaque = 0;
  private unread = 0;

  constructor(scan: RequestScan, head: BodyHead) {
    this.scan = scan;
    this.head = head;
    this.settler = new Settler(scan);
    this.found = new FoundValues(scan, this.settler);
    this.reader = new TextReader(scan, [...scan.known, this.found.known]);
    const { essence } = parseMediaType(head.contentType);
    this.isMultipart = essence.startsWith('multipart/');
    this.isJsonRequired = scan.isKnownRoute && !isFormType(essence) && !this.isMultipart;
  }

  coverage(): Coverage {
    const seen = this.stopped === undefined ? this.queue.length : this.stoppedAt;
    const unread = Math.min(this.unread + this.reader.unread, seen - this.opaque);
    return { read: seen - this.opaque - unread, opaque: this.opaque, unread };
  }

  rest(): readonly Uint8Array[] {
    const held = this.queue.release(this.queue.length, this.splices);
    return this.beyond.length === 0 ? held : [...held, this.beyond];
  }

  push(chunk: Uint8Array): Step {
    if (this.mode === 'over' || chunk.length === 0) return emptyStep;
    const room = this.scan.limits.bodyBytes - this.queue.length;
    this.take(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length > room) {
      this.beyond = chunk.subarray(room);
      this.halt('limit', 'the body is larger than `limits.bodyBytes` allows', this.frontier());
    }
    return this.step();
  }

  end(): Step {
    if (this.mode === 'over' || this.queue.length === 0) return emptyStep;
    if (this.mode === 'undecided') this.decide();
    if (this.mode === 'json') this.endJson();
    if (this.mode === 'text') this.readLong(this.queue.length, true);
    const step = this.step(true);
    this.mode = 'over';
    return step;
  }

  private take(bytes: Uint8Array): void {
    const from = this.queue.length;
    this.queue.push(bytes);
    if (this.mode === 'undecided') {
      // White space decides nothing: what follows it does.
      const first = bytes.findIndex((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
      if (first === -1 && !this.isJsonRequired) return;
      this.decide();
      const before = this.queue.slice(0, from);
      if (before.length > 0) this.feed(before, 0);
    }
    this.feed(bytes, from);
  }

  private feed(bytes: Uint8Array, from: number): void {
    if (this.mode === 'json') this.feedJson(bytes);
    else if (this.mode === 'text') this.feedText(from + bytes.length);
  }

  /** Decides how the body is read. The content type is a hint: what begins as JSON is read as JSON. */
  private decide(): void {
    const { essence, charset } = parseMediaType(this.head.contentType);
    if (!isReadableCharset(charset)) {
      this.halt('unreadable', 'the charset of the body cannot be read', 0);
      return;
    }
    const isSequence = isJsonSequenceType(essence);
    const isJson = this.isJsonRequired || isJsonType(essence) || isSequence;
    if (isJson || beginsAsJson(this.queue.slice(0, this.queue.length))) {
      this.mode = 'json';
      this.tokenizer = new JsonTokenizer(this, { maxDepth: maxJsonDepth, partBytes: stepBytes, isSequence });
    } else this.readAsText(0);
  }

  private readAsText(from: number): void {
    this.mode = 'text';
    this.tokenizer = undefined;
    const window = new TextWindow(this.scan, [...this.scan.known, this.found.known], from, {
      isJson: false,
      isOpaque: false,
    });
    this.long = { window, place: { where: undefined, kind: 'body', meaning: 'unknown' }, taken: from };
  }

  private feedJson(bytes: Uint8Array): void {
    const { tokenizer } = this;
    if (tokenizer === undefined) return;
    const { valid, isValid } = this.guard.push(bytes);
    for (const part of valid) {
      if (!tokenizer.push(part)) {
        if (tokenizer.error !== undefined)
          this.malformed(`${tokenizer.error.reason} (byte ${String(tokenizer.error.offset)})`);
        return;
      }
    }
    if (!isValid) this.malformed('it is not UTF-8');
  }

  private endJson(): void {
    const { tokenizer } = this;
    if (tokenizer === undefined) return;
    if (this.guard.isCut) this.malformed('it is not UTF-8');
    else if (!tokenizer.end() && tokenizer.error !== undefined) this.malformed(tokenizer.error.reason);
  }

  /** What is not JSON is unreadable where JSON is known to belong, and text elsewhere. */
  private malformed(reason: string): void {
    if (this.isJsonRequired) {
      this.halt('unreadable', `the body is not JSON: ${reason}`, this.frontier());
      return;
    }
    const from = this.frontier();
    this.long = undefined;
    this.readAsText(from);
    this.feedText(this.queue.length);
  }

  private feedText(upTo: number): void {
    const { long } = this;
    if (long === undefined) return;
    let next = long.taken - (long.taken % stepBytes) + stepBytes;
    for (; next <= upTo && this.stopped === undefined; next += stepBytes) this.readLong(next, false);
  }

  /** The offset before which everything is decided. */
  private frontier(): number {
    if (this.stopped !== undefined) return this.stoppedAt;
    if (this.long !== undefined) return this.long.window.settled;
    return this.tokenizer?.settled ?? 0;
  }

  private step(isEnd = false): Step {
    const upTo = isEnd && this.stopped === undefined ? this.queue.length : this.frontier();
    const ready = this.splices.filter(({ end }) => end <= upTo);
    this.splices = this.splices.filter(({ end }) => end > upTo);
    if (ready.length > 0) this.isChanged = true;
    const output = upTo > this.queue.released ? this.queue.release(upTo, ready) : [];
    const { findings } = this;
    this.findings = [];
    if (this.stopped === undefined) return { output, findings };
    this.mode = 'over';
    return { ...stop(this.stopped.kind, this.stopped.reason, findings), output };
  }

  /** Stops for good: nothing from `at` on is released. */
  private halt(kind: StopReason['kind'], reason: string, at: number): void {
    if (this.stopped !== undefined) return;
    this.stopped = { kind, reason };
    this.stoppedAt = at;
    this.tokenizer?.stop();
    if (this.mode === 'undecided') this.mode = 'over';
  }

  // What the tokenizer reports.

  openObject(): void {
    this.path.enter(true);
  }

  openArray(): void {
    this.path.enter(false);
  }

  close(): void {
    this.path.leave();
  }

  stringStart(start: number): void {
    this.stringStartAt = start;
  }

  literal(): void {
    this.path.next();
  }

  name(start: number, end: number, flags: number): void {
    const raw = this.queue.slice(start + 1, end - 1);
    const text = (flags & hasEscapes) === 0 ? raw : decodeJsonString(raw);
    this.path.named(Buffer.from(text).toString());
    const found = (): TextHits => this.reader.readName(text);
    this.judge(
      start,
      found,
      (hits) => jsonStringView(raw, start + 1, hits.text),
      () => {
        const meaning = this.meaning();
        return meaning === 'structural' ? meaning : 'prose';
      },
    );
  }

  number(start: number, end: number): void {
    if (end - start >= leastNumber) {
      const text = this.queue.slice(start, end);
      const found = (): TextHits => this.reader.read(text, this.path.memberName, 0, true);
      this.judge(
        start,
        found,
        () => jsonNumberView(text, start),
        () => this.meaning(),
      );
    }
    this.path.next();
  }

  string(start: number, end: number, flags: number): void {
    if (this.long !== undefined) {
      this.readLong(end - 1, true);
      this.long = undefined;
      this.path.next();
      return;
    }
    const raw = this.queue.slice(start + 1, end - 1);
    const text = (flags & hasEscapes) === 0 ? raw : decodeJsonString(raw);
    const view = (): View => jsonStringView(raw, start + 1, text);
    const meaning = raw.length >= leastMeant ? this.meaning() : undefined;
    if (meaning === 'opaque' && !isOpaqueText(text)) {
      this.opaque += raw.length;
      this.judge(
        start,
        () => protectedHits(this.scan, text),
        view,
        () => meaning,
      );
    } else {
      const found = (): TextHits => this.reader.read(text, this.path.memberName, 0);
      this.judge(start, found, view, () => {
        const meant = meaning ?? this.meaning();
        return meant === 'opaque' ? 'unknown' : meant;
      });
    }
    this.path.next(text);
  }

  stringPart(at: number): void {
    if (this.long === undefined) {
      const content = this.queue.slice(this.stringStartAt + 1, at);
      const isNested = beginsAsJson(decodeJsonString(content.subarray(0, 64)));
      if (isNested && content.length < nestedBytes) return;
      if (isNested) this.unread += content.length;
      this.long = this.openLong(this.stringStartAt + 1, content);
    }
    this.readLong(at, false);
  }

  private openLong(from: number, content: Uint8Array): LongString {
    const meaning = this.meaning();
    const isOpaque = meaning === 'opaque' && !beginsOpaqueText(content);
    const window = new TextWindow(this.scan, [...this.scan.known, this.found.known], from, { isJson: true, isOpaque });
    const place = {
      where: this.reader.pointer(this.path.path()),
      kind: 'body',
      meaning: meaning === 'opaque' && !isOpaque ? 'unknown' : meaning,
    } as const;
    return { window, place, taken: from };
  }

  private meaning(): Meaning {
    return this.scan.meaning(this.path.path(), this.path.around());
  }

  /** Reads a whole token and settles what is in it. */
  private judge(
    start: number,
    read: () => TextHits,
    viewOf: (found: TextHits) => View,
    meaningOf: () => Meaning,
  ): void {
    let found = read();
    if (!hasHits(found)) return;
    const meaning = meaningOf();
    if (this.found.add(found, { kind: 'body', meaning })) {
      this.reader.clean.forget();
      found = read();
    }
    const view = viewOf(found);
    const place: Place = {
      where: this.reader.pointer(this.path.path()),
      kind: 'body',
      meaning,
      toOuter: (from, to) => view.toOuter(from, to),
    };
    const settled = this.settler.settle(found, place);
    this.settle(start, settled, view.toSplices(settled.splices));
  }

  /** Reads the next part of a long text, up to a body offset. */
  private readLong(upTo: number, isComplete: boolean): void {
    const { long } = this;
    if (long === undefined) return;
    const { window, place } = long;
    const raw = this.queue.slice(long.taken, upTo);
    if (this.mode === 'text' && this.isText) this.isText = this.guardText(raw, isComplete);
    window.add(raw, isComplete);
    long.taken = upTo;
    let part = window.look(this.reader, isComplete);
    while (this.found.add(part.found, place)) {
      this.reader.clean.forget();
      part = window.look(this.reader, isComplete);
    }
    this.settlePart(window, part, place);
    if (this.stopped === undefined) window.advance(part);
  }

  private settlePart(window: TextWindow, part: Part, place: LongString['place']): void {
    const start = window.settled;
    if (place.meaning === 'opaque') this.opaque += window.toOuter(part, 0, part.end - part.start).end - start;
    const settled = this.settler.settle(part.found, {
      ...place,
      toOuter: (from, to) => window.toOuter(part, from, to),
    });
    if (isStuck(part, settled.splices)) {
      this.halt('blocked', 'a finding stands in an encoded text that is too long to be rewritten', start);
    }
    this.settle(start, settled, window.toSplices(part, settled.splices));
    if (part.isTooLong) this.halt('limit', 'findings overlap without end', start);
  }

  private settle(start: number, { findings }: Settled, splices: readonly Splice[]): void {
    this.findings.push(...findings);
    this.splices.push(...splices);
    if (worst(findings) === 'block') this.halt('blocked', 'a finding is blocked by policy', start);
    else if (splices.length > 0 && !this.isText && !this.isMultipart) {
      this.halt('blocked', 'a finding stands in binary data that cannot be rewritten', start);
    }
  }

  /** Whether a text body is UTF-8 as far as it has been read. */
  private guardText(raw: Uint8Array, isComplete: boolean): boolean {
    const { isValid } = this.textGuard.push(raw);
    return isValid && !(isComplete && this.textGuard.isCut);
  }
}

/**
 * Makes the transform of a streamed body. It takes the body's bytes with their content coding undone, and releases
 * them as it goes; `stop` means that what was released so far is all that may leave.
 */
export function createStream(scan: RequestScan, head: BodyHead): RequestBody {
  return new StreamedBody(scan, head);
}
