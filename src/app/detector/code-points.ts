/** Places in a text as Python counts them, in code points, and as we do, in bytes of UTF-8. */

function utf8Bytes(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}

/**
 * Returns the byte offset of each code point offset in a text, its end included; undefined when one lies outside.
 * One pass over the text, whatever their number.
 */
export function byteOffsets(text: string, points: Iterable<number>): ReadonlyMap<number, number> | undefined {
  const wanted = [...new Set(points)].sort((a, b) => a - b);
  const offsets = new Map<number, number>();
  let point = 0;
  let byte = 0;
  let unit = 0;
  for (const next of wanted) {
    if (!Number.isSafeInteger(next) || next < point) return undefined;
    while (point < next) {
      const code = text.codePointAt(unit);
      if (code === undefined) return undefined;
      unit += code > 0xffff ? 2 : 1;
      byte += utf8Bytes(code);
      point += 1;
    }
    offsets.set(next, byte);
  }
  return offsets;
}
