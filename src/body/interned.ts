/** Short texts that repeat all over a body (member names, types, roles): each distinct one is known by a number. */
import { noBytes, part } from '../core/bytes.ts';

/** Longer texts seldom repeat. */
const longest = 128;
/** A body with more distinct ones gains nothing: what comes later has no number. */
export const mostInterned = 16_384;
/** Texts made to collide are given up after so many looks: they have no number either. */
const mostProbes = 8;

const noNumbers = new Int32Array(0);

/** A set of short texts, compared byte by byte. It keeps copies. */
export class Interned {
  /** One more than the number of the text that has its place here; 0: free. */
  private slots = noNumbers;
  private hashes = noNumbers;
  /** Where each text begins in the arena; it ends where the next begins. */
  private starts = noNumbers;
  private arena: Uint8Array = noBytes;
  private count = 0;
  private readonly strings: (string | undefined)[] = [];

  /** Returns the number of a text: equal ones are of equal texts. -1 for a text that is too long or one too many. */
  idOf(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > longest) return -1;
    if (this.slots === noNumbers) this.open();
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    for (let probe = 0; probe < mostProbes; probe += 1) {
      const slot = (hash + probe) & mask;
      const id = (this.slots[slot] ?? 0) - 1;
      if (id === -1) return this.add(slot, hash, bytes, start, end);
      if (this.hashes[id] === hash && this.isText(id, bytes, start, end)) return id;
    }
    return -1;
  }

  /** The text of a number, as UTF-8. */
  text(id: number): string {
    const known = this.strings[id];
    if (known !== undefined) return known;
    const bytes = part(this.arena, this.starts[id] ?? 0, this.starts[id + 1] ?? 0);
    const text = Buffer.from(bytes).toString();
    this.strings[id] = text;
    return text;
  }

  /** Makes room with the first text: many sets stay empty. */
  private open(): void {
    this.slots = new Int32Array(128);
    this.hashes = new Int32Array(64);
    this.starts = new Int32Array(65);
    this.arena = Buffer.allocUnsafe(1024);
  }

  private isText(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { arena } = this;
    const from = this.starts[id] ?? 0;
    if ((this.starts[id + 1] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at += 1) if (arena[from + at - start] !== bytes[at]) return false;
    return true;
  }

  private add(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.count === mostInterned) return -1;
    const id = this.count;
    const from = this.starts[id] ?? 0;
    const to = from + end - start;
    if (to > this.arena.length) {
      const arena = Buffer.allocUnsafe(this.arena.length * 2);
      arena.set(this.arena);
      this.arena = arena;
    }
    for (let at = start; at < end; at += 1) this.arena[from + at - start] = bytes[at] ?? 0;
    this.count = id + 1;
    this.hashes[id] = hash;
    this.starts[id + 1] = to;
    this.slots[slot] = id + 1;
    this.strings.push(undefined);
    if (this.count === this.hashes.length) this.grow();
    return id;
  }

  private grow(): void {
    const hashes = new Int32Array(this.hashes.length * 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
    const starts = new Int32Array(hashes.length + 1);
    starts.set(this.starts);
    this.starts = starts;
    // At most half full. What finds no place among the probes is found by none, and gets another number when it returns.
    this.slots = new Int32Array(hashes.length * 2);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.count; id += 1) {
      for (let probe = 0; probe < mostProbes; probe += 1) {
        const slot = ((hashes[id] ?? 0) + probe) & mask;
        if (this.slots[slot] !== 0) continue;
        this.slots[slot] = id + 1;
        break;
      }
    }
  }
}
