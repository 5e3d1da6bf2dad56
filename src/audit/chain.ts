/** The hash chain: what is hashed, in which bytes, and how a stored chain is walked. Pure. */
import { hash } from 'node:crypto';

/** What stands in the chain. `gap` says that entries were lost, and how many. */
export type EntryKind = 'decision' | 'outcome' | 'gap';

/** An entry as it is stored: `body` is the very text that was hashed. */
export interface StoredEntry {
  /** 1 for the first entry of the record; no number is ever left out or used twice. */
  readonly seq: number;
  readonly kind: EntryKind;
  /** The exchange's id; empty for a gap. */
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** Canonical JSON of `{entry, kind, seq}`. */
  readonly body: string;
  /** Hex SHA-256 over the previous entry's hash (its 64 hex digits) and `body` as UTF-8. */
  readonly hash: string;
}

/** What the first entry stands on. The text names the format: another one would be another chain. */
export const genesisHash: string = hash('sha256', 'sluice record v1');

/** A member's key, and the text that stands before its value. */
type KeyOrder = readonly (readonly [key: string, prefix: string])[];

/** Orders sorted before: entries have few shapes, and sorting is most of the cost (20 → 8 µs an entry, measured). */
const knownOrders = new Map<string, KeyOrder>();
const ordersAtMost = 1_000;

/** Returns the keys in the order of their UTF-16 code units (RFC 8785 §3.2.3). */
function keyOrder(keys: readonly string[]): KeyOrder {
  // With the count in front, only keys without a line break can have this shape: no others are kept under one.
  const shape = `${keys.length}\n${keys.join('\n')}`;
  const known = knownOrders.get(shape);
  if (known !== undefined) return known;
  const order = keys.toSorted().map((key) => [key, `${JSON.stringify(key)}:`] as const);
  if (!keys.some((key) => key.includes('\n'))) {
    if (knownOrders.size >= ordersAtMost) knownOrders.clear();
    knownOrders.set(shape, order);
  }
  return order;
}

function isRecord(value: object): value is Readonly<Record<string, unknown>> {
  return !Array.isArray(value);
}

/**
 * Writes JSON with sorted keys and no white space (RFC 8785, whose number and string forms are JSON.stringify's), so
 * that one value has one text. Keys whose value is undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isRecord(value)) return '{}';
  let members = '';
  for (const [key, prefix] of keyOrder(Object.keys(value))) {
    const member = value[key];
    if (member !== undefined) members += (members === '' ? '' : ',') + prefix + canonicalJson(member);
  }
  return `{${members}}`;
}

/** Whether every object in a value, itself included, has its keys in canonical order already. */
function isOrdered(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  if (!isRecord(value)) return true;
  let previous: string | undefined;
  for (const key of Object.keys(value)) {
    if (previous !== undefined && key < previous) return false;
    if (!isOrdered(value[key])) return false;
    previous = key;
  }
  return true;
}

/**
 * Writes what {@link canonicalJson} writes, natively where the keys stand in order already: most entries are built so,
 * and then it costs a third.
 */
export function canonicalText(value: object): string {
  return isOrdered(value) ? JSON.stringify(value) : canonicalJson(value);
}

/** An entry on its way into the chain. */
export interface NewEntry {
  readonly kind: EntryKind;
  /** The exchange's id; empty for a gap. */
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** Its canonical JSON. */
  readonly text: string;
}

/** Prepares an entry for the chain: its text is made once, where it begins. */
export function newEntry(kind: EntryKind, entry: { readonly id?: string; readonly time: string }): NewEntry {
  return { kind, id: entry.id ?? '', time: entry.time, text: canonicalText(entry) };
}

/** Returns the hash of an entry that stands on `previous`. @param previous hex SHA-256 */
export function entryHash(previous: string, body: string): string {
  return hash('sha256', previous + body);
}

/** Makes the next entry of a chain. */
export function chainEntry(
  previous: { readonly seq: number; readonly hash: string },
  { kind, id, time, text }: NewEntry,
): StoredEntry {
  const seq = previous.seq + 1;
  // Canonical like the text within: `entry`, `kind`, `seq` are in order, and a kind needs no escape.
  const body = `{"entry":${text},"kind":"${kind}","seq":${seq}}`;
  return { seq, kind, id, time, body, hash: entryHash(previous.hash, body) };
}

/** Where a walk stands: the last entry seen. */
export interface ChainPlace {
  readonly seq: number;
  readonly hash: string;
}

/** Something that does not fit. `id` is the exchange's, or says which other row it is. */
export interface ChainProblem {
  readonly id: string;
  readonly problem: string;
}

/** Names an entry for people: by its exchange where it has one. */
export function entryName(entry: { readonly seq: number; readonly id: string }): string {
  return entry.id === '' ? `entry ${entry.seq}` : entry.id;
}

interface BodyFacts {
  readonly seq: unknown;
  readonly kind: unknown;
  readonly id: unknown;
  readonly time: unknown;
}

function factsOf(body: string): BodyFacts | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('entry' in parsed)) return undefined;
    const { entry } = parsed;
    if (typeof entry !== 'object' || entry === null) return undefined;
    return {
      seq: 'seq' in parsed ? parsed.seq : undefined,
      kind: 'kind' in parsed ? parsed.kind : undefined,
      id: 'id' in entry ? entry.id : '',
      time: 'time' in entry ? entry.time : undefined,
    };
  } catch {
    // Not JSON: the caller reports the entry as changed.
    return undefined;
  }
}

/** Says what is wrong with an entry on its place, or undefined when it fits. */
export function checkEntry(previous: ChainPlace, entry: StoredEntry): string | undefined {
  if (entry.seq !== previous.seq + 1) {
    const last = entry.seq - 1;
    const missing = previous.seq + 1 === last ? `entry ${last} is` : `entries ${previous.seq + 1} to ${last} are`;
    return `${missing} missing before it`;
  }
  if (entryHash(previous.hash, entry.body) !== entry.hash) {
    return `entry ${entry.seq} was changed, or does not follow the one before it`;
  }
  const facts = factsOf(entry.body);
  const fits =
    facts !== undefined &&
    facts.seq === entry.seq &&
    facts.kind === entry.kind &&
    facts.id === entry.id &&
    facts.time === entry.time;
  return fits ? undefined : `the columns of entry ${entry.seq} do not say what its hashed text says`;
}
