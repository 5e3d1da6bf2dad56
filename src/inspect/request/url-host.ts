/** The host of the URL that a value stands in: restored later only beside the same host. */
import type { Range } from '../../body/range.ts';

/** How far from the value its URL may begin or end. */
const reach = 2048;
const boundary = /[\s"'`<>\\]/;
const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#\s"'`<>\\]*)/;

/** Returns the lower-case host, without userinfo or port, of the URL around a range of text; undefined when there is none. */
export function urlHostAround(text: Uint8Array, { start, end }: Range): string | undefined {
  const from = Math.max(0, start - reach);
  const window = Buffer.from(text.subarray(from, Math.min(text.length, end + reach))).toString('latin1');
  let begin = start - from;
  while (begin > 0 && !boundary.test(window.charAt(begin - 1))) begin -= 1;
  const word = window.slice(begin);
  const at = word.lastIndexOf('://', start - from - begin);
  if (at === -1) return undefined;
  const scheme = /[A-Za-z][A-Za-z0-9+.-]*$/.exec(word.slice(0, at))?.[0];
  if (scheme === undefined) return undefined;
  const host = authority.exec(word.slice(at - scheme.length))?.[1];
  if (host === undefined) return undefined;
  const bare = host.slice(host.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return bare === '' ? undefined : bare.toLowerCase();
}
