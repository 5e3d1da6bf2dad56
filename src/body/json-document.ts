/** A whole JSON text as a flat tape of its names, strings and long numbers: offsets, paths and neighbours. */
import { decodeJsonString } from './json-string.ts';
import type { JsonPath } from './json-path.ts';
import { hasEscapes, JsonTokenizer, type JsonHandler } from './json-tokenizer.ts';

type JsonNodeKind = 'name' | 'string' | 'number';

/** Shorter bare numbers hold nothing that a rule or a known value could name. */
const leastNumber = 8;
/** A text with more values than this is refused: its tape would outgrow the text many times. */
const mostNodes = 4 * 1024 * 1024;

const kindObject = 1;
const kindArray = 2;
const kindName = 3;
const kindString = 4;
const kindNumber = 5;

/** Grows a typed array to at least twice its size. */
function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Fields of a node on the tape. */
const fields = 6;
const fieldKind = 0;
const fieldStart = 1;
const fieldEnd = 2;
/** The node of the container, -1 at the root. */
const fieldParent = 3;
/** In an object: the node of the member's name; in an array: the index. */
const fieldStep = 4;
/** The next name, string or container of the same container, 0 for none. */
const fieldNext = 5;

/** Where the container that is open stands; those around it wait on a stack. */
interface Frame {
  node: number;
  /** The next array index. */
  index: number;
  /** The last child's node, -1 before the first. */
  last: number;
  isObject: boolean;
}

/** Builds the tape. Kind and flags share a field: `kind | flags << 3`. */
class TapeBuilder implements JsonHandler {
  tape: Int32Array;
  count = 0;
  tokenizer: JsonTokenizer | undefined;
  private frame: Frame = { node: -1, index: 0, last: -1, isObject: false };
  private depth = 0;
  /** Frames are used again: a text with many small containers would otherwise allocate one for each. */
  private readonly frames: Frame[] = [this.frame];
  private nameNode = -1;

  /** @param length of the text: a tape for one node in sixty-four bytes is seldom too small, and never large */
  constructor(length: number) {
    this.tape = new Int32Array(fields * (16 + (length >> 6)));
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
    tape[at + fieldStep] = frame.isObject ? ((kind & 7) === kindName ? node : this.nameNode) : frame.index;
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
    this.nameNode = this.add(kindName | (flags << 3), start, end);
  }

  string(start: number, end: number, flags: number): void {
    this.add(kindString | (flags << 3), start, end);
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

/** One name, string or long number of a document. */
export interface JsonNode {
  readonly id: number;
  readonly kind: JsonNodeKind;
  /** The content: without quotes for names and strings. */
  readonly start: number;
  readonly end: number;
  /** {@link hasEscapes} and {@link hasOddEscapes}. */
  readonly flags: number;
}

/** A parsed JSON text. */
export class JsonDocument {
  private readonly bytes: Buffer;
  private readonly tape: Int32Array;
  private readonly count: number;
  private readonly escapes: Int32Array;
  /** Paths of containers that were asked for. */
  private readonly paths = new Map<number, JsonPath>();

  /** @param escapes where the escapes of all strings are, in order */
  constructor(bytes: Uint8Array, nodes: { readonly tape: Int32Array; readonly count: number }, escapes: Int32Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.tape = nodes.tape;
    this.count = nodes.count;
    this.escapes = escapes;
  }

  private field(node: number, field: number): number {
    return this.tape[node * fields + field] ?? 0;
  }

  /** Names, strings and long numbers in document order. */
  *nodes(): Generator<JsonNode, void, void> {
    for (let id = 0; id < this.count; id += 1) {
      const node = this.node(id);
      if (node !== undefined) yield node;
    }
  }

  private node(id: number): JsonNode | undefined {
    const packed = this.field(id, fieldKind);
    const kind = packed & 7;
    if (kind <= kindArray) return undefined;
    const start = this.field(id, fieldStart);
    const end = this.field(id, fieldEnd);
    if (kind === kindNumber) return { id, kind: 'number', start, end, flags: 0 };
    return { id, kind: kind === kindName ? 'name' : 'string', start: start + 1, end: end - 1, flags: packed >> 3 };
  }

  /** Returns the name, string or number that holds a byte offset, if one does. */
  nodeAt(offset: number): JsonNode | undefined {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.field(middle, fieldStart) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = low === 0 ? undefined : this.node(low - 1);
    return found !== undefined && offset < found.end ? found : undefined;
  }

  /** The decoded content of a name or string; a view of the text where it has no escapes. */
  text(node: JsonNode): Uint8Array {
    const raw = this.bytes.subarray(node.start, node.end);
    if ((node.flags & hasEscapes) === 0) return raw;
    return decodeJsonString(raw, {
      escapes: this.escapes,
      from: this.firstEscape(node.start),
      to: this.firstEscape(node.end),
      base: node.start,
    });
  }

  /** The index of the first escape at or after an offset. */
  private firstEscape(offset: number): number {
    const { escapes } = this;
    let low = 0;
    let high = escapes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((escapes[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The content as it stands. */
  raw(node: JsonNode): Uint8Array {
    return this.bytes.subarray(node.start, node.end);
  }

  private nameText(id: number): string {
    const node = this.node(id);
    return node === undefined ? '' : Buffer.from(this.text(node)).toString();
  }

  /** The name of the member whose value this is; undefined for elements, names and the root. */
  memberName(node: JsonNode): string | undefined {
    const parent = this.field(node.id, fieldParent);
    if (node.kind === 'name' || parent === -1 || (this.field(parent, fieldKind) & 7) !== kindObject) return undefined;
    return this.nameText(this.field(node.id, fieldStep));
  }

  /** Where a node stands. A name stands where its value does. */
  path(node: JsonNode): JsonPath {
    return this.pathOf(node.id);
  }

  private pathOf(id: number): JsonPath {
    const parent = this.field(id, fieldParent);
    if (parent === -1) return [];
    let base = this.paths.get(parent);
    if (base === undefined) {
      base = this.pathOf(parent);
      this.paths.set(parent, base);
    }
    const step = this.field(id, fieldStep);
    return [...base, (this.field(parent, fieldKind) & 7) === kindObject ? this.nameText(step) : step];
  }

  /**
   * The string member `key` of the container `up` levels above a node. Undefined when there is none, and when the
   * name stands there twice with different values: readers disagree on which one counts.
   */
  sibling(node: JsonNode, key: string, up: number): string | undefined {
    let container = this.field(node.id, fieldParent);
    for (let level = 1; level < up && container !== -1; level += 1) container = this.field(container, fieldParent);
    if (container === -1 || (this.field(container, fieldKind) & 7) !== kindObject) return undefined;
    let value: string | undefined;
    // The first child, if any, is the node after its container.
    let member = container + 1;
    if (member >= this.count || this.field(member, fieldParent) !== container) return undefined;
    while (member !== 0) {
      if ((this.field(member, fieldKind) & 7) === kindString && this.isNamed(this.field(member, fieldStep), key)) {
        const found = this.nameText(member);
        if (value !== undefined && value !== found) return undefined;
        value = found;
      }
      member = this.field(member, fieldNext);
    }
    return value;
  }

  private isNamed(name: number, key: string): boolean {
    const node = this.node(name);
    if (node === undefined) return false;
    if ((node.flags & hasEscapes) === 0 && node.end - node.start < key.length) return false;
    return this.nameText(name) === key;
  }
}

export interface JsonReadOptions {
  readonly maxDepth: number;
  readonly isSequence: boolean;
}

/** What came of reading a text as JSON. `limit`: it is JSON so far, but with too many values to hold. */
export type JsonRead =
  | { readonly ok: true; readonly document: JsonDocument }
  | { readonly ok: false; readonly isLimit: boolean; readonly reason: string };

/** Reads a JSON text. Its bytes must be valid UTF-8: the caller checks that, natively and once for the whole body. */
export function readJson(bytes: Uint8Array, options: JsonReadOptions): JsonRead {
  const builder = new TapeBuilder(bytes.length);
  const tokenizer = new JsonTokenizer(builder, { ...options, partBytes: Infinity, notesEscapes: true });
  builder.tokenizer = tokenizer;
  if (tokenizer.push(bytes) && tokenizer.end()) {
    return { ok: true, document: new JsonDocument(bytes, builder, tokenizer.escapes) };
  }
  const { error } = tokenizer;
  if (error === undefined) return { ok: false, isLimit: true, reason: 'the JSON text has too many values' };
  return { ok: false, isLimit: false, reason: `the body is not JSON: ${error.reason} (byte ${String(error.offset)})` };
}
