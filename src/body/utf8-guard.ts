/** Checks UTF-8 as it arrives (RFC 3629), natively; a sequence cut by a chunk's end waits for its rest. */
import { isUtf8 } from 'node:buffer';
import { concat } from '../core/bytes.ts';

/** How long the sequence of a lead byte is; 1 for what leads none. */
function sequenceLength(byte: number): number {
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}

/** How many bytes at the end may begin a sequence that is cut. */
function cutTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** How much is checked at once on the way to the first bad byte. */
const step = 1024;

/** Returns how many bytes from the start are valid, in a text that is not wholly so. */
function validPrefix(bytes: Uint8Array): number {
  let at = 0;
  for (;;) {
    let cut = at + step;
    while (cut > at && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
    if (cut >= bytes.length || cut === at || !isUtf8(bytes.subarray(at, cut))) break;
    at = cut;
  }
  while (at < bytes.length) {
    const next = at + sequenceLength(bytes[at] ?? 0);
    if (next > bytes.length || !isUtf8(bytes.subarray(at, next))) return at;
    at = next;
  }
  return at;
}

/** Passes valid bytes on. */
export class Utf8Guard {
  private held: Uint8Array = new Uint8Array(0);

  /** Whether a sequence is cut. */
  get isCut(): boolean {
    return this.held.length > 0;
  }

  /** Returns the valid bytes that are now known to be, in order, and whether nothing invalid followed them. */
  push(chunk: Uint8Array): { readonly valid: readonly Uint8Array[]; readonly isValid: boolean } {
    const valid: Uint8Array[] = [];
    let rest = chunk;
    while (this.held.length > 0 && rest.length > 0) {
      const wanted = sequenceLength(this.held[0] ?? 0) - this.held.length;
      const sequence = concat([this.held, rest.subarray(0, wanted)]);
      if (sequence.length < this.held.length + wanted) {
        // Still cut: a byte that cannot go on would be found when it is whole, or now.
        if (!mayGoOn(sequence)) return { valid, isValid: false };
        this.held = sequence;
        return { valid, isValid: true };
      }
      if (!isUtf8(sequence)) return { valid, isValid: false };
      valid.push(sequence);
      rest = rest.subarray(wanted);
      this.held = rest.subarray(0, 0);
    }
    const tail = cutTail(rest);
    const body = tail === 0 ? rest : rest.subarray(0, rest.length - tail);
    if (!isUtf8(body)) {
      valid.push(body.subarray(0, validPrefix(body)));
      return { valid, isValid: false };
    }
    if (body.length > 0) valid.push(body);
    if (tail > 0) this.held = rest.slice(rest.length - tail);
    return { valid, isValid: tail === 0 || mayGoOn(this.held) };
  }
}

/** Whether every byte after the lead is a continuation. */
function mayGoOn(sequence: Uint8Array): boolean {
  return sequence.subarray(1).every((byte) => (byte & 0xc0) === 0x80);
}
