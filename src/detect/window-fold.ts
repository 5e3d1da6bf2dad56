/**
 * What windows do not tell apart: capitals from small letters, and one digit from another. So a class of digits is one
 * window and not ten, and the tables stay small enough for the nearest caches.
 */

const zero = 0x30;
const nine = 0x39;

/** A byte as windows have it. */
export function foldByte(byte: number): number {
  return byte >= zero && byte <= nine ? zero : byte | 0x20;
}

/** Four bytes in a word as windows have them. */
export function foldWord(word: number): number {
  // The high bit of each byte that is no digit: what is beyond nine carries into it, or has it.
  const fromZero = word ^ 0x30303030;
  const others = ((fromZero & 0x7f7f7f7f) + 0x76767676) | fromZero;
  const digits = (~others & 0x80808080) >>> 7;
  return (word | 0x20202020) & ~(digits * 0x0f);
}

/** The case-folded bytes that windows do not tell from a case-folded byte. */
export function alike(folded: number): readonly number[] {
  return folded >= zero && folded <= nine ? digits : [folded];
}

const digits = Array.from({ length: nine - zero + 1 }, (_, digit) => zero + digit);
