/** Short texts that held nothing when they were read: types, roles and names repeat all over a body. */
import { Interned, mostInterned } from '../../body/interned.ts';
import { noNumber, type JsonDocument, type JsonNode } from '../../body/json-document.ts';
import { hasEscapes } from '../../body/json-events.ts';

/** Shorter texts hold nothing that a rule or a known value could name. */
export const leastText = 4;
/** Longer values are not remembered: they seldom repeat, and what they mean depends on more than their name. */
const longestValue = 15;

/** The key of all texts that are too short to hold anything. */
const tooShort = 0;
/** The key of a text that is not remembered. */
export const unremembered = -1;

/**
 * What was read so far with one set of known values: names by themselves, values together with their name. Each has a
 * key, and equal keys are of texts that are read in the same way.
 */
export class CleanTexts {
  private readonly values = new Interned();
  private readonly clean = new Set<number>([tooShort]);

  /** The key of a name or string of a JSON text whose names are numbered as these are. */
  keyOf(document: JsonDocument, node: JsonNode): number {
    const { kind, start, end, flags } = node;
    if (end - start < leastText) return tooShort;
    if (kind === 'number' || (flags & hasEscapes) !== 0) return unremembered;
    if (kind === 'name') return this.nameKey(document.nameNumber(node));
    return end - start > longestValue
      ? unremembered
      : this.valueKey(document.nameNumber(node), document.bytes, start, end);
  }

  /** The key of a member name. @param name its number */
  nameKey(name: number): number {
    return name === noNumber ? unremembered : name + 1;
  }

  /** The key of a string value without escapes. @param name the number of its name */
  valueKey(name: number, bytes: Uint8Array, start: number, end: number): number {
    if (end - start < leastText) return tooShort;
    if (name === noNumber || end - start > longestValue) return unremembered;
    const value = this.values.idOf(bytes, start, end);
    return value === -1 ? unremembered : (value + 1) * (mostInterned + 2) + name + 1;
  }

  /** Whether a text is known to hold nothing. */
  has(key: number): boolean {
    return key !== unremembered && this.clean.has(key);
  }

  /** Remembers that a text held nothing, and that nothing was decoded in it. */
  add(key: number): void {
    if (key !== unremembered) this.clean.add(key);
  }

  /** Forgets everything: what held nothing may hold a value that is known since. */
  forget(): void {
    this.clean.clear();
    this.clean.add(tooShort);
  }
}
