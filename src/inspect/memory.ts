/** What earlier requests of the same identity have shown to be secret: masked in later ones wherever it occurs. */
import type { KnownValue, KnownValues } from '../detect/match.ts';

/** How long a value is remembered after it was last seen. */
const rememberedMs = 24 * 60 * 60 * 1000;
/** How stale a set may become before it is built anew without what has expired. */
const tidyEveryMs = 60 * 60 * 1000;
const valuesAtMost = 10_000;
/** Kept when there are too many: building the set anew for each further value would take as long as reading them. */
const keptAtMost = 7_500;
const identitiesAtMost = 1_000;

interface Remembered {
  readonly value: KnownValue;
  seenMs: number;
}

/** The values of one identity. */
class IdentityMemory {
  private known: KnownValues;
  private readonly values = new Map<string, Remembered>();
  private readonly create: () => KnownValues;
  private tidiedMs: number;

  constructor(create: () => KnownValues, nowMs: number) {
    this.create = create;
    this.known = create();
    this.tidiedMs = nowMs;
  }

  /** The values that still count. */
  valuesAt(nowMs: number): KnownValues {
    if (nowMs - this.tidiedMs >= tidyEveryMs) this.tidy(nowMs);
    return this.known;
  }

  /** Returns whether it is new. */
  remember(value: KnownValue, nowMs: number): boolean {
    const key = Buffer.from(value.bytes).toString('latin1');
    const found = this.values.get(key);
    if (found !== undefined) {
      found.seenMs = nowMs;
      return false;
    }
    if (this.values.size >= valuesAtMost) this.tidy(nowMs);
    this.values.set(key, { value, seenMs: nowMs });
    this.known.add(value);
    return true;
  }

  /** Drops what has expired, and the oldest where there are too many. */
  private tidy(nowMs: number): void {
    const byAge = [...this.values].sort(([, a], [, b]) => b.seenMs - a.seenMs);
    const kept = byAge.filter(([, { seenMs }]) => nowMs - seenMs < rememberedMs).slice(0, keptAtMost);
    this.values.clear();
    this.known = this.create();
    for (const [key, remembered] of kept) {
      this.values.set(key, remembered);
      this.known.add(remembered.value);
    }
    this.tidiedMs = nowMs;
  }
}

/** The values of every identity, in memory only. */
export interface Memory {
  /** The set to scan with; it grows while requests of the identity are read. */
  of(identity: string, nowMs: number): KnownValues;
  /** Returns whether it is new. */
  remember(identity: string, value: KnownValue, nowMs: number): boolean;
}

/** Makes an empty memory. @param create makes an empty set of known values */
export function createMemory(create: () => KnownValues): Memory {
  const identities = new Map<string, IdentityMemory>();
  const memoryOf = (identity: string, nowMs: number): IdentityMemory => {
    const memory = identities.get(identity) ?? new IdentityMemory(create, nowMs);
    // Set anew so that the map's order is that of last use.
    identities.delete(identity);
    identities.set(identity, memory);
    if (identities.size > identitiesAtMost) {
      const [oldest] = identities.keys();
      if (oldest !== undefined) identities.delete(oldest);
    }
    return memory;
  };
  return {
    of: (identity, nowMs) => memoryOf(identity, nowMs).valuesAt(nowMs),
    remember: (identity, value, nowMs) => memoryOf(identity, nowMs).remember(value, nowMs),
  };
}
