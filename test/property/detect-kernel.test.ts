/** The kernel is a cache of certainty: with it or without it the matcher finds the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../src/core/bytes.ts';
import type { Match } from '../../src/detect/match.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { randomFrom, validFor } from '../../src/rules/examples.ts';
import { loadRules } from '../../src/rules/load.ts';
import { plainRule } from '../helpers/rules.ts';

const rules = loadRules(['secrets', 'regulated/*']);
const withKernel = createMatcher(rules);
const without = createMatcher(rules, false);

/** Rules that ask for a word beside a number. */
const numbered = rules.filter(({ context, pattern }) => context.words.length > 0 && pattern.includes(String.raw`\d`));

function keysOf(matches: readonly Match[]): readonly string[] {
  return matches.map((m) => `${m.rule.id} ${m.start}-${m.end} ${m.confidence}`);
}

const fragment = fc.oneof(
  fc.nat().chain((seed) => fc.constantFrom(...rules).map((rule) => validFor(rule, randomFrom(seed)))),
  fc.constantFrom(
    'password',
    'token',
    ' = ',
    '"',
    '\\n',
    '\\u0020',
    '\\u004',
    '\\x20',
    '\\040',
    '\\x4',
    '=3D',
    '%2f',
    'a',
    '_',
    '\u001b[31m',
    '\\u001b[1;38;2;255;255;255m',
    '\\x1B[0',
    '\\033[K',
    '\\e[',
    'm',
    '\n',
    ' ',
    'é',
    '@',
    '-----BEGIN ',
    'eyJ',
  ),
  fc.stringMatching(/^[0-9][0-9 ./-]{1,30}$/),
  fc.stringMatching(/^[A-Z0-9]{1,24}$/),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.tuple(fc.stringMatching(/^[A-Za-z0-9+/_ -]{1,12}$/), fc.nat(300)).map(([unit, count]) => unit.repeat(count)),
);
const texts = fc.array(fragment, { maxLength: 40 }).map((parts) => utf8(parts.join('')));
/** Text for which the kernel is made at once. */
const lead = utf8('.'.repeat(2000));

describe('the kernel', () => {
  withKernel.scan(lead, 0, true);

  it('finds what the plain matcher finds', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(keysOf(withKernel.scan(text, 0, true).matches)).toEqual(keysOf(without.scan(text, 0, true).matches));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same across the blocks in which it takes a long text', () => {
    const blocks = 65_536;
    fc.assert(
      fc.property(texts, fc.integer({ min: -400, max: 40 }), (text, shift) => {
        const long = concat([new Uint8Array(blocks + shift).fill(0x2e), text, new Uint8Array(20_000).fill(0x20)]);

        expect(keysOf(withKernel.scan(long, 0, true).matches)).toEqual(keysOf(without.scan(long, 0, true).matches));
      }),
      { numRuns: 60 },
    );
  });

  it('finds the same in tables of numbers, however far below their headings', () => {
    const filler = fc.constantFrom('x', '', '7', '"', '2024-05-01');
    const tables = fc
      .record({
        rule: fc.constantFrom(...numbered),
        seed: fc.nat(),
        word: fc.nat(),
        beside: filler,
        before: fc.constantFrom('', 'a line\n', 'x'.repeat(2100)),
        rows: fc.integer({ min: 1, max: 120 }),
        delimiter: fc.constantFrom(',', '\t', ';', '|', ', '),
        end: fc.constantFrom('\n', '\\n', '\r\n'),
      })
      .map(({ rule, seed, word, beside, before, rows, delimiter, end }) => {
        const random = randomFrom(seed);
        const own = rule.context.words[word % rule.context.words.length] ?? '';
        const values = Array.from({ length: rows }, () => `${beside}${delimiter}${validFor(rule, random)}`);
        return utf8(`${before}name${delimiter}${own}${end}${values.join(end)}${end}`);
      });
    fc.assert(
      fc.property(tables, (text) => {
        expect(keysOf(withKernel.scan(text, 0, true).matches)).toEqual(keysOf(without.scan(text, 0, true).matches));
      }),
      { numRuns: 200 },
    );
  });

  it('finds the same however a word begins and wherever it stands beside a number', () => {
    const glue = ['', ' ', '_', 'x', 'X', '1', '\\n', '\\\\', '\\t', '\\x', '-', '"', 'é', 'my', 'MY', '.'];
    const casings = [
      String,
      (word: string) => word.toUpperCase(),
      (word: string) => `${word[0]?.toUpperCase()}${word.slice(1)}`,
    ];
    const texts = fc
      .record({
        rule: fc.constantFrom(...numbered),
        seed: fc.nat(),
        word: fc.nat(),
        casing: fc.constantFrom(...casings),
        before: fc.constantFrom(...glue),
        after: fc.constantFrom(...glue, 'number', 'Number'),
        distance: fc.nat(130),
        isBehind: fc.boolean(),
        shift: fc.nat(64),
      })
      .map(({ rule, seed, word, casing, before, after, distance, isBehind, shift }) => {
        const own = rule.context.words[word % rule.context.words.length] ?? '';
        const named = `${before}${casing(own)}${after}`;
        const apart = '.'.repeat(distance);
        const value = validFor(rule, randomFrom(seed));
        const near = isBehind ? `${value} ${apart}${named}` : `${named}${apart} ${value}`;
        return utf8(`${'.'.repeat(2600 + shift)}${near}${'.'.repeat(300)}`);
      });
    fc.assert(
      fc.property(texts, (text) => {
        expect(keysOf(withKernel.scan(text, 0, true).matches)).toEqual(keysOf(without.scan(text, 0, true).matches));
      }),
      { numRuns: 1500 },
    );
  });

  it('sees a window in every spelling that leads past it, whatever stands around it there', () => {
    const plain = plainRule('plain', String.raw`\bxqze(?:\.xqz[bp])?-[0-9]-[0-9A-Za-z]{20,30}\b`);
    const matcher = createMatcher([plain]);
    for (let shift = 0; shift < 4; shift++) {
      const text = utf8(`${'.'.repeat(2000 + shift)}xqze.xqzb-7-${'A1'.repeat(12)} xqze-7-${'B2'.repeat(12)}.`);

      expect(matcher.scan(text, 0, true).matches).toHaveLength(2);
    }
  });

  it('resumes where the plain matcher resumes, from wherever it is asked', () => {
    fc.assert(
      fc.property(texts, fc.nat(300), (text, from) => {
        const start = Math.min(from, text.length);
        const found = withKernel.scan(text, start, false);
        const expected = without.scan(text, start, false);

        expect(found.resume).toBe(expected.resume);
        expect(keysOf(found.matches)).toEqual(keysOf(expected.matches));
      }),
      { numRuns: 1000 },
    );
  });
});
