/** A whole JSON text as a flat tape of its names, strings and long numbers: offsets, paths and neighbours. */
import { part } from '../core/bytes.ts';
import { Interned } from './interned.ts';
import { hasEscapes } from './json-events.ts';
import { isValueName, labelled, labelStrength, longestLabel, mostApart, type Labels } from './json-label.ts';
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
  flagsMask,
  flagsShift,
  kindArray,
  kindMask,
  kindName,
  kindNumber,
  kindObject,
  kindString,
  nameShift,
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

/** No name stands before a value. */
export const noName = -1;
/** A name stands there, but has no number: it is too long, or spelled with escapes. */
export const noNumber = -2;

/** A parsed JSON text. */
export class JsonDocument {
  readonly bytes: Uint8Array;
  private readonly tape: Int32Array;
  private readonly names: Interned;
  /** Paths of containers that were asked for. */
  private readonly paths = new Map<number, JsonPath>();
  /** Nodes are numbered from 0 in document order; containers are among them. */
  readonly size: number;

  /** @param names the numbers that the tape's names refer to */
  constructor(bytes: Uint8Array, nodes: { readonly tape: Int32Array; readonly count: number }, names: Interned) {
    this.bytes = bytes;
    this.tape = nodes.tape;
    this.size = nodes.count;
    this.names = names;
  }

  private field(node: number, field: number): number {
    return this.tape[node * fields + field] ?? 0;
  }

  /** Names, strings and long numbers in document order. */
  *nodes(): Generator<JsonNode, void, void> {
    for (let id = 0; id < this.size; id += 1) {
      const node = this.node(id);
      if (node !== undefined) yield node;
    }
  }

  /** The name, string or long number of a number; undefined for a container. */
  node(id: number): JsonNode | undefined {
    const packed = this.field(id, fieldKind);
    const kind = packed & kindMask;
    if (kind <= kindArray) return undefined;
    const start = this.field(id, fieldStart);
    const end = this.field(id, fieldEnd);
    if (kind === kindNumber) return { id, kind: 'number', start, end, flags: 0 };
    const flags = (packed >> flagsShift) & flagsMask;
    return { id, kind: kind === kindName ? 'name' : 'string', start: start + 1, end: end - 1, flags };
  }

  /**
   * The number of a name, or of what {@link valueName} gives for a value, among the names that were given:
   * {@link noName} where there is none, {@link noNumber} for one that has none or that depends on what stands around.
   */
  nameNumber({ id, kind }: JsonNode): number {
    if (kind === 'name') return this.numberOf(id);
    const name = this.nameNode(id);
    if (name === -1) return noName;
    const number = this.numberOf(name);
    return number !== noNumber && isValueName(this.names.text(number)) ? noNumber : number;
  }

  /** The node of the name of the member that a value is or whose array it stands in; -1 where there is none. */
  private nameNode(id: number): number {
    const parent = this.field(id, fieldParent);
    if (parent === -1) return -1;
    if (this.isObject(parent)) return this.field(id, fieldStep);
    const outer = this.field(parent, fieldParent);
    return outer !== -1 && this.isObject(outer) ? this.field(parent, fieldStep) : -1;
  }

  private isObject(node: number): boolean {
    return (this.field(node, fieldKind) & kindMask) === kindObject;
  }

  private numberOf(name: number): number {
    const number = (this.field(name, fieldKind) >> nameShift) - 1;
    return number === -1 ? noNumber : number;
  }

  /** Returns the name, string or number that holds a byte offset, if one does. */
  nodeAt(offset: number): JsonNode | undefined {
    let low = 0;
    let high = this.size;
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
    const number = (this.field(id, fieldKind) >> nameShift) - 1;
    if (number !== -1) return this.names.text(number);
    const node = this.node(id);
    return node === undefined ? '' : Buffer.from(this.text(node)).toString();
  }

  /**
   * What a value is called: the name of its member or of the array that it stands in; where that only says `value`, the
   * label beside it, or the name of the object that holds it. Undefined for names, and where there is none.
   */
  valueName({ id, kind }: JsonNode): string | undefined {
    const nameNode = kind === 'name' ? -1 : this.nameNode(id);
    if (nameNode === -1) return undefined;
    const name = this.nameText(nameNode);
    if (!isValueName(name)) return name;
    const container = this.field(nameNode, fieldParent);
    const outer = this.field(container, fieldParent);
    const around = outer !== -1 && this.isObject(outer) ? this.nameText(this.field(container, fieldStep)) : undefined;
    const { strong, weak } = this.labelsBefore(nameNode, container);
    return labelled(name, { strong, weak, around });
  }

  /** The nearest labels before a member in its object; a strong one ends the search. */
  private labelsBefore(nameNode: number, container: number): Pick<Labels, 'strong' | 'weak'> {
    let weak: string | undefined;
    let members = 0;
    for (let at = nameNode - 1; at > container && members < mostApart; at -= 1) {
      for (let up = this.field(at, fieldParent); up !== container; up = this.field(at, fieldParent)) at = up;
      const kind = this.field(at, fieldKind) & kindMask;
      if (kind === kindName) members += 1;
      const strength = kind === kindString ? labelStrength(this.nameText(this.field(at, fieldStep))) : 'none';
      const label = strength === 'none' ? undefined : this.labelText(at);
      if (label === undefined) continue;
      if (strength === 'strong') return { strong: label, weak };
      weak ??= label;
    }
    return { strong: undefined, weak };
  }

  private labelText(id: number): string | undefined {
    const node = this.node(id);
    // An escape takes six bytes at most.
    if (node === undefined || node.end - node.start > 6 * longestLabel) return undefined;
    const text = this.text(node);
    return text.length > longestLabel ? undefined : Buffer.from(text).toString();
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
    return [...base, (this.field(parent, fieldKind) & kindMask) === kindObject ? this.nameText(step) : step];
  }

  /**
   * The string member `key` of the container `up` levels above a node. Undefined when there is none, and when the
   * name stands there twice with different values: readers disagree on which one counts.
   */
  sibling(node: JsonNode, key: string, up: number): string | undefined {
    let container = this.field(node.id, fieldParent);
    for (let level = 1; level < up && container !== -1; level += 1) container = this.field(container, fieldParent);
    if (container === -1 || (this.field(container, fieldKind) & kindMask) !== kindObject) return undefined;
    let value: string | undefined;
    // The first child, if any, is the node after its container.
    let member = container + 1;
    if (member >= this.size || this.field(member, fieldParent) !== container) return undefined;
    while (member !== 0) {
      if (
        (this.field(member, fieldKind) & kindMask) === kindString &&
        this.isNamed(this.field(member, fieldStep), key)
      ) {
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
  /** Where member names are numbered; several texts may share it. */
  readonly names?: Interned;
}

/** What came of reading a text as JSON. `limit`: it is JSON so far, but with too many values to hold. */
export type JsonRead =
  | { readonly ok: true; readonly document: JsonDocument }
  | { readonly ok: false; readonly isLimit: boolean; readonly reason: string };

/** Reads a JSON text. Its bytes must be valid UTF-8: the caller checks that, natively and once for the whole body. */
export function readJson(bytes: Uint8Array, options: JsonReadOptions): JsonRead {
  const names = options.names ?? new Interned();
  const builder = new TapeBuilder(bytes, names);
  const tokenizer = new JsonTokenizer(builder, { ...options, partBytes: Infinity });
  builder.tokenizer = tokenizer;
  if (tokenizer.push(bytes) && tokenizer.end()) {
    return { ok: true, document: new JsonDocument(bytes, builder, names) };
  }
  const { error } = tokenizer;
  if (error === undefined) return { ok: false, isLimit: true, reason: 'the JSON text has too many values' };
  return { ok: false, isLimit: false, reason: `the body is not JSON: ${error.reason} (byte ${String(error.offset)})` };
}
