import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  canonicalText,
  chainEntry,
  checkEntry,
  genesisHash,
  newEntry,
  type StoredEntry,
} from '../../src/audit/chain.ts';
import { verifyRecord } from '../../src/audit/verify.ts';

const runs = { numRuns: 1000 };

const chains = fc
  .array(fc.record({ kind: fc.constantFrom('decision', 'outcome'), id: fc.string(), note: fc.jsonValue() } as const), {
    minLength: 1,
    maxLength: 12,
  })
  .map((contents) => {
    const entries: StoredEntry[] = [];
    let place = { seq: 0, hash: genesisHash };
    for (const { kind, ...content } of contents) {
      const entry = chainEntry(place, newEntry(kind, { ...content, time: '2026-11-20T09:00:00.000Z' }));
      entries.push(entry);
      place = entry;
    }
    return entries;
  });

const verdict = (entries: readonly StoredEntry[]) => verifyRecord({ entries, statements: [], logged: [] });

describe('canonical JSON', () => {
  it('says the same as the value, in one way only', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        const again: unknown = JSON.parse(text);

        expect(canonicalJson(again)).toBe(text);
        expect(again).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      runs,
    );
  });

  it('is the same when it is written natively', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value);

        expect(canonicalText(value)).toBe(text);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
      runs,
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());

        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
      runs,
    );
  });
});

describe('a chain', () => {
  it('verifies as it was written', () => {
    fc.assert(
      fc.property(chains, (entries) => {
        expect(verdict(entries)).toMatchObject({ ok: true, entries: entries.length, head: entries.at(-1)?.hash });
      }),
      runs,
    );
  });

  it('does not verify with one character changed anywhere', () => {
    fc.assert(
      fc.property(
        chains,
        fc.nat(),
        fc.constantFrom('body', 'hash', 'time', 'id', 'kind'),
        fc.nat(),
        (entries, which, column, at) => {
          const index = which % entries.length;
          const changed = entries.map((entry, n) =>
            n === index ? { ...entry, [column]: flip(entry[column], at) } : entry,
          );

          expect(verdict(changed).ok).toBe(false);
        },
      ),
      runs,
    );
  });

  it('does not verify with any entry left out but the last ones, moved or repeated', () => {
    fc.assert(
      fc.property(chains, fc.nat(), fc.nat(), (entries, from, to) => {
        const [a, b] = [from % entries.length, to % entries.length];
        const [moved] = entries.slice(a, a + 1);
        const without = entries.toSpliced(a, 1);
        fc.pre(moved !== undefined && a !== b);
        if (moved === undefined) return;

        expect(verdict(without.toSpliced(b, 0, moved)).ok).toBe(false);
        expect(verdict(entries.toSpliced(b, 0, moved)).ok).toBe(false);
        expect(verdict(without).ok).toBe(a === entries.length - 1);
      }),
      runs,
    );
  });

  it('never throws at what stands in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer(), (body, hash, seq) => {
        const entry: StoredEntry = { seq, kind: 'decision', id: '', time: '', body, hash };

        expect(checkEntry({ seq: 0, hash: genesisHash }, entry)).toBeTypeOf('string');
      }),
      runs,
    );
  });
});

/** Changes one character of a text; an empty one gets one. */
function flip(text: string, at: number): string {
  const index = text.length === 0 ? 0 : at % text.length;
  return text.slice(0, index) + (text[index] === 'x' ? 'y' : 'x') + text.slice(index + 1);
}
