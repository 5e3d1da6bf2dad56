/** The values found in one request that are to be masked wherever they stand. */
import type { KnownValues } from '../../detect/match.ts';
import type { TextHits } from './hits.ts';
import type { RequestScan } from './scan.ts';
import type { Place, Settler } from './settle.ts';

/**
 * So many values of one request are looked for in the rest of it. A list of more is one of customers or the like: each
 * is found by its rule, and the time and memory of thousands of forms would be everybody's.
 */
const valuesAtMost = 2000;

/** Collects values, each once, and tells the identity's memory. */
export class FoundValues {
  readonly known: KnownValues;
  private readonly scan: RequestScan;
  private readonly settler: Settler;
  private readonly seen = new Set<string>();

  constructor(scan: RequestScan, settler: Settler) {
    this.scan = scan;
    this.settler = settler;
    this.known = scan.createKnown();
  }

  /** Adds what a text's hits give. Returns whether any of it is new. */
  add(found: TextHits, place: Pick<Place, 'kind' | 'meaning'>): boolean {
    let isNew = false;
    for (const { value: bytes, ruleId: rule } of this.settler.spreading(found, place)) {
      const key = Buffer.from(bytes).toString('latin1');
      if (this.seen.has(key) || this.seen.size >= valuesAtMost) continue;
      this.seen.add(key);
      const value = { bytes, rule, isProtected: false };
      // One that an earlier request showed has been looked for from the beginning.
      if (!this.scan.learn(value)) continue;
      this.known.add(value);
      isNew = true;
    }
    return isNew;
  }
}
