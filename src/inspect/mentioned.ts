/** The values that one request showed: kept out of what its record says about where they stood. */
import { utf8 } from '../core/bytes.ts';
import type { Finding } from '../core/finding.ts';
import type { KnownValues } from '../detect/match.ts';

/** What stands in place of a part that holds a value. */
const hidden = '*';

/** Shorter ones stand in any name. */
const leastValue = 4;
/** No name or segment that is recorded is longer: see `recorded-path.ts` and `read-text.ts`. */
const longestPart = 64;

/** Collects values while a request is read; in memory only, and for no longer than its exchange. */
export class Mentioned {
  /** Protected values, and those of earlier requests. */
  private readonly known: readonly KnownValues[];
  private readonly values = new Set<string>();

  constructor(known: readonly KnownValues[]) {
    this.known = known;
  }

  add(value: Uint8Array): void {
    if (value.length >= leastValue && value.length <= longestPart)
      this.values.add(Buffer.from(value).toString('latin1'));
  }

  /** A recorded path without the parts (segments, names of a query) that hold a value. */
  hideInPath(path: string): string {
    return path
      .split(/([/?&])/)
      .map((part) => (this.stands(part) ? hidden : part))
      .join('');
  }

  /**
   * Findings whose places name no member, header or parameter that holds a value. A place was written down when something
   * was found there; that a name in it is a value itself may have shown only later, elsewhere in the request.
   */
  hideInPlaces(findings: readonly Finding[]): Finding[] {
    const places = new Map<string, string>();
    return findings.map((finding) => {
      const { where } = finding;
      if (where === undefined) return finding;
      const before = places.get(where);
      const safe = before ?? this.hideInPlace(where);
      if (before === undefined) places.set(where, safe);
      return safe === where ? finding : { ...finding, where: safe };
    });
  }

  /** A JSON pointer (RFC 6901), `header:<name>` or `query:<name>`; what stands before a name is ours. */
  private hideInPlace(where: string): string {
    if (where.startsWith('/')) return this.hideInPointer(where);
    const name = where.indexOf(':') + 1;
    return name > 0 && this.stands(where.slice(name)) ? `${where.slice(0, name)}${hidden}` : where;
  }

  private hideInPointer(pointer: string): string {
    const hide = (token: string): string =>
      this.stands(token.replaceAll('~1', '/').replaceAll('~0', '~')) ? hidden : token;
    return pointer.split('/').map(hide).join('/');
  }

  private stands(part: string): boolean {
    const bytes = utf8(part);
    if (this.known.some((values) => values.size > 0 && values.scan(bytes, 0, true).matches.length > 0)) return true;
    // Parts are short and few, values may be many: each piece of a part is looked up, not each value looked for.
    const text = Buffer.from(bytes).toString('latin1');
    for (let start = 0; start + leastValue <= text.length; start++) {
      for (let end = start + leastValue; end <= text.length; end++) {
        if (this.values.has(text.slice(start, end))) return true;
      }
    }
    return false;
  }
}
