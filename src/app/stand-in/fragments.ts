/** Cuts text as vendors' deltas do: small, at varied places, so that whatever stands in it is split every way. */

/** Code points per delta, in turn. Co-prime with common lengths, so a repeated text is cut elsewhere each time. */
const sizes = [3, 1, 7, 2, 11, 1, 5, 4, 13] as const;

/** Splits text into deltas of 1 to 13 code points; '' gives none. */
export function fragments(text: string): readonly string[] {
  const points = Array.from(text);
  const cut: string[] = [];
  let at = 0;
  while (at < points.length) {
    const size = sizes[cut.length % sizes.length] ?? 1;
    cut.push(points.slice(at, at + size).join(''));
    at += size;
  }
  return cut;
}
