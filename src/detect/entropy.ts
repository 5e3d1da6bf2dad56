/** Shannon entropy of a value's characters. */

const counts = new Uint32Array(256);

/** Returns bits per character of a text of single-byte characters; 0 for the empty text. */
export function entropyOf(value: string): number {
  if (value.length === 0) return 0;
  counts.fill(0);
  for (let i = 0; i < value.length; i++) {
    const byte = value.charCodeAt(i) & 255;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  let bits = 0;
  for (const count of counts) {
    if (count === 0) continue;
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
