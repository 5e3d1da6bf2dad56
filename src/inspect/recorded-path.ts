/** The request target as it may be recorded: no query value, no long segment that might be one. */

const segmentShape = /^[A-Za-z0-9][\w.:-]{0,63}$/;
/** A part longer than this, or with this many digits, may be an id or worse. */
const longestWord = 20;
const mostDigits = 6;

/** Whether a segment reads as words: a method, a model, a version. */
function isWordy(segment: string): boolean {
  if (!segmentShape.test(segment)) return false;
  return segment
    .split(/[._:-]/)
    .every((part) => part.length <= longestWord && part.replaceAll(/\D/g, '').length <= mostDigits);
}

/**
 * Shortens a request target for the record: query values are dropped, and segments that do not read as words become
 * digests, so that the same target keeps the same text.
 * @param digest a keyed digest of a segment
 * @param recordable a segment as it may be recorded: a key may read as a word
 */
export function recordedPath(
  target: string,
  digest: (text: string) => string,
  recordable: (text: string) => string,
): string {
  const kept = (part: string): string => {
    if (part === '') return part;
    return isWordy(part) ? recordable(part) : `~${digest(part)}`;
  };
  const [path = '', ...query] = target.split('?');
  const names = query
    .join('?')
    .split('&')
    .map((pair) => pair.split('=', 1)[0] ?? '')
    .filter((name) => name !== '');
  const shortened = path.split('/').map(kept).join('/');
  return names.length === 0 ? shortened : `${shortened}?${names.map(kept).join('&')}`;
}
