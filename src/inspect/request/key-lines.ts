/** Lines of a private key that stand as strings of their own, one after the other in an array. */
import type { JsonDocument, JsonNode } from '../../body/json-document.ts';
import type { JsonPath } from '../../body/json-path.ts';
import type { Range } from '../../body/range.ts';
import { concat, utf8 } from '../../core/bytes.ts';
import { isKeyBody } from '../../detect/checks/pem.ts';
import { pemReach, readPem } from '../../detect/pem.ts';

const word = 'PRIVATE KEY';
const opening = /-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
const shortLine = /^[A-Za-z0-9+/=]{1,76}$/;
const lineEnd = utf8('\n');
const none: ReadonlyMap<number, readonly Range[]> = new Map();

/** Where lines of keys stand, by the numbers of their strings and in the offsets of their texts. */
export type KeyLines = ReadonlyMap<number, readonly Range[]>;

/** Finds the keys of a document of which one string holds the opening line and those behind it in its array the others. */
export function keyLinesOf(document: JsonDocument): KeyLines {
  const bytes = Buffer.from(document.bytes.buffer, document.bytes.byteOffset, document.bytes.length);
  let at = bytes.indexOf(word);
  if (at === -1) return none;
  const found = new Map<number, readonly Range[]>();
  for (; at !== -1; at = bytes.indexOf(word, at + word.length)) {
    const node = document.nodeAt(at);
    if (node?.kind === 'string' && !found.has(node.id)) addKey(document, node, found);
  }
  return found;
}

function addKey(document: JsonDocument, first: JsonNode, found: Map<number, readonly Range[]>): void {
  const text = document.text(first);
  const begin = Array.from(Buffer.from(text).toString('latin1').matchAll(opening)).at(-1);
  if (begin === undefined) return;
  const others = following(document, first);
  if (others.length === 0) return;
  const texts = [text, ...others.map((node) => document.text(node))];
  const joined = concat(texts.flatMap((part) => [part, lineEnd]));
  const body = readPem(joined, begin.index + begin[0].length);
  if (body.end <= text.length || !isKeyBody(joined, body)) return;
  let start = 0;
  let next = 0;
  for (const [index, node] of [first, ...others].entries()) {
    const end = start + (texts[index]?.length ?? 0);
    const lines: Range[] = [];
    for (let line = body.lines[next]; line !== undefined && line.start < end; line = body.lines[next]) {
      if (line.start >= start && line.end <= end) lines.push(line);
      next += 1;
    }
    // The last line may be too short to be told by itself.
    if (lines.length === 0 && body.isClosed && start > (body.lines.at(-1)?.end ?? 0) && end < body.end) {
      const string = Buffer.from(joined.subarray(start, end)).toString('latin1');
      const from = start + string.length - string.trimStart().length;
      if (shortLine.test(string.trim())) lines.push({ start: from, end: from + string.trim().length });
    }
    const from = start;
    if (lines.length > 0) {
      found.set(
        node.id,
        lines.map((line) => ({ start: line.start - from, end: line.end - from })),
      );
    }
    start = end + lineEnd.length;
  }
}

/** The strings right behind one in its array, as far as a key reaches, up to where another begins. */
function following(document: JsonDocument, first: JsonNode): readonly JsonNode[] {
  const nodes: JsonNode[] = [];
  let path = document.path(first);
  let size = 0;
  for (let node = document.node(first.id + 1); node?.kind === 'string'; node = document.node(node.id + 1)) {
    const next = document.path(node);
    size += node.end - node.start;
    if (!isNext(path, next) || size > pemReach) break;
    if (Buffer.from(document.raw(node)).includes('BEGIN ')) break;
    nodes.push(node);
    path = next;
  }
  return nodes;
}

/** Whether a path is that of the element behind another. */
function isNext(path: JsonPath, next: JsonPath): boolean {
  const [step, following] = [path.at(-1), next.at(-1)];
  return path.length === next.length && typeof step === 'number' && following === step + 1;
}
