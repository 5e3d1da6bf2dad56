/** Passes over what a JSON string holds: to its quote, to what may not stand there, or to an escape worth a look. */
import { blockBytes, leastForKernel, textKernel } from '../detect/text-kernel.ts';

const quote = 0x22;
const backslash = 0x5c;

/** Bytes that may follow a backslash and say nothing more: not `u`, and not `/`, which encoders seldom escape. */
const isPlainEscape = new Uint8Array(256);
for (const char of '"\\bfnrt') isPlainEscape[char.charCodeAt(0)] = 1;

/** Bytes that a string holds as they are. */
const isPlain = new Uint8Array(256).fill(1, 0x20);
isPlain[quote] = 0;
isPlain[backslash] = 0;

/** Below this many bytes a view of the text by words costs more than it saves. */
const leastForWords = 64;
/** Most strings end before so many bytes: only beyond is a block given to the kernel, a small one first. */
const firstByHand = 192;
const firstBlock = 1024;

/** Returns a text by aligned words of four bytes, the first and the last perhaps in part; undefined for a short one. */
export function wordsOf({ buffer, byteOffset, length }: Uint8Array): Int32Array | undefined {
  const shift = byteOffset & 3;
  return length < leastForWords ? undefined : new Int32Array(buffer, byteOffset - shift, (shift + length) >> 2);
}

/**
 * Returns twice the first offset at or after `from` that holds a quote, a control character, or an escape that is not
 * plain or not whole (else `to`), plus one where plain escapes were passed. In plain TypeScript.
 * @param words {@link wordsOf} the bytes
 */
export function skipByHand(bytes: Uint8Array, words: Int32Array | undefined, from: number, to: number): number {
  let at = from;
  let escapes = 0;
  if (words !== undefined) {
    // Four bytes a turn. Plain escapes are passed without leaving: source text has one every thirty bytes.
    const shift = bytes.byteOffset & 3;
    const last = (to + shift) >> 2;
    let word = (at + shift) >> 2;
    // The bytes of the first word that lie before `from` do not count.
    let counted = 0x80808080 << (((at + shift) & 3) << 3);
    while (word < last) {
      const four = words[word] ?? 0;
      const noQuote = four ^ 0x22222222;
      const noEscape = four ^ 0x5c5c5c5c;
      const high = four & 0xe0e0e0e0;
      // "Which bytes are zero", exact for each byte, of three words at once.
      const found =
        ~(
          (((noQuote & 0x7f7f7f7f) + 0x7f7f7f7f) | noQuote) &
          (((noEscape & 0x7f7f7f7f) + 0x7f7f7f7f) | noEscape) &
          (((high & 0x7f7f7f7f) + 0x7f7f7f7f) | high)
        ) & counted;
      if (found === 0) {
        counted = 0x80808080 | 0;
        word += 1;
        continue;
      }
      at = (word << 2) - shift + ((31 - Math.clz32(found & -found)) >> 3);
      if (bytes[at] !== backslash || at + 2 > to || isPlainEscape[bytes[at + 1] ?? 0] !== 1) return at * 2 + escapes;
      escapes = 1;
      at += 2;
      word = (at + shift) >> 2;
      counted = 0x80808080 << (((at + shift) & 3) << 3);
    }
    at = Math.max(at, (word << 2) - shift);
  }
  while (at < to) {
    const byte = bytes[at] ?? 0;
    if (isPlain[byte] === 1) {
      at += 1;
      continue;
    }
    if (byte !== backslash || at + 2 > to || isPlainEscape[bytes[at + 1] ?? 0] !== 1) break;
    escapes = 1;
    at += 2;
  }
  return at * 2 + escapes;
}

/** As {@link skipByHand}, by the kernel where it is to be had and the string is long. */
export function skipString(bytes: Uint8Array, words: Int32Array | undefined, from: number, to: number): number {
  const kernel = to - from >= leastForKernel ? textKernel() : undefined;
  if (kernel === undefined) return skipByHand(bytes, words, from, to);
  const begun = skipByHand(bytes, words, from, from + firstByHand);
  let at = Math.floor(begun / 2);
  let escapes = begun & 1;
  // A backslash that is the last byte looked at may begin an escape that is plain.
  let isCut = at === from + firstByHand - 1 && bytes[at] === backslash;
  if (at < from + firstByHand && !isCut) return begun;
  let size = firstBlock;
  while (to - at >= leastForKernel) {
    const length = Math.min(to - at, size);
    kernel.load(bytes, at, length);
    const skipped = kernel.skipString(length);
    at += skipped >> 1;
    escapes |= skipped & 1;
    isCut = skipped >> 1 === length - 1 && bytes[at] === backslash;
    if (skipped >> 1 < length && !isCut) return at * 2 + escapes;
    size = Math.min(size * 4, blockBytes);
  }
  const rest = skipByHand(bytes, words, at, to);
  return Math.floor(rest / 2) * 2 + ((rest & 1) | escapes);
}

/** Strings up to this length are read where they begin: most of those in dense JSON are. */
const shortString = 32;

/** Returns where the closing quote of a short string without escapes stands, else -1. */
export function endOfShort(bytes: Uint8Array, from: number): number {
  const limit = Math.min(bytes.length, from + shortString);
  let at = from;
  while (at < limit && isPlain[bytes[at] ?? 0] === 1) at += 1;
  return at < limit && bytes[at] === quote ? at : -1;
}
