import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import type { ClusterWindow } from '../../../src/detect/anchors-clusters.ts';
import { createClusters } from '../../../src/detect/prefilter-clusters.ts';
import { createHits } from '../../../src/detect/prefilter.ts';
import { rangeSet, type ByteSet } from '../../../src/detect/regex/syntax.ts';

const digit = rangeSet(0x30, 0x39);
const capital = rangeSet(0x41, 0x5a);
const times = (count: number, set: ByteSet): readonly ByteSet[] => Array.from({ length: count }, () => set);

const windows: Readonly<Record<string, ClusterWindow>> = {
  nine: { kind: 'digit', offset: 0, sets: times(9, digit), isBounded: true },
  passport: { kind: 'digit', offset: 2, sets: [...times(2, capital), ...times(6, digit)], isBounded: true },
  code: { kind: 'upper', offset: 0, sets: times(8, capital), isBounded: true },
};
const names = Object.keys(windows);
const clusters = createClusters(
  Object.values(windows).map((window, rule) => ({ rule, window })),
  100,
);

/** Whom a text leaves to ask, as `place:name`. */
function asked(text: string): readonly string[] {
  const bytes = utf8(text);
  const hits = createHits(clusters.lists.length);
  const count = clusters.collect(bytes, 0, bytes.length, hits);
  return Array.from({ length: count }, (_, index) => {
    const [entry] = clusters.lists[(hits.lists[index] ?? 0) - 100] ?? [];
    return `${String(hits.positions[index])}:${names[entry?.rule ?? -1] ?? ''}`;
  });
}

describe('clusters', () => {
  it.each([
    ['a number as long as it must be', 'id 123456789', ['3:nine']],
    ['a year', 'in 2026, at 10', []],
    ['a longer number, since only the pattern knows its end', 'a 1234567890123', ['2:nine']],
    ['digits behind their letters', 'no AB123456', ['5:passport']],
    ['digits behind other letters', 'no Ab123456', []],
    ['capitals at the start of a word', 'x ABCDEFGH', ['2:code']],
    ['capitals inside a word', 'xABCDEFGH', []],
    ['a word that an escape ends before', String.raw`\nABCDEFGH`, ['2:code']],
    ['a number that a code escape ends before', String.raw`\u0020123456789`, ['6:nine']],
    ['a number that no code escape ends before', String.raw`\u002g123456789`, []],
    ['a longer number once', '- 5123456789', ['2:nine']],
  ])('ask for %s', (_, text, expected) => {
    // What lies before the start or behind the end of a text could be anything.
    expect(asked(text + '.'.repeat(16))).toEqual(expected);
  });

  it('tell of one rule at one place what they tell of all', () => {
    const bytes = utf8('x AB123456 ABCDEFGH 123456789 Ab123456 1234');
    const places = Array.from(bytes.keys());
    const waiting = places.flatMap((at) =>
      Object.values(windows).flatMap(({ offset }, rule) =>
        clusters.waits(bytes, at, rule, offset) ? [`${String(at)}:${names[rule] ?? ''}`] : [],
      ),
    );

    expect(waiting).toEqual(asked('x AB123456 ABCDEFGH 123456789 Ab123456 1234'));
    expect(places.some((at) => clusters.waits(bytes, at, 0, 1))).toBe(false);
  });

  it('name the same at one place as from one place to another', () => {
    const bytes = utf8('x ABCDEFGH AB123456 123456789');
    const places = Array.from(bytes.keys()).filter((at) => clusters.entries(bytes, at).length > 0);
    const next: number[] = [];
    for (let p = clusters.next(bytes, 0, bytes.length); p >= 0; p = clusters.next(bytes, p + 1, bytes.length)) {
      next.push(p);
    }

    expect(places).toEqual([2, 13, 20]);
    expect(next).toEqual(places);
  });

  it('go on where there was no more room', () => {
    const bytes = utf8(' 123456789'.repeat(40_000));
    const hits = createHits(clusters.lists.length);
    let found = 0;
    for (hits.next = 0; hits.next < bytes.length;) found += clusters.collect(bytes, hits.next, bytes.length, hits);

    expect(found).toBe(40_000);
  });
});
