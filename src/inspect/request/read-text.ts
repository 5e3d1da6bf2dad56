/** Reads one text: the matcher, the known values, and the texts that stand encoded in it, to the depth allowed. */
import { isUtf8 } from 'node:buffer';
import { append } from '../../core/append.ts';
import { encodedViews } from '../../body/encoded-runs.ts';
import { isFoldedLine } from '../../body/folded-runs.ts';
import { Inflation } from '../../body/inflated.ts';
import { Interned } from '../../body/interned.ts';
import { readJson, type JsonDocument } from '../../body/json-document.ts';
import { toPointer, type JsonPath } from '../../body/json-path.ts';
import { listViews } from '../../body/number-lists.ts';
import { plainViews } from '../../body/plain-views.ts';
import { RangeIndex, type Range } from '../../body/range.ts';
import { jsonNumberView, jsonStringView } from '../../body/views.ts';
import type { KnownValues } from '../../detect/match.ts';
import type { Asking } from '../detector/asking.ts';
import { Assignments, longestAssigned, longestName } from './assignment.ts';
import { CleanTexts, leastText } from './clean-texts.ts';
import {
  beyondEscapes,
  hasHits,
  mergeViews,
  outerHits,
  outerRanges,
  ruleHit,
  withWords,
  type Hit,
  type TextHits,
  type ViewHits,
} from './hits.ts';
import { keyLinesOf, type KeyLines } from './key-lines.ts';
import { placeholdersIn, withoutPieces, withoutPlaceholders } from './own-placeholders.ts';
import type { RequestScan } from './scan.ts';
import { scanText, whole, wholeUnmatched, type Extent, type Scanned } from './text-scan.ts';
import { eachUnread, type NodeText } from './unread-nodes.ts';

/** What names a line of a private key. */
const keyRule = 'private-key';
/** Shorter texts have room for no encoding that is looked at. */
const leastEncoded = 20;
/** Containers open at once, in JSON inside a string; a body may be nested as deeply. */
export const maxJsonDepth = 1024;

const noRanges: readonly Range[] = [];
const nothing: TextHits = { text: new Uint8Array(0), hits: [], views: [] };
/** Reads texts with one set of known values. Holds no state but what it has read already. */
export class TextReader {
  private readonly scan: RequestScan;
  private readonly known: readonly KnownValues[];
  /** Where the names of JSON texts are numbered. */
  private readonly names: Interned;
  /** What need not be read again. */
  readonly clean = new CleanTexts();
  /** Bytes of encoded text that was too deep to be decoded. */
  unread = 0;
  /** How many encoded texts were decoded so far. */
  decoded = 0;
  /** A detector to be asked about what is read, where there is one. */
  readonly asking: Asking | undefined;
  /** Whether what is read now may be changed at all: else nobody is asked about it. */
  isAskable = true;
  private readonly inflation: Inflation;
  private readonly assignments = new Assignments();
  /** Of each JSON text that was read. */
  private readonly keyLines = new WeakMap<JsonDocument, KeyLines>();
  /** Member names that held something: never written into a pointer. */
  private readonly dirtyNames = new Set<string>();

  /** @param names where the names of a JSON body that this reads are numbered */
  constructor(scan: RequestScan, known: readonly KnownValues[], names = new Interned(), asking?: Asking) {
    this.scan = scan;
    this.known = known;
    this.names = names;
    this.asking = asking;
    this.inflation = new Inflation(scan.limits);
  }

  /** Why what was read so far does not count as read: a compressed text in it grows beyond the limits. */
  get exceeded(): string | undefined {
    return this.inflation.exceeded;
  }

  /**
   * Reads a whole text.
   * @param name of the member or parameter whose value it is @param depth encodings undone so far
   * @param isMatched whether the matcher may find anything in it, behind its name
   */
  read(text: Uint8Array, name: string | undefined, depth: number, isNumber = false, isMatched = true): TextHits {
    return this.readAs(text, name, depth, { isNumber, isMatched, mayBeJson: true });
  }

  private readAs(
    text: Uint8Array,
    name: string | undefined,
    depth: number,
    { isNumber, isMatched, mayBeJson }: { isNumber: boolean; isMatched: boolean; mayBeJson: boolean },
  ): TextHits {
    if (text.length < leastText) return nothing;
    const views: ViewHits[] = [];
    const isJson = mayBeJson && depth < this.scan.limits.decodeDepth && this.readNestedJson(text, depth, views);
    if (isJson) this.readLists(text, depth, views);
    const coded: ViewHits[] = [];
    const assigned = name !== undefined && text.length <= longestAssigned && !isJson;
    const extent = isMatched && !isJson ? whole : wholeUnmatched;
    const hits = assigned
      ? this.readAssigned(text, name, isNumber, extent, coded)
      : this.scanText(text, extent, coded).hits;
    if (!isJson && text.length >= leastEncoded) {
      this.readEncoded(text, depth, hits, views);
      append(views, beyondEscapes(views, this.readPlain(text, name, depth, true).found, hits, text.length));
    }
    if (this.asking !== undefined && this.isAskable && !isJson && !isNumber) {
      for (const hit of this.asking.hits(text, () => this.scan.placeholders.find(text))) hits.push(hit);
    }
    const found = this.combine(text, hits, views, coded);
    if (isJson || !hasHits(found)) return found;
    return { ...found, again: (changed) => this.readAgain(changed, assigned ? name : undefined, isNumber, depth) };
  }

  /** Reads a text for known values alone, as it stands. */
  readKnown(text: Uint8Array): TextHits {
    if (this.known.every(({ size }) => size === 0)) return nothing;
    const coded: ViewHits[] = [];
    const { hits } = this.scanText(text, { from: 0, isComplete: true, isMatched: false }, coded);
    return this.combine(text, hits, [], coded);
  }

  /**
   * What the matcher makes of a piece of text that holds placeholders by now, as it stands, without its escapes, and in
   * its percent-encoded words.
   */
  readAgain(text: Uint8Array, name: string | undefined, isNumber: boolean, depth: number): readonly Hit[] {
    const hits =
      name === undefined ? this.scanText(text, whole, []).hits : this.readAssigned(text, name, isNumber, whole, []);
    const plain = beyondEscapes([], this.readPlain(text, name, depth, true).found, hits, text.length);
    const words: ViewHits[] = [];
    this.readEncoded(text, depth, hits, words, true);
    const hidden = [...plain, ...words].flatMap(inText);
    return [...this.notOurs(text, hits), ...hidden];
  }

  private notOurs(text: Uint8Array, hits: readonly Hit[]): readonly Hit[] {
    return hits.length === 0 ? hits : withoutPlaceholders(this.scan, text, hits, placeholdersIn(this.scan, text));
  }

  /** Puts together what was found in a text as it stands and in the texts inside it, each thing once. */
  combine(text: Uint8Array, hits: readonly Hit[], views: readonly ViewHits[], coded: readonly ViewHits[]): TextHits {
    if (hits.length === 0 && views.length === 0 && coded.length === 0) return nothing;
    const inViews = new RangeIndex(views.flatMap(outerRanges));
    const isSeen = (range: Range): boolean => inViews.covers(range);
    // A known value in a decoded view shows in the text around it too, in its encoded form: the view knows better.
    const byRule = new Set(
      hits.flatMap((hit) => (hit.origin === 'rule' ? [`${String(hit.start)}-${String(hit.end)}`] : [])),
    );
    const own = hits.filter((hit) => {
      if (hit.origin === 'rule') return true;
      // What a rule names too is not reported again as known; a protected value is: its own policy counts.
      const isNamed = hit.origin === 'known' && byRule.has(`${String(hit.start)}-${String(hit.end)}`);
      return !isNamed && !isSeen(hit);
    });
    // Of one that shares its last characters with what follows, a view may hold no more than its own.
    const values = new Set(views.flatMap(outerHits).map(placed));
    const others = coded.filter((found) => !outerHits(found).every((hit) => isSeen(hit) || values.has(placed(hit))));
    const inside = mergeViews([...views, ...others]);
    const ours = own.length + inside.length === 0 ? noRanges : placeholdersIn(this.scan, text);
    return { text, hits: withoutPlaceholders(this.scan, text, own, ours), views: withoutPieces(inside, ours) };
  }

  /** Reads a member name. @param depth encodings undone so far */
  readName(text: Uint8Array, depth: number, isMatched = true): TextHits {
    const { isAskable } = this;
    this.isAskable = false;
    const found = this.read(text, undefined, depth, false, isMatched);
    this.isAskable = isAskable;
    if (hasHits(found)) this.dirtyNames.add(Buffer.from(text).toString());
    return found;
  }

  /** A pointer that is safe to record: names that hold something are left out. */
  pointer(path: JsonPath): string {
    return toPointer(path.map((step) => (this.isRecordable(step) ? step : '*')));
  }

  private isRecordable(step: string | number): boolean {
    return typeof step === 'number' || (step.length <= longestName && !this.dirtyNames.has(step));
  }

  /**
   * Calls `read` with each name, string and long number of a JSON text, but for those that are known to hold nothing.
   * @param read returns whether there is anything in it
   */
  eachNode(document: JsonDocument, depth: number, read: (unread: NodeText) => boolean): void {
    const isShallow = depth < this.scan.limits.decodeDepth;
    eachUnread(document, {
      clean: this.clean,
      screen: this.scan.matcher.screen,
      shown: (text, name, isNumber) =>
        (name === undefined ? undefined : this.assignments.of(name, text, isNumber)?.text) ?? text,
      read: (unread) => {
        const { decoded } = this;
        if (read(unread) || this.decoded !== decoded) return false;
        // What nobody was asked about here may stand elsewhere, where somebody is.
        if (this.asking !== undefined && !this.isAskable) return false;
        // Deeper down nothing is decoded: what holds nothing there may hold something elsewhere.
        const { kind, start, end } = unread.node;
        return isShallow || (kind === 'name' && end - start < leastEncoded);
      },
    });
  }

  /** Reads one node of a JSON text, as a view of it; undefined when there is nothing in it. */
  readNode(document: JsonDocument, { node, text, name, isMatched }: NodeText, depth: number): ViewHits | undefined {
    const isNumber = node.kind === 'number';
    const inner =
      node.kind === 'name'
        ? this.readName(text, depth, isMatched)
        : this.withKeyLines(document, node.id, text, this.read(text, name, depth, isNumber, isMatched));
    if (!hasHits(inner)) return undefined;
    const view = isNumber
      ? jsonNumberView(text, node.start)
      : jsonStringView(document.raw(node), node.start, inner.text);
    return { view, inner };
  }

  /** Adds the lines of a private key that begins in another string of the array. */
  private withKeyLines(document: JsonDocument, id: number, text: Uint8Array, found: TextHits): TextHits {
    let lines = this.keyLines.get(document);
    if (lines === undefined) this.keyLines.set(document, (lines = keyLinesOf(document)));
    const own = lines.get(id);
    const rule = own === undefined ? undefined : this.scan.ruleOf(keyRule);
    if (own === undefined || rule === undefined) return found;
    const seen = new RangeIndex(found.hits);
    const match = { rule, confidence: 'probable', reason: 'a line of a key that begins in another string' } as const;
    const hits = own.filter((line) => !seen.overlaps(line)).map((line) => ruleHit({ ...match, ...line }, text));
    return { ...found, text, hits: [...found.hits, ...this.notOurs(text, hits)] };
  }

  /** Reads JSON inside a string. Returns whether it is any. */
  private readNestedJson(text: Uint8Array, depth: number, views: ViewHits[]): boolean {
    if (!beginsAsJson(text) || !isUtf8(text)) return false;
    const read = readJson(text, { maxDepth: maxJsonDepth, isSequence: false, names: this.names });
    if (!read.ok) return false;
    this.decoded += 1;
    const { document } = read;
    this.eachNode(document, depth + 1, (unread) => {
      const found = this.readNode(document, unread, depth + 1);
      if (found !== undefined) views.push(found);
      return found !== undefined;
    });
    return true;
  }

  /** Reads a short value behind its name, as the assignment it is. */
  private readAssigned(text: Uint8Array, name: string, isNumber: boolean, extent: Extent, views: ViewHits[]): Hit[] {
    const assignment = this.assignments.of(name, text, isNumber);
    if (assignment === undefined) return this.scanText(text, extent, views).hits;
    const found: ViewHits[] = [];
    const { hits } = this.scanText(assignment.text, extent, found);
    // An encoded form in so short a value is the value, and is found in the value alone.
    if (found.length > 0) this.scanText(text, wholeUnmatched, views);
    if (hits.length === 0) return hits;
    // A placeholder speaks of what it stands for, and not of what it names.
    if (this.scan.placeholders.find(Buffer.from(name)).length > 0) return this.scanText(text, whole, []).hits;
    const { start } = assignment;
    const end = start + text.length;
    return hits
      .filter((hit) => hit.start >= start && hit.end <= end)
      .map((hit) => ({ ...hit, start: hit.start - start, end: hit.end - start }));
  }

  /**
   * Scans a text, or what of a growing text begins at `from`. Returns the hits that begin there or later, and up to
   * where no more will begin.
   */
  scanText(text: Uint8Array, extent: Extent, views: ViewHits[]): Scanned {
    return scanText(this.scan, this.known, text, extent, views);
  }

  /** Reads the texts that stand encoded in a text. `hits`: what was found in it as it stands. */
  readEncoded(text: Uint8Array, depth: number, hits: readonly Hit[], views: ViewHits[], isWordsOnly = false): void {
    const runs: ViewHits[] = [];
    const words: ViewHits[] = [];
    // What is encoded beside a known value, or beside the placeholder that stands for one, does not go on into it.
    const isApart = (hit: Hit): boolean => hit.origin !== 'rule' && !isFoldedLine(text, hit);
    const apart = [...hits.filter(isApart), ...this.scan.placeholders.find(text)];
    const inflation = isWordsOnly || depth >= this.scan.limits.decodeDepth ? undefined : this.inflation;
    for (const view of encodedViews(text, apart, inflation)) {
      if (isWordsOnly && view.encoding !== 'percent') continue;
      if (depth >= this.scan.limits.decodeDepth) {
        this.unread += view.range.end - view.range.start;
        continue;
      }
      this.decoded += 1;
      const isFold = view.encoding === 'lines';
      const inner = isFold ? this.readFold(view.text, depth) : this.read(view.text, undefined, depth + 1);
      if (hasHits(inner)) (view.encoding === 'percent' ? words : runs).push({ view, inner });
    }
    append(views, withWords(runs, words, hits));
  }

  /** Reads what stands in a JSON text as lists of bytes. */
  private readLists(text: Uint8Array, depth: number, views: ViewHits[]): void {
    for (const view of listViews(text)) {
      this.decoded += 1;
      const inner = this.read(view.text, undefined, depth + 1);
      if (hasHits(inner)) views.push({ view, inner });
    }
  }

  /** Reads an encoded text whose lines were put together: for what it decodes to, and for known values. */
  private readFold(text: Uint8Array, depth: number): TextHits {
    const views: ViewHits[] = [];
    const coded: ViewHits[] = [];
    const { hits } = this.scanText(text, wholeUnmatched, coded);
    this.readEncoded(text, depth, hits, views);
    return this.combine(text, hits, views, coded);
  }

  /**
   * Reads a text without its escapes. Returns all that this shows, and up to where no more will begin in a text that
   * grows.
   */
  readPlain(
    text: Uint8Array,
    name: string | undefined,
    depth: number,
    isComplete: boolean,
  ): { readonly found: readonly ViewHits[]; readonly settled: number } {
    const found: ViewHits[] = [];
    let settled = text.length;
    for (const view of plainViews(text)) {
      if (depth >= this.scan.limits.decodeDepth) {
        this.unread += view.range.end - view.range.start;
        continue;
      }
      this.decoded += 1;
      // What is no JSON with its escapes is not read as any without them: what it is must not depend on what is masked.
      const inner = this.readAs(view.text, name, depth + 1, { isNumber: false, isMatched: true, mayBeJson: false });
      if (hasHits(inner)) found.push({ view, inner });
      if (isComplete || view.range.end < text.length) continue;
      const open = this.scanText(view.text, { from: 0, isComplete, isMatched: true }, []).settled;
      settled = view.toOuter(Math.max(0, open), Math.max(0, open)).start;
    }
    return { found, settled };
  }
}

/** The hits of a view, and of those in it where ranges map exactly, as hits of the text around it. */
function inText({ view, inner }: ViewHits): readonly Hit[] {
  const exact = inner.views.filter((found) => found.view.encoding === 'percent' || found.view.encoding === 'escapes');
  return [...inner.hits, ...exact.flatMap(inText)].map((hit) => ({
    ...hit,
    ...view.toOuter(hit.start, hit.end),
    layers: [view.encoding, ...hit.layers],
  }));
}

/** What tells a value in its place. */
function placed({ start, value }: Pick<Hit, 'start' | 'value'>): string {
  return `${String(start)} ${Buffer.from(value).toString('latin1')}`;
}

/** Whether a text may be JSON worth reading as such: an object or an array. */
export function beginsAsJson(text: Uint8Array): boolean {
  for (const byte of text) {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
    return byte === 0x7b || byte === 0x5b;
  }
  return false;
}
