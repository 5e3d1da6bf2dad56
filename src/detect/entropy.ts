/** Shannon entropy of a value's characters. */

const counts = new Uint32Array(256);
/** Longer values have their shares computed each time. */
const mostKept = 128;
/** What a character that stands so often in a value of such a length adds, by `length * mostKept + count`; 0: not known. */
const shares = new Float64Array(mostKept * mostKept);

function shareOf(count: number, length: number): number {
  const share = count / length;
  return share * Math.log2(share);
}

function keptShareOf(count: number, length: number): number {
  if (length >= mostKept) return shareOf(count, length);
  const at = length * mostKept + count;
  const known = shares[at] ?? 0;
  return known === 0 ? (shares[at] = shareOf(count, length)) : known;
}

/** Returns bits per character of a text of single-byte characters; 0 for the empty text. */
export function entropyOf(value: string): number {
  const { length } = value;
  let first = 255;
  let last = 0;
  for (let i = 0; i < length; i++) {
    const byte = value.charCodeAt(i) & 255;
    counts[byte] = (counts[byte] ?? 0) + 1;
    if (byte < first) first = byte;
    if (byte > last) last = byte;
  }
  let bits = 0;
  for (let byte = first; byte <= last; byte++) {
    const count = counts[byte] ?? 0;
    if (count === 0) continue;
    counts[byte] = 0;
    bits -= keptShareOf(count, length);
  }
  return bits;
}
