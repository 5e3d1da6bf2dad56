/** What a client may be answered with: codings that could not be read are taken out, none is ever added. */
import type { HeaderList } from '../core/http.ts';

/**
 * Takes the codings that cannot be read out of `accept-encoding`. A list that would be left empty becomes `identity`,
 * because an empty value and an absent header mean something else (RFC 9110 §12.5.3).
 * @param readable lower-case names, `identity` included
 */
export function acceptableCodings(headers: HeaderList, readable: ReadonlySet<string>): HeaderList {
  const isOffer = (name: string): boolean => name.length === 15 && name.toLowerCase() === 'accept-encoding';
  if (!headers.some(([name]) => isOffer(name))) return headers;
  return headers.map((pair) => {
    const [name, value] = pair;
    if (!isOffer(name)) return pair;
    const offered = value.split(',').map((item) => item.trim());
    const kept = offered.filter((item) => readable.has((item.split(';', 1)[0] ?? '').trim().toLowerCase()));
    if (kept.length === offered.length) return pair;
    return [name, kept.length === 0 ? 'identity' : kept.join(', ')] as const;
  });
}
