/** Byte work on text. Memory: what is looked at stands at the offsets given. */

/** The first offset at or after `from` that holds a quote, a backslash or a control character; else `to`. */
export function nextSpecial(from: i32, to: i32): i32 {
  let at = from;
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  for (; at + 16 <= to; at += 16) {
    const bytes = v128.load(at);
    const found = v128.or(
      v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)),
      i8x16.lt_u(bytes, space),
    );
    const mask = i8x16.bitmask(found);
    if (mask != 0) return at + ctz(mask);
  }
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte == 0x22 || byte == 0x5c || byte < 0x20) return at;
  }
  return to;
}
