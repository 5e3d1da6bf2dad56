/** A text too long to hold: read through a window that moves on as soon as nothing open can reach behind it. */
import { append } from '../../core/append.ts';
import { jsonStringView, type View } from '../../body/views.ts';
import { leastRun, runAround } from '../../body/base64-runs.ts';
import { foldedRanges } from '../../body/encoded-runs.ts';
import { beginsDeflated } from '../../body/inflated.ts';
import { beginsAsText } from '../../body/run-beginnings.ts';
import type { Splice } from '../../body/splice.ts';
import { overlaps, type Range } from '../../body/range.ts';
import type { KnownValues } from '../../detect/match.ts';
import { GrowingText, type HeldBytes } from './growing-text.ts';
import { beyondEscapes, outerRanges, type Hit, type TextHits, type ViewHits } from './hits.ts';
import { protectedHits } from './opaque.ts';
import type { TextReader } from './read-text.ts';
import type { RequestScan } from './scan.ts';
import { acrossSeam, seamBefore } from './seams.ts';

/** A base64 run is held whole up to this size; a longer one is read in pieces, and cannot be rewritten. */
const longestRun = 64 * 1024;
/** The same for one that may be a compressed text, which is read whole or not at all. */
const longestDeflated = 1024 * 1024;
/** The same for one that is folded over lines; a longer one is read as several. */
const longestFold = 256 * 1024;
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

/** Reads one long text. What of it is decoded stays the context of what follows when its bytes are released. */
export class TextWindow {
  private readonly scan: RequestScan;
  private readonly known: readonly KnownValues[];
  private readonly isJson: boolean;
  private readonly isOpaque: boolean;
  private readonly text: GrowingText;
  /** Maps what is not settled yet, once something was found in it. */
  private view: View | undefined;
  /** Up to where the decoded text is settled. */
  private done = 0;
  /** The body offset before which everything is settled. */
  settled: number;

  /** @param held the body's bytes, held from {@link settled} on @param start where the text begins */
  constructor(
    scan: RequestScan,
    known: readonly KnownValues[],
    held: HeldBytes,
    start: number,
    form: { readonly isJson: boolean; readonly isOpaque: boolean },
  ) {
    this.scan = scan;
    this.known = known;
    this.settled = start;
    this.isJson = form.isJson;
    this.isOpaque = form.isOpaque;
    this.text = new GrowingText(held, form.isJson, start);
  }

  /** Adds the body's bytes up to an offset; those of a string may end inside an escape, unless it is complete. */
  add(upTo: number, isComplete: boolean): void {
    this.text.add(upTo, isComplete);
    this.view = undefined;
  }

  /** Reads what has been added since. Changes nothing, so that it can be read again with more known values. */
  look(reader: TextReader, isComplete: boolean): Part {
    if (this.isOpaque) return this.lookOpaque(isComplete);
    const { done } = this;
    const text = this.text.bytes;
    const scanned: ViewHits[] = [];
    const { hits, settled } = reader.scanText(text, { from: done, isComplete, isMatched: true }, scanned);
    const plain = reader.readPlain(text, undefined, 0, isComplete);
    let end = Math.max(done, Math.min(settled, plain.settled, text.length));
    const pieces: Range[] = [];
    if (!isComplete) end = this.cut(end, [...hits, ...plain.found.flatMap(outerRanges)], pieces);
    const part = text.subarray(done, end);
    const views: ViewHits[] = [];
    const inPart = hits
      .filter((hit) => hit.start < end)
      .map((hit) => ({ ...hit, start: hit.start - done, end: hit.end - done }));
    reader.readEncoded(part, 0, inPart, views);
    for (const piece of pieces) {
      const across = acrossSeam(reader, text, { start: piece.start + done, seam: end }, this.scan.matcher);
      if (across !== undefined) views.push(moved(across, done));
    }
    const escaped = plain.found.flatMap((found) => within(moved(found, done), part.length));
    append(views, beyondEscapes(views, escaped, inPart, part.length));
    const coded = scanned.filter(({ view }) => view.range.start < end).map((view) => moved(view, done));
    const again = (changed: Uint8Array): readonly Hit[] => reader.readAgain(changed, undefined, false, 0);
    const found: TextHits = { ...reader.combine(part, inPart, views, coded), again };
    return { found, start: done, end, pieces, isTooLong: this.isTooLong(end) };
  }

  private isTooLong(end: number): boolean {
    return end === this.done && this.text.bytes.length - this.done > longestHold;
  }

  private longestKnown(): number {
    return Math.max(0, ...this.known.map((values) => values.longest));
  }

  /** Data that is not to be changed: protected values only. */
  private lookOpaque(isComplete: boolean): Part {
    const { done } = this;
    const text = this.text.bytes;
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
    const { done } = this;
    const text = this.text.bytes;
    // A placeholder that is cut would no longer be known as one.
    const ours = this.scan.placeholders.find(text.subarray(done));
    const folds = foldedRanges(text.subarray(done)).filter(({ start }) => text.length - done - start <= longestFold);
    const crossing = [
      ...hits,
      ...[...ours, ...folds].map(({ start, end }) => ({ start: start + done, end: end + done })),
    ];
    crossing.sort((a, b) => b.start - a.start);
    const isHeld = ({ start }: Range): boolean =>
      text.length - start <= (beginsDeflated(text, start) ? longestDeflated : longestRun);
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
      cut = seamBefore(text, longRun.start, cut, this.scan.matcher);
      if (cut > longRun.start) pieces.push({ start: longRun.start - done, end: cut - done });
    }
    return cut;
  }

  /** Maps a range of a part to the body. */
  toOuter(part: Part, start: number, end: number): Range {
    return this.toBody(part.start + start, part.start + end);
  }

  private toBody(start: number, end: number): Range {
    // A run that began before may have been found: what of it is settled is no longer held.
    const from = Math.max(0, start - this.done);
    const to = Math.max(0, end - this.done);
    return this.isJson ? this.unsettled().toOuter(from, to) : { start: this.settled + from, end: this.settled + to };
  }

  /** What is not settled yet, as a string of its own. */
  private unsettled(): View {
    const { done, settled, text } = this;
    this.view ??= jsonStringView(text.rawFrom(settled), settled, text.bytes.subarray(done));
    return this.view;
  }

  /** Maps the splices of a part to the body. */
  toSplices(part: Part, splices: readonly Splice[]): readonly Splice[] {
    if (this.isJson) return splices.length === 0 ? splices : this.unsettled().toSplices(splices);
    return splices.map((splice) => ({
      ...splice,
      ...this.toBody(part.start + splice.start, part.start + splice.end),
    }));
  }

  /** Moves on to the end of a part, keeping as much before it as the detectors look back. */
  advance(part: Part): void {
    this.done = part.end;
    this.settled = this.text.mark(part.end);
    this.view = undefined;
    const { bytes } = this.text;
    const { lookBehind } = this.scan.matcher;
    let kept = Math.max(0, this.done - Math.max(lookBehind * 2, this.longestKnown()));
    while (kept > 0 && ((bytes[kept] ?? 0) & 0xc0) === 0x80) kept -= 1;
    this.text.forget(kept);
    this.done -= kept;
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

/** What of a view lies in a part of its text that is so long. */
function within({ view, inner }: ViewHits, length: number): readonly ViewHits[] {
  const isIn = (range: Range): boolean => {
    const { start, end } = view.toOuter(range.start, range.end);
    return start >= 0 && end <= length;
  };
  const hits = inner.hits.filter(isIn);
  const views = inner.views.filter((found) => isIn(found.view.range));
  // What masking uncovers is not looked for: it may lie outside the part.
  return hits.length + views.length === 0 ? [] : [{ view, inner: { text: inner.text, hits, views } }];
}

/** Whether a splice of a part would have to change a text that goes on behind it. */
export function isStuck({ start, end, pieces }: Part, splices: readonly Splice[]): boolean {
  return splices.some((splice) => splice.end > end - start || pieces.some((piece) => overlaps(piece, splice)));
}
