/** The host of the URL that a value stands in: restored later only beside the same host. */
import type { Range } from '../../body/range.ts';

/** How far from the value its URL may begin or end. */
const reach = 2048;
const isBoundary = new Uint8Array(256).fill(1, 0, 0x21);
for (const char of '"\'`<>\\') isBoundary[char.charCodeAt(0)] = 1;
/** A scheme begins with a letter somewhere before; its last character is enough here. */
const schemeEnd = /[A-Za-z0-9+.-]$/;
const authority = /^[^/?#\s"'`<>\\]*/;

/** Returns the lower-case host, without userinfo or port, of the URL around a range of text; undefined when there is none. */
export function urlHostAround(text: Uint8Array, { start, end }: Range): string | undefined {
  const from = Math.max(0, start - reach);
  let begin = start;
  while (begin > from && isBoundary[text[begin - 1] ?? 0] === 0) begin -= 1;
  const before = Buffer.from(text.buffer, text.byteOffset + begin, start - begin);
  if (before.indexOf('://') === -1) return undefined;
  const word = Buffer.from(text.subarray(begin, Math.min(text.length, end + reach))).toString('latin1');
  const at = word.lastIndexOf('://', start - begin);
  if (at === -1) return undefined;
  if (!schemeEnd.test(word.slice(0, at))) return undefined;
  const host = authority.exec(word.slice(at + 3))?.[0] ?? '';
  const bare = host.slice(host.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return bare === '' ? undefined : bare.toLowerCase();
}
