/** A growing set of literals, all searched in one pass over bytes: what the known values are looked up by. */

/**
 * The text is sampled every `stride` bytes: four bytes are hashed into a table of tags, and almost always that is all.
 * Each literal lies in the table by `stride` consecutive four-byte grams of a window chosen from it, so that a sample
 * hits one of them wherever the literal stands. Measured: see test/bench/known-values.ts.
 */

const gramBytes = 4;
/** A stride beyond this gains nothing; a window of so many grams is looked for in each literal. */
const strideAtMost = 8;
const firstTableBits = 12;
const lastTableBits = 21;
/** Slots of the table for each gram: what a sample of unrelated text passes by chance is one in so many. */
const slotsPerGram = 12;
/** Windows of a literal that are compared before one is chosen. */
const windowsAtMost = 12;
/** Others at the same grams: a window with no more of them is taken without looking further. */
const fewEnough = 4;
/** Below so many bytes a view of the text costs more than it saves. */
const leastForView = 512;
const noTags = new Uint8Array(0);
/** A slot that several grams share. */
const anyTag = 0xff;

interface Literal<Payload> {
  readonly bytes: Uint8Array;
  readonly payload: Payload;
}

/** A literal at one of its grams. */
interface Place<Payload> {
  readonly literal: Literal<Payload>;
  /** Where the gram stands in the literal. */
  readonly offset: number;
  /** The four bytes after the gram (or what the literal has of them), for a first look. */
  readonly next: number;
  readonly mask: number;
}

/** So many places at one gram are looked at one by one; more are told apart by the bytes around the gram. */
const crowdFrom = 9;

/** All places at one gram. */
class Places<Payload> {
  size = 0;
  private readonly few: Place<Payload>[] = [];
  /** In a crowd: by the four bytes after the gram, or where a literal has no four there, by those before it. */
  private byNext: Map<number, Place<Payload>[]> | undefined;
  private byPrevious: Map<number, Place<Payload>[]> | undefined;

  add(place: Place<Payload>): void {
    this.size += 1;
    if (this.size < crowdFrom) {
      this.few.push(place);
      return;
    }
    if (this.byNext === undefined) {
      this.byNext = new Map();
      this.byPrevious = new Map();
      for (const one of this.few.splice(0)) this.sort(one);
    }
    this.sort(place);
  }

  /** Shows, in up to three lists, those that may stand in a text whose gram is at `at`. */
  at(text: Uint8Array, at: number, look: (places: readonly Place<Payload>[]) => void): void {
    if (this.few.length > 0) look(this.few);
    if (this.byNext === undefined) return;
    const next = this.byNext.get(word(text, at + gramBytes));
    if (next !== undefined) look(next);
    const previous = at >= gramBytes ? this.byPrevious?.get(word(text, at - gramBytes)) : undefined;
    if (previous !== undefined) look(previous);
  }

  private sort(place: Place<Payload>): void {
    const { literal, offset, next, mask } = place;
    if (mask === -1) enter(this.byNext, next, place);
    else if (offset >= gramBytes) enter(this.byPrevious, word(literal.bytes, offset - gramBytes), place);
    else this.few.push(place);
  }
}

function enter<T>(map: Map<number, T[]> | undefined, key: number, item: T): void {
  const items = map?.get(key);
  if (items === undefined) map?.set(key, [item]);
  else items.push(item);
}

/** Called for each occurrence; literals are reported in no particular order. */
export type OnLiteral<Payload> = (payload: Payload, start: number, end: number) => void;

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function hash(gram: number): number {
  return Math.imul(gram ^ (gram >>> 15), 0x9e3779b1);
}

/** The set. A literal of fewer than four bytes is searched one by one. */
export class LiteralIndex<Payload> {
  private readonly literals: Literal<Payload>[] = [];
  private readonly tiny: Literal<Payload>[] = [];
  private places = new Map<number, Places<Payload>>();
  private bits = firstTableBits;
  /** Made with the first literal: most sets stay empty. */
  private tags: Uint8Array = noTags;
  private stride = strideAtMost;
  private grams = 0;

  /** Adds a literal of at least one byte. */
  add(bytes: Uint8Array, payload: Payload): void {
    const literal = { bytes, payload };
    if (bytes.length < gramBytes) {
      this.tiny.push(literal);
      return;
    }
    this.literals.push(literal);
    if (this.tags === noTags) this.tags = new Uint8Array(1 << firstTableBits);
    const stride = Math.min(this.stride, bytes.length - gramBytes + 1);
    const needed = (this.grams + stride) * slotsPerGram;
    if (stride < this.stride || (needed > this.tags.length && this.bits < lastTableBits)) {
      this.stride = stride;
      this.rebuild();
    } else this.place(literal);
  }

  private rebuild(): void {
    const needed = this.literals.length * this.stride * slotsPerGram;
    while (1 << this.bits < needed * 3 && this.bits < lastTableBits) this.bits++;
    this.tags = new Uint8Array(1 << this.bits);
    this.places = new Map();
    this.grams = 0;
    for (const literal of this.literals) this.place(literal);
  }

  /** Enters the window of a literal whose grams the fewest others have: values often share a prefix. */
  private place(literal: Literal<Payload>): void {
    const { bytes } = literal;
    const last = bytes.length - gramBytes + 1 - this.stride;
    const step = Math.max(1, Math.floor(last / windowsAtMost));
    let window = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at <= last && least > fewEnough; at += step) {
      let crowd = 0;
      for (let i = at; i < at + this.stride; i++) crowd += this.places.get(word(bytes, i))?.size ?? 0;
      if (crowd < least) {
        least = crowd;
        window = at;
      }
    }
    for (let offset = window; offset < window + this.stride; offset++) {
      const gram = word(bytes, offset);
      const known = Math.min(gramBytes, bytes.length - offset - gramBytes);
      const mask = known <= 0 ? 0 : known === gramBytes ? -1 : (1 << (8 * known)) - 1;
      const place = { literal, offset, next: word(bytes, offset + gramBytes) & mask, mask };
      const places = this.places.get(gram) ?? new Places<Payload>();
      if (places.size === 0) this.places.set(gram, places);
      places.add(place);
      this.grams++;
      this.tag(gram);
    }
  }

  private tag(gram: number): void {
    const hashed = hash(gram);
    const slot = hashed >>> (32 - this.bits);
    const tag = ((hashed >>> 4) & 0x7f) + 1;
    const held = this.tags[slot];
    this.tags[slot] = held === 0 || held === tag ? tag : anyTag;
  }

  /** Reports every occurrence that lies wholly in `[from, to)`. */
  find(text: Uint8Array, from: number, to: number, onLiteral: OnLiteral<Payload>): void {
    for (const literal of this.tiny) this.findTiny(literal, text, from, to, onLiteral);
    if (this.literals.length === 0) return;
    const { tags, stride, places } = this;
    const shift = 32 - this.bits;
    const last = to - gramBytes;
    // One unaligned load for each sample in place of four: a third faster, but in short texts, of which there are many.
    const isShort = to - from < leastForView;
    const view = isShort ? undefined : new DataView(text.buffer, text.byteOffset, text.byteLength);
    for (let at = from; at <= last; at += stride) {
      const gram = view === undefined ? word(text, at) : view.getInt32(at, true);
      const hashed = hash(gram);
      const held = tags[hashed >>> shift];
      if (held === 0) continue;
      if (held !== anyTag && held !== ((hashed >>> 4) & 0x7f) + 1) continue;
      const candidates = places.get(gram);
      if (candidates !== undefined) this.confirm(candidates, text, at, from, to, onLiteral);
    }
  }

  private confirm(
    candidates: Places<Payload>,
    text: Uint8Array,
    at: number,
    from: number,
    to: number,
    onLiteral: OnLiteral<Payload>,
  ): void {
    const next = word(text, at + gramBytes);
    candidates.at(text, at, (places) => {
      for (const { literal, offset, next: wanted, mask } of places) {
        if ((next & mask) !== wanted) continue;
        const start = at - offset;
        const end = start + literal.bytes.length;
        if (start < from || end > to) continue;
        if (isAt(text, start, literal.bytes)) onLiteral(literal.payload, start, end);
      }
    });
  }

  private findTiny(
    literal: Literal<Payload>,
    text: Uint8Array,
    from: number,
    to: number,
    onLiteral: OnLiteral<Payload>,
  ): void {
    const first = literal.bytes[0];
    if (first === undefined) return;
    for (let at = text.indexOf(first, from); at !== -1 && at < to; at = text.indexOf(first, at + 1)) {
      const end = at + literal.bytes.length;
      if (end <= to && isAt(text, at, literal.bytes)) onLiteral(literal.payload, at, end);
    }
  }
}

/** Whether the literal stands at an offset of the text. */
export function isAt(text: Uint8Array, start: number, literal: Uint8Array): boolean {
  if (start < 0 || start + literal.length > text.length) return false;
  for (let i = 0; i < literal.length; i++) if (text[start + i] !== literal[i]) return false;
  return true;
}
