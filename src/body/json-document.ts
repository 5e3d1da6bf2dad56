/** A whole JSON text as a flat tape of its names, strings and long numbers: offsets, paths and neighbours. */
import { part } from '../core/bytes.ts';
import { hasEscapes } from './json-events.ts';
import type { JsonPath } from './json-path.ts';
import { decodeJsonString } from './json-string.ts';
import {
  fieldEnd,
  fieldKind,
  fieldNext,
  fieldParent,
  fields,
  fieldStart,
  fieldStep,
  kindArray,
  kindName,
  kindNumber,
  kindObject,
  kindString,
  TapeBuilder,
} from './json-tape.ts';
import { JsonTokenizer } from './json-tokenizer.ts';

type JsonNodeKind = 'name' | 'string' | 'number';

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
  private readonly bytes: Uint8Array;
  private readonly tape: Int32Array;
  private readonly count: number;
  /** Paths of containers that were asked for. */
  private readonly paths = new Map<number, JsonPath>();

  constructor(bytes: Uint8Array, nodes: { readonly tape: Int32Array; readonly count: number }) {
    this.bytes = bytes;
    this.tape = nodes.tape;
    this.count = nodes.count;
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
    const raw = this.raw(node);
    return (node.flags & hasEscapes) === 0 ? raw : decodeJsonString(raw);
  }

  /** The content as it stands. */
  raw(node: JsonNode): Uint8Array {
    return part(this.bytes, node.start, node.end);
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
  const tokenizer = new JsonTokenizer(builder, { ...options, partBytes: Infinity });
  builder.tokenizer = tokenizer;
  if (tokenizer.push(bytes) && tokenizer.end()) {
    return { ok: true, document: new JsonDocument(bytes, builder) };
  }
  const { error } = tokenizer;
  if (error === undefined) return { ok: false, isLimit: true, reason: 'the JSON text has too many values' };
  return { ok: false, isLimit: false, reason: `the body is not JSON: ${error.reason} (byte ${String(error.offset)})` };
}
