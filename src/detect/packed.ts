/** Plain data whose arrays of numbers stand as bytes beside it: what is worked out once and read at every start. */
import { Buffer } from 'node:buffer';

/** What {@link Packer.pack} makes of a value: JSON can hold it, nothing else is to be known of it. */
export interface Packed<T> {
  /** Never there: it says what {@link unpack} returns. */
  readonly $of?: T;
}

/** Shorter arrays stay in the text. */
const leastLength = 8;

/** Packs values one after the other. What is long and even goes into bytes that they share, equal runs only once. */
export class Packer {
  private readonly parts: Uint8Array[] = [];
  private readonly known = new Map<string, number>();
  private size = 0;

  /**
   * Packs a value of booleans, finite numbers, strings, byte arrays, arrays and plain objects whose keys do not begin
   * with `$`; keys without a value are left out.
   *
   * @returns what JSON can hold: where bytes belong stands an object with one key that begins with `$`.
   * @throws TypeError for anything else
   */
  pack<T>(value: T): Packed<T>;
  pack(value: unknown): unknown {
    if (value instanceof Uint8Array) return { $bytes: [this.keep(value), value.length] };
    if (Array.isArray(value)) return this.packArray(value);
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).filter(([, part]) => part !== undefined);
      if (entries.some(([key]) => key.startsWith('$'))) throw new TypeError('cannot pack a key that begins with $');
      return Object.fromEntries(entries.map(([key, part]) => [key, this.pack(part)]));
    }
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value;
    throw new TypeError(`cannot pack ${value === null ? 'null' : typeof value}`);
  }

  /** The bytes of all that was packed. */
  bytes(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += aligned(part.length);
    }
    return all;
  }

  private packArray(values: readonly unknown[]): unknown {
    if (values.length < leastLength) return values.map((value) => this.pack(value));
    if (values.every(isInt32)) return { $numbers: [this.keepNumbers(values), values.length] };
    const keys = rowKeys(values);
    if (keys === undefined) return values.map((value) => this.pack(value));
    const columns = keys.map((key) => [key, this.keepNumbers(values.map((row) => numberAt(row, key)))]);
    return { $rows: [values.length, Object.fromEntries(columns)] };
  }

  private keepNumbers(values: readonly number[]): number {
    return this.keep(new Uint8Array(Int32Array.from(values).buffer));
  }

  private keep(part: Uint8Array): number {
    const key = Buffer.from(part.buffer, part.byteOffset, part.length).toString('latin1');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const at = this.size;
    this.parts.push(part);
    this.size += aligned(part.length);
    this.known.set(key, at);
    return at;
  }
}

/**
 * Makes a value of what {@link Packer.pack} returned; byte arrays are views of `bytes`, which begin at a multiple of
 * four. To be called only with what is known to be whole: that the value is a `T` is believed.
 */
export function unpack<T>(packed: Packed<T>, bytes: Uint8Array): T;
export function unpack(packed: unknown, bytes: Uint8Array): unknown {
  if (Array.isArray(packed)) return packed.map((part) => unpack(part, bytes));
  if (typeof packed !== 'object' || packed === null) return packed;
  if ('$bytes' in packed) {
    const [at, length] = pairOf(packed.$bytes);
    return bytes.subarray(at, at + length);
  }
  if ('$numbers' in packed) return [...numbersAt(bytes, ...pairOf(packed.$numbers))];
  if ('$rows' in packed && Array.isArray(packed.$rows)) return rowsOf(packed.$rows, bytes);
  return Object.fromEntries(Object.entries(packed).map(([key, part]) => [key, unpack(part, bytes)]));
}

function rowsOf([length, columns]: readonly unknown[], bytes: Uint8Array): readonly unknown[] {
  const count = Number(length);
  const all = Object.entries(columns ?? {}).map(([key, at]) => [key, numbersAt(bytes, Number(at), count)] as const);
  return Array.from({ length: count }, (_, row) => {
    const made: Record<string, number> = {};
    for (const [key, column] of all) made[key] = column[row] ?? 0;
    return made;
  });
}

function numbersAt(bytes: Uint8Array, at: number, length: number): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset + at, length);
}

function pairOf(value: unknown): readonly [number, number] {
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [0, 0];
}

/** The keys of rows that all have the same ones and hold nothing but whole numbers. */
function rowKeys(values: readonly unknown[]): readonly string[] | undefined {
  const [first] = values;
  if (typeof first !== 'object' || first === null || ArrayBuffer.isView(first)) return undefined;
  const keys = Object.keys(first);
  const isRow = (row: unknown): boolean =>
    typeof row === 'object' &&
    row !== null &&
    !Array.isArray(row) &&
    Object.keys(row).join('\0') === keys.join('\0') &&
    Object.values(row).every(isInt32);
  return keys.length > 0 && values.every(isRow) ? keys : undefined;
}

function numberAt(row: unknown, key: string): number {
  return Number(Object.entries(row ?? {}).find(([name]) => name === key)?.[1]);
}

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value && !Object.is(value, -0);
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}
