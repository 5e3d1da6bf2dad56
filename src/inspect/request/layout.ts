/** How a gathered body falls into texts: JSON nodes, form fields, or one text. */
import type { JsonDocument, JsonNode } from '../../body/json-document.ts';
import { hasOddEscapes } from '../../body/json-events.ts';
import { percentView } from '../../body/percent.ts';
import type { Range } from '../../body/range.ts';
import type { View } from '../../body/views.ts';
import type { KnownValues } from '../../detect/match.ts';
import type { Meaning } from '../../providers/provider.ts';
import { readAcross } from './across.ts';
import { hasHits, type TextHits, type ViewHits } from './hits.ts';
import { hasWords, isOpaqueText, readOpaque } from './opaque.ts';
import type { TextReader } from './read-text.ts';
import type { RequestScan } from './scan.ts';
import { isMaskable } from './settle.ts';
import { nodeText, type NodeText } from './unread-nodes.ts';

/** One text of a body that holds something. */
export interface Item {
  /** Which text it is: its order in the body. */
  readonly id: number;
  /** How it stands in the body; undefined for the body itself. */
  readonly view: View | undefined;
  readonly found: TextHits;
  readonly meaning: Meaning;
  /** Its pointer, asked for only once the whole body has been read. */
  where(reader: TextReader): string | undefined;
}

/** A body's texts. */
export interface Layout {
  /** Bytes known not to be text; counted by the first reading. */
  readonly opaque: number;
  /** Reads every text; also a second time, when more is known. */
  read(reader: TextReader): Item[];
  /** Reads again, with values found by the first reading, the texts that may hold them. */
  reread(reader: TextReader, found: KnownValues, items: readonly Item[]): Item[];
}

const formPlace = { where: undefined, kind: 'body' } as const;

/** A member's meaning is asked for from this size on, or where something was found: shorter ones count as read. */
const leastMeant = 16;

/** A JSON body. */
export class JsonLayout implements Layout {
  opaque = 0;
  private readonly scan: RequestScan;
  private readonly bytes: Uint8Array;
  private readonly document: JsonDocument;
  /** Nodes that a search of the raw bytes for a value could miss. */
  private readonly veiled: JsonNode[] = [];

  constructor(scan: RequestScan, bytes: Uint8Array, document: JsonDocument) {
    this.scan = scan;
    this.bytes = bytes;
    this.document = document;
  }

  read(reader: TextReader): Item[] {
    const items: Item[] = [];
    this.opaque = 0;
    this.veiled.length = 0;
    reader.eachNode(this.document, 0, (unread) => {
      const { node } = unread;
      const decodedBefore = reader.decoded;
      const item = this.readNode(reader, unread);
      if (item !== undefined) items.push(item);
      if ((node.flags & hasOddEscapes) !== 0 || reader.decoded > decodedBefore) this.veiled.push(node);
      return item !== undefined;
    });
    return items;
  }

  reread(reader: TextReader, found: KnownValues, items: readonly Item[]): Item[] {
    const nodes = new Map<number, JsonNode>();
    for (const node of this.veiled) nodes.set(node.id, node);
    for (const { start } of found.scan(this.bytes, 0, true).matches) {
      const node = this.document.nodeAt(start);
      if (node !== undefined) nodes.set(node.id, node);
    }
    const again = new Map(items.map((item) => [item.id, item]));
    for (const node of nodes.values()) {
      const item = this.readNode(reader, nodeText(this.document, node));
      if (item !== undefined) again.set(item.id, item);
    }
    return [...again.values()].sort((a, b) => a.id - b.id);
  }

  private meaning(node: JsonNode): Meaning {
    const { document } = this;
    return this.scan.meaning(document.path(node), {
      sibling: (key, up = 1) => document.sibling(node, key, up),
      isWhole: true,
    });
  }

  private readNode(reader: TextReader, unread: NodeText): Item | undefined {
    const { document } = this;
    const { node, text } = unread;
    // Words are no opaque data, whatever their block says: only for the rest is it worth asking.
    const isLong = node.kind === 'string' && node.end - node.start >= leastMeant;
    if (isLong && !hasWords(text)) {
      const meaning = this.meaning(node);
      if (meaning === 'opaque' && !isOpaqueText(text)) {
        this.opaque += node.end - node.start;
        return this.item(node, readOpaque(this.scan, document, node), meaning);
      }
    }
    if (reader.asking !== undefined) reader.isAskable = this.isAskable(node, isLong);
    const found = reader.readNode(document, unread, 0);
    if (found === undefined) return undefined;
    const meaning = this.meaning(node);
    return this.item(node, found, isLong && meaning === 'opaque' ? 'unknown' : meaning);
  }

  /** Whether a detector is to be asked about a string: a finding in what may not be changed would come to nothing. */
  private isAskable(node: JsonNode, isLong: boolean): boolean {
    const meaning = this.meaning(node);
    // What its block calls opaque is text by now, unless it is too short to tell.
    return isMaskable(meaning) || (meaning === 'opaque' && isLong);
  }

  private item(node: JsonNode, found: ViewHits | undefined, meaning: Meaning): Item | undefined {
    if (found === undefined) return undefined;
    return {
      id: node.id,
      view: found.view,
      found: found.inner,
      // A name is prose unless the format itself gives it (tool schemas).
      meaning: node.kind === 'name' && meaning !== 'structural' ? 'prose' : meaning,
      where: (reader) => reader.pointer(this.document.path(node)),
    };
  }
}

/** A body of one text. */
export class TextLayout implements Layout {
  readonly opaque = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(reader: TextReader): Item[] {
    const found = reader.read(this.bytes, undefined, 0);
    return hasHits(found) ? [{ id: 0, view: undefined, found, meaning: 'unknown', where: () => undefined }] : [];
  }

  reread(reader: TextReader): Item[] {
    return this.read(reader);
  }
}

/** Percent-encoded pairs: each name and value is a text of its own, and known values may stand across them. */
export class FormLayout implements Layout {
  readonly opaque = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(reader: TextReader): Item[] {
    const parts: ViewHits[] = [];
    const add = (view: View, name: string | undefined): void => {
      const inner = reader.read(view.text, name, 0);
      if (hasHits(inner)) parts.push({ view, inner, at: formPlace });
    };
    for (const { name, value } of formFields(this.bytes)) {
      const nameView = percentView(this.bytes, name, true);
      add(nameView, undefined);
      if (value !== undefined) add(percentView(this.bytes, value, true), Buffer.from(nameView.text).toString());
    }
    const across = readAcross(reader, this.bytes, parts, []).map((found) => ({ ...found, at: formPlace }));
    const found = { text: this.bytes, hits: [], views: [...parts, ...across] };
    return hasHits(found) ? [{ id: 0, view: undefined, found, meaning: 'unknown', where: () => undefined }] : [];
  }

  reread(reader: TextReader): Item[] {
    return this.read(reader);
  }
}

/** The ranges of the names and values of `name=value&…`. */
export function formFields(bytes: Uint8Array): readonly { readonly name: Range; readonly value: Range | undefined }[] {
  const fields: { name: Range; value: Range | undefined }[] = [];
  let start = 0;
  while (start < bytes.length) {
    let end = bytes.indexOf(0x26, start);
    if (end === -1) end = bytes.length;
    const equals = bytes.subarray(start, end).indexOf(0x3d);
    const name = { start, end: equals === -1 ? end : start + equals };
    fields.push({ name, value: equals === -1 ? undefined : { start: start + equals + 1, end } });
    start = end + 1;
  }
  return fields;
}
