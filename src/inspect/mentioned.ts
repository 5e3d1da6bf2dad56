/** The values that one request showed: kept out of what its record says about where they stood. */
import { utf8 } from '../core/bytes.ts';
import type { Finding } from '../core/finding.ts';
import type { KnownValue, KnownValues } from '../detect/match.ts';

/** What stands in place of a part that holds a value. */
const hidden = '*';

/** Collects values while a request is read; in memory only, and for no longer than its exchange. */
export class Mentioned {
  private readonly create: () => KnownValues;
  private readonly others: readonly KnownValues[];
  private readonly seen = new Set<string>();
  private own: KnownValues | undefined;

  /** @param others what was known before: protected values, those of earlier requests */
  constructor(create: () => KnownValues, others: readonly KnownValues[]) {
    this.create = create;
    this.others = others;
  }

  add(value: KnownValue): void {
    const key = Buffer.from(value.bytes).toString('latin1');
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.own ??= this.create();
    this.own.add(value);
  }

  /** A recorded path without the parts (segments, names of a query) that hold a value. */
  hideInPath(path: string): string {
    if (!this.stands(path)) return path;
    return path
      .split(/([/?&])/)
      .map((part) => (this.stands(part) ? hidden : part))
      .join('');
  }

  /**
   * Findings whose JSON pointers (RFC 6901) name no member that holds a value. A place was written down when something
   * was found there; that a name in it is a value itself may have shown only later, elsewhere in the request.
   */
  hideInPlaces(findings: readonly Finding[]): Finding[] {
    const places = new Map<string, string>();
    return findings.map((finding) => {
      const { where } = finding;
      if (where === undefined || !where.startsWith('/')) return finding;
      const before = places.get(where);
      const safe = before ?? this.hideInPointer(where);
      if (before === undefined) places.set(where, safe);
      return safe === where ? finding : { ...finding, where: safe };
    });
  }

  private hideInPointer(pointer: string): string {
    const hide = (token: string): string =>
      this.stands(token.replaceAll('~1', '/').replaceAll('~0', '~')) ? hidden : token;
    return pointer.split('/').map(hide).join('/');
  }

  private stands(text: string): boolean {
    const bytes = utf8(text);
    const holds = (values: KnownValues): boolean => values.size > 0 && values.scan(bytes, 0, true).matches.length > 0;
    return (this.own !== undefined && holds(this.own)) || this.others.some(holds);
  }
}
