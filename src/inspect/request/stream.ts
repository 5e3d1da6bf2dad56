/**
 * A streamed request body: each byte leaves as soon as no open candidate can include it. Everything is decided at
 * places that the text itself gives (the end of a string, every so many bytes of a long one), never where a chunk ends.
 */
import type { Coverage } from '../../core/decision.ts';
import type { Question } from '../../core/detector.ts';
import { noBytes } from '../../core/bytes.ts';
import { emptyStep, stop, type Step } from '../../core/transform.ts';
import { ByteQueue } from '../../body/byte-queue.ts';
import { Interned } from '../../body/interned.ts';
import { JsonTokenizer } from '../../body/json-tokenizer.ts';
import {
  isFormType,
  isJsonSequenceType,
  isJsonType,
  isReadableCharset,
  parseMediaType,
} from '../../body/media-type.ts';
import { Utf8Guard } from '../../body/utf8-guard.ts';
import { FoundValues } from './found-values.ts';
import { beginsAsJson, maxJsonDepth, TextReader } from './read-text.ts';
import { noQuestions, type BodyHead, type RequestBody, type RequestScan } from './scan.ts';
import { Settler } from './settle.ts';
import { StreamedJson } from './stream-json.ts';
import { LongText, stepBytes, type StreamParts } from './stream-long.ts';
import { StreamOutlet } from './stream-outlet.ts';

class StreamedBody implements RequestBody {
  private readonly scan: RequestScan;
  private readonly head: BodyHead;
  private readonly queue = new ByteQueue();
  private readonly guard = new Utf8Guard();
  private readonly textGuard = new Utf8Guard();
  private readonly outlet: StreamOutlet;
  private readonly reader: TextReader;
  private readonly parts: StreamParts;
  private readonly json: StreamedJson;
  private readonly isJsonRequired: boolean;
  private readonly isMultipart: boolean;
  private mode: 'undecided' | 'json' | 'text' | 'over' = 'undecided';
  private tokenizer: JsonTokenizer | undefined;
  /** The text of a body that is not JSON, and up to where it was read. */
  private text: LongText | undefined;
  private readUpTo = 0;
  private isText = true;
  /** What of the chunk that passed `bodyBytes` lies beyond it. */
  private beyond: Uint8Array = noBytes;

  constructor(scan: RequestScan, head: BodyHead) {
    this.scan = scan;
    this.head = head;
    const settler = new Settler(scan);
    const found = new FoundValues(scan, settler);
    const names = new Interned();
    this.reader = new TextReader(scan, [...scan.known, found.known], names);
    this.outlet = new StreamOutlet(() => this.tokenizer?.stop());
    const { queue, reader, outlet } = this;
    this.parts = { scan, queue, settler, found, reader, outlet };
    this.json = new StreamedJson(this.parts, names);
    const { essence } = parseMediaType(head.contentType);
    this.isMultipart = essence.startsWith('multipart/');
    this.isJsonRequired = scan.isKnownRoute && !isFormType(essence) && !this.isMultipart;
  }

  get isChanged(): boolean {
    return this.outlet.isChanged;
  }

  questions(): readonly Question[] {
    return noQuestions;
  }

  coverage(): Coverage {
    const { outlet, queue } = this;
    const { opaque } = this.json;
    const seen = outlet.stopped === undefined ? queue.length : outlet.stoppedAt;
    const unread = Math.min(this.json.unread + this.reader.unread, seen - opaque);
    return { read: seen - opaque - unread, opaque, unread };
  }

  rest(): readonly Uint8Array[] {
    const { length } = this.queue;
    const held = this.queue.release(length, this.outlet.takeSplices(length));
    return this.beyond.length === 0 ? held : [...held, this.beyond];
  }

  push(chunk: Uint8Array): Step {
    if (this.mode === 'over' || chunk.length === 0) return emptyStep;
    const room = this.scan.limits.bodyBytes - this.queue.length;
    this.take(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length > room) {
      this.beyond = chunk.subarray(room);
      this.outlet.halt('limit', 'the body is larger than `limits.bodyBytes` allows', this.frontier());
    }
    return this.step();
  }

  end(): Step {
    if (this.mode === 'over' || this.queue.length === 0) return emptyStep;
    if (this.mode === 'undecided') this.decide();
    if (this.mode === 'json') this.endJson();
    if (this.mode === 'text') this.readText(this.queue.length, true);
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
      this.outlet.halt('unreadable', 'the charset of the body cannot be read', 0);
      this.mode = 'over';
      return;
    }
    const isSequence = isJsonSequenceType(essence);
    const isJson = this.isJsonRequired || isJsonType(essence) || isSequence;
    if (isJson || beginsAsJson(this.queue.slice(0, this.queue.length))) {
      this.mode = 'json';
      this.tokenizer = new JsonTokenizer(this.json, { maxDepth: maxJsonDepth, partBytes: stepBytes, isSequence });
    } else this.readAsText(0);
  }

  private readAsText(start: number): void {
    this.mode = 'text';
    this.tokenizer = undefined;
    const place = { where: undefined, kind: 'body', meaning: 'unknown' } as const;
    this.text = new LongText(this.parts, { start, place, isJson: false, isOpaque: false });
    this.readUpTo = start;
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
    const from = this.frontier();
    if (this.isJsonRequired) {
      this.outlet.halt('unreadable', `the body is not JSON: ${reason}`, from);
      return;
    }
    this.readAsText(from);
    this.feedText(this.queue.length);
  }

  private feedText(upTo: number): void {
    let next = this.readUpTo - (this.readUpTo % stepBytes) + stepBytes;
    for (; next <= upTo && this.outlet.stopped === undefined; next += stepBytes) this.readText(next, false);
  }

  private readText(upTo: number, isComplete: boolean): void {
    if (this.isText) {
      const { isValid } = this.textGuard.push(this.queue.slice(this.readUpTo, upTo));
      this.isText = isValid && !(isComplete && this.textGuard.isCut);
    }
    this.readUpTo = upTo;
    this.text?.readTo(upTo, isComplete, !this.isText && !this.isMultipart);
  }

  /** The offset before which everything is decided. */
  private frontier(): number {
    if (this.outlet.stopped !== undefined) return this.outlet.stoppedAt;
    return (this.text ?? this.json).settled ?? this.tokenizer?.settled ?? 0;
  }

  private step(isEnd = false): Step {
    const { queue, outlet } = this;
    const upTo = isEnd && outlet.stopped === undefined ? queue.length : this.frontier();
    const splices = outlet.takeSplices(upTo);
    const output = upTo > queue.released ? queue.release(upTo, splices) : [];
    const findings = outlet.takeFindings();
    if (outlet.stopped === undefined) return { output, findings };
    this.mode = 'over';
    return { ...stop(outlet.stopped.kind, outlet.stopped.reason, findings), output };
  }
}

/**
 * Makes the transform of a streamed body. It takes the body's bytes with their content coding undone, and releases
 * them as it goes; `stop` means that what was released so far is all that may leave.
 */
export function createStream(scan: RequestScan, head: BodyHead): RequestBody {
  return new StreamedBody(scan, head);
}
