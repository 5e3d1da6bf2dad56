/** The text of a long string or body as it arrives: decoded once, forgotten from its beginning, mapped to the body. */
import { part } from '../../core/bytes.ts';
import { decodeInto, rawOffset, wholeUnits } from '../../body/json-string.ts';

/** How much content is decoded at once: within so much an offset is looked for by its escapes. */
const stretch = 4096;
const firstRoom = 80 * 1024;

/** Bytes of a body that are still held, by their offset in it. */
export interface HeldBytes {
  slice(start: number, end: number): Uint8Array;
}

/** Offsets are in the text as it is held now: {@link forget} moves them. */
export class GrowingText {
  private readonly held: HeldBytes;
  private readonly isJson: boolean;
  private room = new Uint8Array(firstRoom);
  private size = 0;
  private view: Uint8Array | undefined;
  /** Pairs of offsets that belong together: in the text, and in the body. */
  private marks: number[];
  /** The body offset up to where the text is decoded. */
  private taken: number;

  /** @param isJson whether it is the content of a JSON string @param start its body offset */
  constructor(held: HeldBytes, isJson: boolean, start: number) {
    this.held = held;
    this.isJson = isJson;
    this.taken = start;
    this.marks = [0, start];
  }

  /** The text. It is valid until more is added or some of it is forgotten. */
  get bytes(): Uint8Array {
    this.view ??= part(this.room, 0, this.size);
    return this.view;
  }

  /** Takes the body up to an offset; what ends inside an escape or character waits, unless it is complete. */
  add(upTo: number, isComplete: boolean): void {
    const raw = this.held.slice(this.taken, upTo);
    this.makeRoom(raw.length);
    this.view = undefined;
    if (!this.isJson) {
      this.room.set(raw, this.size);
      this.size += raw.length;
      this.taken = upTo;
      return;
    }
    const whole = isComplete ? raw.length : wholeUnits(raw);
    for (let from = 0; from < whole;) {
      const rest = whole - from;
      const length = rest <= stretch ? rest : wholeUnits(part(raw, from, from + stretch));
      this.marks.push(this.size, this.taken + from);
      this.size = decodeInto(part(raw, from, from + length), this.room, this.size);
      from += length;
    }
    this.taken += whole;
  }

  private makeRoom(more: number): void {
    if (this.size + more <= this.room.length) return;
    const room = new Uint8Array(Math.max(this.room.length * 2, this.size + more));
    room.set(this.bytes);
    this.room = room;
  }

  /** The body bytes from an offset on, as far as they are decoded. */
  rawFrom(offset: number): Uint8Array {
    return this.held.slice(offset, this.taken);
  }

  /** The body offset of an offset of the text, which must not lie before one that {@link mark} was called with. */
  toBody(offset: number): number {
    const { marks } = this;
    let at = 0;
    while (at + 2 < marks.length && (marks[at + 2] ?? 0) <= offset) at += 2;
    const text = marks[at] ?? 0;
    const body = marks[at + 1] ?? 0;
    if (!this.isJson) return body + offset - text;
    const end = marks[at + 3] ?? this.taken;
    return body + rawOffset(this.held.slice(body, end), offset - text);
  }

  /** Says that no offset before this one will be asked for: its bytes may be released. Returns its body offset. */
  mark(offset: number): number {
    const body = this.toBody(offset);
    const { marks } = this;
    let next = 0;
    while (next < marks.length && (marks[next] ?? 0) <= offset) next += 2;
    this.marks = [offset, body, ...marks.slice(next)];
    return body;
  }

  /** Forgets bytes at the beginning, up to where {@link mark} was called last at most. */
  forget(count: number): void {
    if (count === 0) return;
    this.room.copyWithin(0, count, this.size);
    this.size -= count;
    this.view = undefined;
    this.marks = this.marks.map((offset, index) => (index % 2 === 0 ? offset - count : offset));
  }
}
