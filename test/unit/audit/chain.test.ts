import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  chainEntry,
  checkEntry,
  entryHash,
  entryName,
  genesisHash,
  newEntry,
  type StoredEntry,
} from '../../../src/audit/chain.ts';
import { sampleDecision } from '../../helpers/record-entries.ts';

describe('canonical JSON', () => {
  it.each([
    [
      'sorted keys at every depth',
      { b: 1, a: { d: [{ z: 0, y: 1 }], c: null } },
      '{"a":{"c":null,"d":[{"y":1,"z":0}]},"b":1}',
    ],
    ['keys by UTF-16 code unit', { '\u{e000}': 1, '\u{1f600}': 2 }, '{"\u{1f600}":2,"\u{e000}":1}'],
    ['no members that are undefined', { a: undefined, b: [undefined] }, '{"b":[null]}'],
    ['numbers as JSON writes them', { a: 1e21, b: -0, c: 0.1 }, '{"a":1e+21,"b":0,"c":0.1}'],
    ['strings escaped as JSON does', { a: '"\n\u{2028}' }, '{"a":"\\"\\n\u{2028}"}'],
    ['a bare value', null, 'null'],
    [
      'keys with line breaks for what they are',
      [{ a: 1, b: 2 }, { 'a\nb': 3 }, { b: 4, a: 5 }],
      '[{"a":1,"b":2},{"a\\nb":3},{"a":5,"b":4}]',
    ],
  ])('has %s', (_name, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('is the same text whatever the order of the keys', () => {
    const decision = sampleDecision('x');
    const reversed = Object.fromEntries(Object.entries(decision).toReversed());

    expect(canonicalJson(reversed)).toBe(canonicalJson(decision));
  });
});

describe('the chain', () => {
  const origin = { seq: 0, hash: genesisHash };
  const first = chainEntry(origin, newEntry('decision', { id: 'a', time: '2026-11-20T09:00:00.000Z' }));
  const second = chainEntry(first, newEntry('outcome', { id: 'a', time: '2026-11-20T09:00:01.000Z' }));

  it('numbers entries from one and hashes each over the one before', () => {
    expect([first.seq, second.seq]).toEqual([1, 2]);
    expect(second.hash).toBe(entryHash(first.hash, second.body));
    expect(second.hash).not.toBe(entryHash(origin.hash, second.body));
  });

  it('stays what it is: the hash of a known entry', () => {
    expect(first.body).toBe('{"entry":{"id":"a","time":"2026-11-20T09:00:00.000Z"},"kind":"decision","seq":1}');
    expect(first.hash).toBe('a10e6abd6642ac74da8c273e1d43dbc6fd87dddd9737a02de0f99a36c5169ae9');
  });

  it('fits when nothing was touched', () => {
    expect(checkEntry(origin, first)).toBeUndefined();
    expect(checkEntry(first, second)).toBeUndefined();
  });

  it.each<[string, Partial<StoredEntry>]>([
    ['the text', { body: second.body.replace('"a"', '"b"') }],
    ['the hash', { hash: first.hash }],
    ['the exchange', { id: 'b' }],
    ['the time', { time: '2026-11-20T09:00:02.000Z' }],
    ['the kind', { kind: 'decision' }],
    ['the number', { seq: 3 }],
  ])('does not fit when %s was changed', (_name, change) => {
    expect(checkEntry(first, { ...second, ...change })).toBeTypeOf('string');
  });

  it('names what is missing before an entry', () => {
    expect(checkEntry(origin, second)).toBe('entry 1 is missing before it');
    expect(checkEntry(origin, { ...second, seq: 5 })).toBe('entries 1 to 4 are missing before it');
  });

  it('does not take text that is no entry for one, even with the right hash', () => {
    for (const body of ['null', '[]', '{"seq":1}', 'not json']) {
      expect(checkEntry(origin, { ...first, body, hash: entryHash(origin.hash, body) })).toContain('columns');
    }
  });

  it('names an entry by its exchange, a gap by its number', () => {
    expect(entryName(first)).toBe('a');
    expect(entryName(chainEntry(origin, newEntry('gap', { time: '' })))).toBe('entry 1');
  });
});
