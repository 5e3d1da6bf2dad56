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
    if (areParts(values)) {
      const places = values.map((part) => this.keep(part));
      return { $parts: [this.keepNumbers(places), values.length, values[0]?.length ?? 0] };
    }
    if (values.length < leastLength) return values.map((value) => this.pack(value));
    if (values.every(isInt32)) return { $numbers: [this.keepNumbers(values), values.length] };
    const keys = rowKeys(values);
    if (keys === undefined) return values.map((value) => this.pack(value));
    const cells = values.flatMap((row) => Object.values(row ?? {}).map(Number));
    return { $rows: [this.keepNumbers(cells), values.length, keys] };
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
 * Makes a value of what {@link Packer.pack} returned; byte arrays are views of `bytes`, equal ones of lists the same one;
 * `bytes` begin at a multiple of four. To be called only with what is known to be whole: that the value is a `T` is believed.
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
  if ('$parts' in packed && Array.isArray(packed.$parts)) {
    const [at, count, length] = packed.$parts.map(Number);
    const known = partsOf(bytes);
    return Array.from(numbersAt(bytes, at ?? 0, count ?? 0), (place) => {
      const part = known.get(place);
      if (part?.length === length) return part;
      const made = bytes.subarray(place, place + (length ?? 0));
      known.set(place, made);
      return made;
    });
  }
  if ('$rows' in packed && Array.isArray(packed.$rows)) return rowsOf(packed.$rows, bytes);
  return Object.fromEntries(Object.entries(packed).map(([key, part]) => [key, unpack(part, bytes)]));
}

/**
 * As {@link unpack} for an object, each part when it is first asked for: who needs one does not pay for the others.
 */
export function unpackLazily<T extends object>(packed: Packed<T>, bytes: Uint8Array): T;
export function unpackLazily(packed: object, bytes: Uint8Array): object {
  const made = {};
  for (const [key, part] of Object.entries(packed)) {
    Object.defineProperty(made, key, {
      enumerable: true,
      configurable: true,
      get() {
        const value = unpack(part, bytes);
        Object.defineProperty(made, key, { enumerable: true, value });
        return value;
      },
    });
  }
  return made;
}

/** Byte arrays of lists by their places: the same few stand in many lists, and are one object each. */
const partsByBytes = new WeakMap<Uint8Array, Map<number, Uint8Array>>();

function partsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const known = partsByBytes.get(bytes) ?? new Map<number, Uint8Array>();
  partsByBytes.set(bytes, known);
  return known;
}

function rowsOf([at, length, names]: readonly unknown[], bytes: Uint8Array): readonly unknown[] {
  const keys: readonly string[] = Array.isArray(names) ? names.map(String) : [];
  const cells = numbersAt(bytes, Number(at), Number(length) * keys.length);
  const rows: unknown[] = [];
  // Plain loops: there are tens of thousands of cells, and they are read before anything is compiled.
  for (let cell = 0; cell < cells.length;) {
    const row: Record<string, number> = {};
    for (let column = 0; column < keys.length; column++) row[keys[column] ?? ''] = cells[cell++] ?? 0;
    rows.push(row);
  }
  return rows;
}

function numbersAt(bytes: Uint8Array, at: number, length: number): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset + at, length);
}

function pairOf(value: unknown): readonly [number, number] {
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [0, 0];
}

/** Whether all are byte arrays of one length. */
function areParts(values: readonly unknown[]): values is readonly Uint8Array[] {
  const [first] = values;
  return (
    first instanceof Uint8Array && values.every((part) => part instanceof Uint8Array && part.length === first.length)
  );
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

function isInt32(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value && !Object.is(value, -0);
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}
