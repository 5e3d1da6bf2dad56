/** The hash chain: what is hashed, in which bytes, and how a stored chain is walked. Pure. */
import { createHash } from 'node:crypto';

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
  /** Hex SHA-256 over the previous entry's hash (32 bytes) and `body` as UTF-8. */
  readonly hash: string;
}

/** What the first entry stands on. The text names the format: another one would be another chain. */
export const genesisHash: string = createHash('sha256').update('sluice record v1').digest('hex');

/**
 * Writes JSON with sorted keys and no white space (RFC 8785, whose number and string forms are JSON.stringify's), so
 * that one value has one text. Keys whose value is undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members: string[] = [];
  const entries: [string, unknown][] = Object.entries(value);
  // The default order compares UTF-16 code units, as RFC 8785 §3.2.3 asks.
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, member] of entries) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** Returns the hash of an entry that stands on `previous`. @param previous hex SHA-256 */
export function entryHash(previous: string, body: string): string {
  return createHash('sha256').update(previous, 'hex').update(body, 'utf8').digest('hex');
}

/** Makes the next entry of a chain. */
export function chainEntry(
  previous: { readonly seq: number; readonly hash: string },
  kind: EntryKind,
  entry: { readonly id?: string; readonly time: string },
): StoredEntry {
  const seq = previous.seq + 1;
  const body = canonicalJson({ entry, kind, seq });
  return { seq, kind, id: entry.id ?? '', time: entry.time, body, hash: entryHash(previous.hash, body) };
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
