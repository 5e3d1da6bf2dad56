/** Short values behind their names, as the assignments they are: `"name": "value"`. */
import { utf8 } from '../../core/bytes.ts';

/** Values up to this length are read as assignments, in bytes. */
export const longestAssigned = 512;
/** Member names up to this length are put before their value, in UTF-16 units. */
export const longestName = 128;
/** More different names are not remembered in one body. */
const mostNames = 1024;

const quote = 0x22;

interface Assignment {
  /** Valid until the next one is made. */
  readonly text: Uint8Array;
  /** Where the value begins in it. */
  readonly start: number;
}

/** Makes assignments in one place: a body has thousands of them. */
export class Assignments {
  /** A name takes at most three bytes for each unit. */
  private readonly scratch = new Uint8Array(3 * longestName + longestAssigned + 8);
  /** The beginnings of the scratch, by length. */
  private readonly texts: (Uint8Array | undefined)[] = [];
  private readonly prefixes = new Map<string, Uint8Array | undefined>();

  /** Puts a value behind its name; undefined where the name is too long, or would end the quotes that it stands in. */
  of(name: string, value: Uint8Array, isNumber: boolean): Assignment | undefined {
    const prefix = this.prefixOf(name);
    if (prefix === undefined) return undefined;
    const start = isNumber ? prefix.length - 1 : prefix.length;
    const end = start + value.length;
    const text = this.room(isNumber ? end : end + 1);
    text.set(isNumber ? prefix.subarray(0, start) : prefix);
    text.set(value, start);
    if (!isNumber) text[end] = quote;
    return { text, start };
  }

  private room(size: number): Uint8Array {
    // A value may have grown since: what was masked in it is longer by now.
    if (size > this.scratch.length) return new Uint8Array(size);
    const text = this.texts[size] ?? this.scratch.subarray(0, size);
    this.texts[size] = text;
    return text;
  }

  private prefixOf(name: string): Uint8Array | undefined {
    const known = this.prefixes.get(name);
    if (known !== undefined) return known;
    if (name.length > longestName || /["\\]/.test(name)) return undefined;
    const prefix = utf8(`"${name}": "`);
    if (this.prefixes.size < mostNames) this.prefixes.set(name, prefix);
    return prefix;
  }
}
