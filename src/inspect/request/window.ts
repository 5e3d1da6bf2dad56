/** A text too long to hold: read through a window that moves on as soon as nothing open can reach behind it. */
import { jsonStringView, type View } from '../../body/views.ts';
import { leastRun, runAround } from '../../body/base64-runs.ts';
import { beginsAsText } from '../../body/encoded-runs.ts';
import { decodeJsonString, rawOffset, wholeUnits } from '../../body/json-string.ts';
import type { Splice } from '../../body/splice.ts';
import { concat } from '../../core/bytes.ts';
import { overlaps, type Range } from '../../body/range.ts';
import type { KnownValues } from '../../detect/match.ts';
import type { Hit, TextHits, ViewHits } from './hits.ts';
import { protectedHits } from './opaque.ts';
import type { TextReader } from './read-text.ts';
import type { RequestScan } from './scan.ts';

/** A base64 run is held whole up to this size; a longer one is read in pieces, and cannot be rewritten. */
const longestRun = 64 * 1024;
/** More than this is held only by a chain of findings that overlap without end. */
const longestHold = 4 * 1024 * 1024;

/** What the window shows: the part that is settled, and where it ends. */
export interface Part {
  /** Hits in the offsets of the part's own text. */
  readonly found: TextHits;
  /** Where the part begins and ends in the window's decoded text. */
  readonly start: number;
  readonly end: number;
  /** Pieces of base64 runs that go on: nothing in them can be encoded anew. In the offsets of the part's own text. */
  readonly pieces: readonly Range[];
  /** Whether more would have to be held than may be. */
  readonly isTooLong: boolean;
}

/** Reads one long text. Its bytes are copied in: what is released meanwhile still is the context of what follows. */
export class TextWindow {
  private readonly scan: RequestScan;
  private readonly known: readonly KnownValues[];
  private readonly isJson: boolean;
  private readonly isOpaque: boolean;
  /** The raw bytes in the window, and where they begin in the body. */
  private raw: Uint8Array = new Uint8Array(0);
  private rawStart: number;
  private text: Uint8Array = new Uint8Array(0);
  private view: View | undefined;
  /** How many of the raw bytes are decoded. */
  private decoded = 0;
  /** Up to where the decoded text is settled. */
  private done = 0;
  /** The body offset before which everything is settled. */
  settled: number;

  constructor(
    scan: RequestScan,
    known: readonly KnownValues[],
    rawStart: number,
    form: { readonly isJson: boolean; readonly isOpaque: boolean },
  ) {
    this.scan = scan;
    this.known = known;
    this.rawStart = rawStart;
    this.settled = rawStart;
    this.isJson = form.isJson;
    this.isOpaque = form.isOpaque;
  }

  /** Adds raw bytes; those of a string may end inside an escape, unless it is complete. */
  add(raw: Uint8Array, isComplete: boolean): void {
    this.raw = concat([this.raw, raw]);
    if (!this.isJson) {
      this.text = this.raw;
      return;
    }
    const rest = this.raw.subarray(this.decoded);
    const added = isComplete ? rest : rest.subarray(0, wholeUnits(rest));
    this.text = concat([this.text, decodeJsonString(added)]);
    this.decoded += added.length;
    this.view = jsonStringView(this.raw.subarray(0, this.decoded), this.rawStart, this.text);
  }

  /** Reads what has been added since. Changes nothing, so that it can be read again with more known values. */
  look(reader: TextReader, isComplete: boolean): Part {
    if (this.isOpaque) return this.lookOpaque(isComplete);
    const { text, done } = this;
    const scanned: ViewHits[] = [];
    const { hits, settled } = reader.scanText(text, { from: done, isComplete, isMatched: true }, scanned);
    let end = Math.max(done, Math.min(settled, text.length));
    const pieces: Range[] = [];
    if (!isComplete) end = this.cut(end, hits, pieces);
    const part = text.subarray(done, end);
    const views: ViewHits[] = [];
    const inPart = hits
      .filter((hit) => hit.start < end)
      .map((hit) => ({ ...hit, start: hit.start - done, end: hit.end - done }));
    reader.readEncoded(part, 0, inPart, views);
    const coded = scanned.filter(({ view }) => view.range.start < end).map((view) => moved(view, done));
    const again = (changed: Uint8Array): readonly Hit[] => reader.readAgain(changed, undefined, false);
    const found: TextHits = { ...reader.combine(part, inPart, views, coded), again };
    return { found, start: done, end, pieces, isTooLong: this.isTooLong(end) };
  }

  private isTooLong(end: number): boolean {
    return end === this.done && this.text.length - this.done > longestHold;
  }

  private longestKnown(): number {
    return Math.max(0, ...this.known.map((values) => values.longest));
  }

  /** Data that is not to be changed: protected values only. */
  private lookOpaque(isComplete: boolean): Part {
    const { text, done } = this;
    // What begins this far before the end stands there whole.
    const end = isComplete ? text.length : Math.max(done, text.length - this.longestKnown());
    const from = Math.max(0, done - this.longestKnown());
    const { hits } = protectedHits(this.scan, text.subarray(from));
    const now = hits.filter((hit) => hit.start + from >= done && hit.start + from < end);
    const part = text.subarray(done, end);
    const shifted = now.map((hit) => ({ ...hit, start: hit.start + from - done, end: hit.end + from - done }));
    return {
      found: { text: part, hits: shifted, views: [] },
      start: done,
      end,
      pieces: [],
      isTooLong: this.isTooLong(end),
    };
  }

  /** Moves a cut to before whatever crosses it: a hit, a base64 run, a character. */
  private cut(settled: number, hits: readonly Range[], pieces: Range[]): number {
    const { text, done } = this;
    // A placeholder that is cut would no longer be known as one.
    const ours = this.scan.placeholders.find(text.subarray(done));
    const crossing = [...hits, ...ours.map(({ start, end }) => ({ start: start + done, end: end + done }))];
    crossing.sort((a, b) => b.start - a.start);
    const isHeld = (run: Range): boolean => text.length - run.start <= longestRun;
    const atSettled = runAround(text, settled, done);
    const isOpen = atSettled.end > settled || settled === text.length;
    const isLong = isOpen && isRun(atSettled) && !isHeld(atSettled) && beginsAsText(text, atSettled.start);
    const longRun = isLong ? atSettled : undefined;
    let cut = settled;
    let at = 0;
    for (;;) {
      const run = runAround(text, cut, done);
      if (isRun(run) && isHeld(run) && run.start < cut && (run.end > cut || cut === text.length)) cut = run.start;
      let range = crossing[at];
      while (range !== undefined && (range.start >= cut || range.end <= cut)) range = crossing[++at];
      if (range === undefined) break;
      cut = range.start;
    }
    while (cut > done && ((text[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
    cut = Math.max(cut, done);
    if (longRun !== undefined && longRun.start < cut) {
      cut = longRun.start + Math.floor((cut - longRun.start) / 4) * 4;
      pieces.push({ start: longRun.start - done, end: cut - done });
    }
    return cut;
  }

  /** Maps a range of a part to the body. */
  toOuter(part: Part, start: number, end: number): Range {
    return this.toBody(part.start + start, part.start + end);
  }

  private toBody(start: number, end: number): Range {
    return this.view === undefined
      ? { start: this.rawStart + start, end: this.rawStart + end }
      : this.view.toOuter(start, end);
  }

  /** Maps the splices of a part to the body. */
  toSplices(part: Part, splices: readonly Splice[]): readonly Splice[] {
    const moved = splices.map((splice) => ({
      ...splice,
      start: splice.start + part.start,
      end: splice.end + part.start,
    }));
    if (this.view !== undefined) return this.view.toSplices(moved);
    return moved.map((splice) => ({ ...splice, ...this.toBody(splice.start, splice.end) }));
  }

  /** Moves on to the end of a part, keeping as much before it as the detectors look back. */
  advance(part: Part): void {
    this.done = part.end;
    const { lookBehind } = this.scan.matcher;
    let kept = Math.max(0, this.done - Math.max(lookBehind * 2, this.longestKnown()));
    while (kept > 0 && ((this.text[kept] ?? 0) & 0xc0) === 0x80) kept -= 1;
    const { raw } = this;
    const from = this.isJson ? rawOffset(raw, kept) : kept;
    const ahead = this.done - kept;
    this.settled = this.rawStart + from + (this.isJson ? rawOffset(raw.subarray(from), ahead) : ahead);
    if (kept === 0) return;
    this.raw = raw.slice(from);
    this.text = this.text.subarray(kept);
    this.rawStart += from;
    this.decoded -= from;
    this.done -= kept;
    if (this.isJson) this.view = jsonStringView(this.raw.subarray(0, this.decoded), this.rawStart, this.text);
  }
}

/** Whether a run is long enough to be decoded. */
function isRun({ start, end }: Range): boolean {
  return end - start >= leastRun;
}

/** Moves a view by `by` bytes towards the start of its outer text. */
function moved({ view, inner }: ViewHits, by: number): ViewHits {
  const range = { start: view.range.start - by, end: view.range.end - by };
  return {
    inner,
    view: {
      ...view,
      range,
      toOuter(start, end) {
        const outer = view.toOuter(start, end);
        return { start: outer.start - by, end: outer.end - by };
      },
      toSplices: (splices) =>
        view.toSplices(splices).map((splice) => ({ ...splice, start: splice.start - by, end: splice.end - by })),
    },
  };
}

/** Whether a splice of a part would have to change a text that goes on behind it. */
export function isStuck({ start, end, pieces }: Part, splices: readonly Splice[]): boolean {
  return splices.some((splice) => splice.end > end - start || pieces.some((piece) => overlaps(piece, splice)));
}
