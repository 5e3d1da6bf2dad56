/** The tape of a JSON text: its containers, names, strings and long numbers as rows of integers, in document order. */
import type { Interned } from './interned.ts';
import { hasEscapes, type JsonHandler } from './json-events.ts';
import type { JsonTokenizer } from './json-tokenizer.ts';

/** Shorter bare numbers hold nothing that a rule or a known value could name. */
const leastNumber = 8;
/** A text with more values than this is refused: its tape would outgrow the text many times. */
const mostNodes = 4 * 1024 * 1024;

export const kindObject = 1;
export const kindArray = 2;
export const kindName = 3;
export const kindString = 4;
export const kindNumber = 5;

/** Grows a typed array to at least twice its size. */
function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Fields of a node on the tape. */
export const fields = 6;
/** The kind, the flags of names and strings, and of a name one more than its number among {@link Interned} names. */
export const fieldKind = 0;
export const kindMask = 7;
export const flagsShift = 3;
export const flagsMask = 3;
export const nameShift = 5;
export const fieldStart = 1;
export const fieldEnd = 2;
/** The node of the container, -1 at the root. */
export const fieldParent = 3;
/** In an object: the node of the member's name; in an array: the index. */
export const fieldStep = 4;
/** The next name, string or container of the same container, 0 for none. */
export const fieldNext = 5;

/** Where the container that is open stands; those around it wait on a stack. */
interface Frame {
  node: number;
  /** The next array index. */
  index: number;
  /** The last child's node, -1 before the first. */
  last: number;
  isObject: boolean;
}

/** Builds the tape of what a tokenizer tells. */
export class TapeBuilder implements JsonHandler {
  tape: Int32Array;
  count = 0;
  tokenizer: JsonTokenizer | undefined;
  private frame: Frame = { node: -1, index: 0, last: -1, isObject: false };
  private depth = 0;
  /** Frames are used again: a text with many small containers would otherwise allocate one for each. */
  private readonly frames: Frame[] = [this.frame];
  private nameNode = -1;

  private readonly bytes: Uint8Array;
  private readonly names: Interned;

  constructor(bytes: Uint8Array, names: Interned) {
    this.bytes = bytes;
    this.names = names;
    // A tape for one node in sixty-four bytes is seldom too small, and never large.
    this.tape = new Int32Array(fields * (16 + (bytes.length >> 6)));
  }

  private add(kind: number, start: number, end: number): number {
    const node = this.count;
    const at = node * fields;
    if (node >= mostNodes) {
      this.tokenizer?.stop();
      return node;
    }
    if (at + fields > this.tape.length) this.tape = grown(this.tape);
    const { tape, frame } = this;
    this.count = node + 1;
    tape[at + fieldKind] = kind;
    tape[at + fieldStart] = start;
    tape[at + fieldEnd] = end;
    tape[at + fieldParent] = frame.node;
    tape[at + fieldStep] = frame.isObject ? ((kind & kindMask) === kindName ? node : this.nameNode) : frame.index;
    if (frame.last !== -1) tape[frame.last * fields + fieldNext] = node;
    frame.last = node;
    return node;
  }

  private enter(kind: number, start: number): void {
    const node = this.add(kind, start, start);
    this.frame.index += 1;
    this.depth += 1;
    let frame = this.frames[this.depth];
    if (frame === undefined) {
      frame = { node, index: 0, last: -1, isObject: false };
      this.frames.push(frame);
    }
    frame.node = node;
    frame.index = 0;
    frame.last = -1;
    frame.isObject = kind === kindObject;
    this.frame = frame;
  }

  openObject(start: number): void {
    this.enter(kindObject, start);
  }

  openArray(start: number): void {
    this.enter(kindArray, start);
  }

  close(end: number): void {
    const { node } = this.frame;
    if (node < mostNodes) this.tape[node * fields + fieldEnd] = end;
    this.depth -= 1;
    this.frame = this.frames[this.depth] ?? this.frame;
  }

  stringStart(): void {
    // Only whole strings are put on the tape.
  }

  stringPart(): void {
    // As above.
  }

  name(start: number, end: number, flags: number): void {
    const number = (flags & hasEscapes) === 0 ? this.names.idOf(this.bytes, start + 1, end - 1) : -1;
    this.nameNode = this.add(kindName | (flags << flagsShift) | ((number + 1) << nameShift), start, end);
  }

  string(start: number, end: number, flags: number): void {
    this.add(kindString | (flags << flagsShift), start, end);
    this.frame.index += 1;
  }

  number(start: number, end: number): void {
    if (end - start >= leastNumber) this.add(kindNumber, start, end);
    this.frame.index += 1;
  }

  literal(): void {
    this.frame.index += 1;
  }
}
