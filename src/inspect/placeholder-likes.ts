/** Texts of a request that begin as our placeholders do: a reply that repeats one means the request's own text. */

/** What a model may put into the middle of a placeholder: case, escaped underscores, blanks are seen elsewhere. */
const word = /[\w\\-]*/y;
const likesAtMost = 10_000;

/** Collects every word that begins with the prefix, in any case. @param text decoded, still in JSON escapes */
export function placeholderLikes(text: Uint8Array, prefix: string): ReadonlySet<string> {
  const likes = new Set<string>();
  const latin = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1');
  const begins = new RegExp(prefix, 'gi');
  for (let match = begins.exec(latin); match !== null && likes.size < likesAtMost; match = begins.exec(latin)) {
    word.lastIndex = match.index;
    const found = word.exec(latin)?.[0] ?? '';
    likes.add(found);
    begins.lastIndex = match.index + Math.max(found.length, 1);
  }
  return likes;
}
