import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import type { Around } from '../../../src/detect/anchors.ts';
import { createHits, createPrefilter } from '../../../src/detect/prefilter.ts';
import { foldByte } from '../../../src/detect/window-fold.ts';

function keyOf(word: string): number {
  return utf8(word).reduce((key, byte) => (key << 8) | foldByte(byte), 0);
}

const words = ['ghp_', 'toke', '4111', 'aaaa'];
const prefilter = createPrefilter(words.map((word, rule) => ({ key: keyOf(word), entry: { rule, offset: 0 } })));

/** What is collected from a text, as `place:word`. */
function collected(text: Uint8Array, from: number, to: number): readonly string[] {
  const hits = createHits(0);
  const count = prefilter.collect(text, from, to, hits);
  return Array.from({ length: count }, (_, index) => {
    const [entry] = prefilter.lists[hits.lists[index] ?? -1] ?? [];
    return `${String(hits.positions[index])}:${words[entry?.rule ?? -1] ?? ''}`;
  });
}

describe('prefilter', () => {
  const text = `xghp_ToKeN ${'.'.repeat(90)}4111aaaaa${'-'.repeat(70)}GHP_`;
  const expected = [
    '1:ghp_',
    '5:toke',
    `${String(101)}:4111`,
    '105:aaaa',
    '106:aaaa',
    `${String(text.length - 4)}:ghp_`,
  ];

  it.each([0, 1, 2, 3])(
    'collects every window, whatever its case, in a text that begins %i bytes into a word',
    (skew) => {
      const memory = new Uint8Array(text.length + skew);
      memory.set(utf8(text), skew);

      expect(collected(memory.subarray(skew), 0, text.length - 3)).toEqual(expected);
    },
  );

  it('collects the same from two halves, wherever they meet', () => {
    const bytes = utf8(text);
    for (let cut = 0; cut <= bytes.length - 3; cut += 1) {
      expect([...collected(bytes, 0, cut), ...collected(bytes, cut, bytes.length - 3)]).toEqual(expected);
    }
  });

  it('goes on where there was no more room', () => {
    const bytes = utf8('a'.repeat(40_003));
    const hits = createHits(0);
    let found = 0;
    for (hits.next = 0; hits.next < 40_000;) found += prefilter.collect(bytes, hits.next, 40_000, hits);

    expect(found).toBe(40_000);
  });

  it('finds the next window, and none where there is none', () => {
    const bytes = utf8(text);

    expect(prefilter.next(bytes, 2, bytes.length - 3)).toBe(5);
    expect(prefilter.next(bytes, 6, 100)).toBe(-1);
    expect(prefilter.entries(bytes, 101)).toEqual([{ rule: 2, offset: 0 }]);
    expect(prefilter.entries(bytes, 6)).toEqual([]);
  });

  it('keeps of what stands around a window what all who wait for it have in common', () => {
    const key = keyOf('toke');
    const around = (before: number, after: number): Around => ({ beforeMask: 0xff, before, afterMask: 0xff, after });
    const { arounds } = createPrefilter([
      { key, entry: { rule: 0, offset: 0 }, around: around(0x61, 0x6e) },
      { key, entry: { rule: 1, offset: 0 }, around: around(0x61, 0x6f) },
      { key: keyOf('pass'), entry: { rule: 2, offset: 0 } },
    ]);

    expect([...arounds]).toEqual([0xff, 0x61, 0xfe, 0x6e, 0, 0, 0, 0]);
  });

  it('has one list for all windows that the same rules wait for, however many they are', () => {
    const many = Array.from({ length: 300 }, (_, key) => key);
    const windows = Array.from({ length: 40 }, (_, rule) => ({ rule, offset: 0 })).flatMap((entry) =>
      many.map((key) => ({ key, entry })),
    );
    const { lists } = createPrefilter(windows);

    expect(lists).toHaveLength(1);
    expect(lists[0]?.map(({ rule }) => rule)).toEqual(Array.from({ length: 40 }, (_, rule) => rule));
  });
});
