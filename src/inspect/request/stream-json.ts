/** The JSON of a streamed body: each name, string and number is read as it ends, long strings while they go on. */
import { noNumber } from '../../body/json-document.ts';
import { hasEscapes, type JsonHandler } from '../../body/json-events.ts';
import { decodeJsonString } from '../../body/json-string.ts';
import type { Interned } from '../../body/interned.ts';
import { jsonNumberView, jsonStringView, type View } from '../../body/views.ts';
import type { Meaning } from '../../providers/provider.ts';
import { hasHits, type TextHits } from './hits.ts';
import { beginsOpaqueText, hasWords, isOpaqueText, protectedHits } from './opaque.ts';
import { PathTracker } from './path-tracker.ts';
import { beginsAsJson } from './read-text.ts';
import type { Place } from './settle.ts';
import { LongText, type StreamParts } from './stream-long.ts';

/** JSON inside a string is held whole up to this size: beyond, it is read as it stands. */
const nestedBytes = 1024 * 1024;
/** Meaning is asked for from this size on, or where something was found: shorter strings count as read. */
const leastMeant = 16;
/** Bare numbers shorter than this hold nothing that a rule could name. */
const leastNumber = 8;

/** Reads what a tokenizer tells. */
export class StreamedJson implements JsonHandler {
  /** Bytes of strings that are known not to be text, and of those that could not be read. */
  opaque = 0;
  unread = 0;
  private readonly parts: StreamParts;
  private readonly names: Interned;
  private readonly path = new PathTracker();
  /** A string that outgrew the step. */
  private long: LongText | undefined;
  private stringStartAt = 0;
  /** Whether something short that holds nothing may be remembered as such. */
  private readonly isRemembered: boolean;

  /** @param names where the reader has them numbered */
  constructor(parts: StreamParts, names: Interned) {
    this.parts = parts;
    this.names = names;
    this.isRemembered = parts.scan.limits.decodeDepth > 0;
  }

  /** The body offset before which the long string that is open is settled, if one is. */
  get settled(): number | undefined {
    return this.long?.settled;
  }

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
    const { queue, reader } = this.parts;
    const raw = queue.slice(start + 1, end - 1);
    const isPlain = (flags & hasEscapes) === 0;
    const number = isPlain ? this.names.idOf(raw, 0, raw.length) : -1;
    const text = isPlain ? raw : decodeJsonString(raw);
    this.path.named(
      number === -1 ? Buffer.from(text).toString() : this.names.text(number),
      number === -1 ? noNumber : number,
    );
    const key = reader.clean.nameKey(number === -1 ? noNumber : number);
    if (reader.clean.has(key)) return;
    const holds = this.judge(
      start,
      () => reader.readName(text, 0),
      (hits) => jsonStringView(raw, start + 1, hits.text),
      () => {
        const meaning = this.meaning();
        return meaning === 'structural' ? meaning : 'prose';
      },
    );
    if (!holds) reader.clean.add(key);
  }

  number(start: number, end: number): void {
    if (end - start >= leastNumber) {
      const { queue, reader } = this.parts;
      const text = queue.slice(start, end);
      this.judge(
        start,
        () => reader.read(text, this.path.valueName, 0, true),
        () => jsonNumberView(text, start),
        () => this.meaning(),
      );
    }
    this.path.next();
  }

  string(start: number, end: number, flags: number): void {
    const { queue, reader } = this.parts;
    if (this.long !== undefined) {
      this.readLong(this.long, end - 1, true);
      this.long = undefined;
      this.path.next();
      return;
    }
    const raw = queue.slice(start + 1, end - 1);
    const isPlain = (flags & hasEscapes) === 0;
    const text = isPlain ? raw : decodeJsonString(raw);
    const key = isPlain ? reader.clean.valueKey(this.path.valueNumber, raw, 0, raw.length) : -1;
    if (!reader.clean.has(key)) {
      const { decoded } = reader;
      const holds = this.readString(start, raw, text);
      if (!holds && this.isRemembered && reader.decoded === decoded) reader.clean.add(key);
    }
    this.path.nextString(text, 0, text.length);
  }

  /** Returns whether anything was found. */
  private readString(start: number, raw: Uint8Array, text: Uint8Array): boolean {
    const { scan, reader } = this.parts;
    const view = (): View => jsonStringView(raw, start + 1, text);
    const isLong = raw.length >= leastMeant;
    // Words are no opaque data, whatever their block says: only for the rest is it worth asking.
    const meaning = isLong && !hasWords(text) ? this.meaning() : undefined;
    if (meaning === 'opaque' && !isOpaqueText(text)) {
      this.opaque += raw.length;
      return this.judge(
        start,
        () => protectedHits(scan, text),
        view,
        () => meaning,
      );
    }
    return this.judge(
      start,
      () => reader.read(text, this.path.valueName, 0),
      view,
      () => {
        const meant = meaning ?? this.meaning();
        return meant === 'opaque' ? 'unknown' : meant;
      },
    );
  }

  stringPart(at: number): void {
    if (this.long === undefined) {
      const start = this.stringStartAt + 1;
      const content = this.parts.queue.slice(start, at);
      const isNested = beginsAsJson(decodeJsonString(content.subarray(0, 64)));
      if (isNested && content.length < nestedBytes) return;
      if (isNested) this.unread += content.length;
      this.long = this.openLong(start, content);
    }
    this.readLong(this.long, at, false);
  }

  private readLong(long: LongText, upTo: number, isComplete: boolean): void {
    const { opaque } = long;
    long.readTo(upTo, isComplete, false);
    this.opaque += long.opaque - opaque;
  }

  private openLong(start: number, content: Uint8Array): LongText {
    const meaning = this.meaning();
    const isOpaque = meaning === 'opaque' && !beginsOpaqueText(content);
    const place = {
      where: this.parts.reader.pointer(this.path.path()),
      kind: 'body',
      meaning: meaning === 'opaque' && !isOpaque ? 'unknown' : meaning,
    } as const;
    return new LongText(this.parts, { start, place, isJson: true, isOpaque });
  }

  private meaning(): Meaning {
    return this.parts.scan.meaning(this.path.path(), this.path.around());
  }

  /** Reads a whole token and settles what is in it. Returns whether there was anything. */
  private judge(
    start: number,
    read: () => TextHits,
    viewOf: (found: TextHits) => View,
    meaningOf: () => Meaning,
  ): boolean {
    const { found, reader, settler, outlet } = this.parts;
    let hits = read();
    if (reader.exceeded !== undefined) outlet.halt('limit', reader.exceeded, start);
    if (!hasHits(hits)) return false;
    const meaning = meaningOf();
    if (found.add(hits, { kind: 'body', meaning })) {
      reader.clean.forget();
      hits = read();
    }
    const view = viewOf(hits);
    const place: Place = {
      where: reader.pointer(this.path.path()),
      kind: 'body',
      meaning,
      toOuter: (from, to) => view.toOuter(from, to),
    };
    const settled = settler.settle(hits, place);
    outlet.settle(start, settled, view.toSplices(settled.splices), false);
    return true;
  }
}
