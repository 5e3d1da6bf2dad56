/** A long string of a streamed body, or the whole of one that is not JSON: read and settled a step at a time. */
import type { ByteQueue } from '../../body/byte-queue.ts';
import type { FoundValues } from './found-values.ts';
import type { TextReader } from './read-text.ts';
import type { RequestScan } from './scan.ts';
import type { Place, Settler } from './settle.ts';
import type { StreamOutlet } from './stream-outlet.ts';
import { isStuck, TextWindow, type Part } from './window.ts';

/** Strings up to this size are held whole; longer ones pass through a window, a step at a time. */
export const stepBytes = 64 * 1024;

/** What the readers of one streamed body share. */
export interface StreamParts {
  readonly scan: RequestScan;
  /** The body's bytes that have not left. */
  readonly queue: ByteQueue;
  readonly settler: Settler;
  readonly found: FoundValues;
  readonly reader: TextReader;
  readonly outlet: StreamOutlet;
}

/** What a long text is. */
interface LongForm {
  /** Where it begins in the body. */
  readonly start: number;
  readonly place: Pick<Place, 'where' | 'kind' | 'meaning'>;
  /** Whether it is the content of a JSON string. */
  readonly isJson: boolean;
  readonly isOpaque: boolean;
}

export class LongText {
  private readonly parts: StreamParts;
  private readonly place: LongForm['place'];
  private readonly window: TextWindow;
  /** Bytes of it that are known not to be text. */
  opaque = 0;

  constructor(parts: StreamParts, { start, place, isJson, isOpaque }: LongForm) {
    const { scan, found, queue } = parts;
    this.parts = parts;
    this.place = place;
    this.window = new TextWindow(scan, [...scan.known, found.known], queue, start, { isJson, isOpaque });
  }

  /** The body offset before which everything is settled. */
  get settled(): number {
    return this.window.settled;
  }

  /** Reads up to a body offset. @param isBinary whether the body is data that cannot be rewritten */
  readTo(upTo: number, isComplete: boolean, isBinary: boolean): void {
    const { window, place } = this;
    const { reader, found, outlet } = this.parts;
    window.add(upTo, isComplete);
    let part = window.look(reader, isComplete);
    while (found.add(part.found, place)) {
      reader.clean.forget();
      part = window.look(reader, isComplete);
    }
    if (reader.exceeded !== undefined) outlet.halt('limit', reader.exceeded, window.settled);
    this.settle(part, isBinary);
    if (outlet.stopped === undefined) window.advance(part);
  }

  private settle(part: Part, isBinary: boolean): void {
    const { window, place } = this;
    const { settler, outlet } = this.parts;
    const start = window.settled;
    if (place.meaning === 'opaque') this.opaque += window.toOuter(part, 0, part.end - part.start).end - start;
    const settled = settler.settle(part.found, {
      ...place,
      toOuter: (from, to) => window.toOuter(part, from, to),
    });
    if (isStuck(part, settled.splices)) {
      outlet.halt('blocked', 'a finding stands in an encoded text that is too long to be rewritten', start);
    }
    outlet.settle(start, settled, window.toSplices(part, settled.splices), isBinary);
    if (part.isTooLong) outlet.halt('limit', 'findings overlap without end', start);
  }
}
