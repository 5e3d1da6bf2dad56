/** Goes through the texts of a JSON text, and leaves out those that are known, or seen many at a time, to hold nothing. */
import type { JsonDocument, JsonNode } from '../../body/json-document.ts';
import type { Screen } from '../../detect/match.ts';
import { longestAssigned } from './assignment.ts';
import { leastText, unremembered, type CleanTexts } from './clean-texts.ts';

/** One name, string or long number, and what reading it needs. */
export interface NodeText {
  readonly node: JsonNode;
  readonly text: Uint8Array;
  /** What a short value is called. */
  readonly name: string | undefined;
  /** Whether the matcher may find anything in it. */
  readonly isMatched: boolean;
}

/** What an encoded text may take for a byte: longer ones are left encoded until they are read. */
const mostEscaped = 6;
/** Longer texts are looked at alone: a matcher that has read them before knows them sooner by their digest. */
const mostTogether = 64;
/** More texts do not wait. */
const mostWaiting = 8192;

/** A text that waits for its turn; a short one with what was made of it already. */
interface Waiting {
  readonly node: JsonNode;
  readonly key: number;
  readonly short: Short | undefined;
}

interface Short {
  readonly text: Uint8Array;
  readonly name: string | undefined;
  /** Its place among the texts that are looked at together, -1 for none. */
  readonly slot: number;
}

/** How texts are read. */
export interface NodeReading {
  readonly clean: CleanTexts;
  readonly screen: Screen | undefined;
  /** What the matcher is shown of a text. Valid until the next one. */
  readonly shown: (text: Uint8Array, name: string | undefined, isNumber: boolean) => Uint8Array;
  /** Reads a text; returns whether equal ones need not be read. */
  readonly read: (unread: NodeText) => boolean;
}

/** A node with its text, to be read whatever is known of it. */
export function nodeText(document: JsonDocument, node: JsonNode): NodeText {
  const text = document.text(node);
  return { node, text, name: nameFor(document, node, text), isMatched: true };
}

function nameFor(document: JsonDocument, node: JsonNode, text: Uint8Array): string | undefined {
  return text.length >= leastText && text.length <= longestAssigned ? document.valueName(node) : undefined;
}

/** Reads, in their order, all texts of a document of which it is not known that they hold nothing. */
export function eachUnread(document: JsonDocument, { clean, screen, shown, read }: NodeReading): void {
  let waiting: Waiting[] = [];
  const slotOf = new Map<number, number>();
  let slots = 0;

  const readAll = (): void => {
    const suspects = slots > 0 ? screen?.run() : undefined;
    const texts = waiting;
    waiting = [];
    slotOf.clear();
    slots = 0;
    for (const { node, key, short } of texts) {
      if (clean.has(key)) continue;
      const isMatched = short === undefined || suspects?.[short.slot] !== 0;
      const { text, name } = short ?? nodeText(document, node);
      if (read({ node, text, name, isMatched })) clean.add(key);
    }
    screen?.begin(document.bytes.length);
  };

  /** The place of a text among those that are looked at together. */
  const slotFor = (key: number, node: JsonNode, text: Uint8Array, name: string | undefined): number => {
    const known = key === unremembered ? undefined : slotOf.get(key);
    if (known !== undefined) return known;
    const isNumber = node.kind === 'number';
    if (screen?.add(shown(text, name, isNumber)) !== true) {
      readAll();
      if (screen?.add(shown(text, name, isNumber)) !== true) return -1;
    }
    slotOf.set(key, slots);
    return slots++;
  };

  const shortOf = (key: number, node: JsonNode): Short | undefined => {
    if (node.end - node.start > mostEscaped * longestAssigned) return undefined;
    const text = document.text(node);
    if (text.length < leastText || text.length > longestAssigned) return undefined;
    const name = nameFor(document, node, text);
    const slot = text.length > mostTogether ? -1 : slotFor(key, node, text, name);
    return { text, name, slot };
  };

  screen?.begin(document.bytes.length);
  for (let id = 0; id < document.size; id += 1) {
    const node = document.node(id);
    if (node === undefined) continue;
    const key = clean.keyOf(document, node);
    if (clean.has(key)) continue;
    if (waiting.length >= mostWaiting) readAll();
    // Making it ready may read all that waits.
    const short = shortOf(key, node);
    waiting.push({ node, key, short });
  }
  readAll();
}
