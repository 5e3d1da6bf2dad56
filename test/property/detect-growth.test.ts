/** Laws of the matcher: how a text grew does not matter, and its matches are those of an independent engine. */
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.ts';
import type { Match, Matcher } from '../../src/detect/match.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { loadRules } from '../../src/rules/load.ts';
import { validFor, randomFrom } from '../../src/rules/examples.ts';
import { plainRule } from '../helpers/rules.ts';

const rules = loadRules(['secrets', 'regulated/*']);
const matcher = createMatcher(rules);

function keysOf(matches: readonly Match[], shift = 0): readonly string[] {
  return matches.map((m) => `${m.rule.id} ${m.start + shift}-${m.end + shift} ${m.confidence}`).toSorted();
}

/** Scans a text that grows by the given steps, keeping only what the matcher asks to keep. */
function scanGrowing(matcher: Matcher, text: Uint8Array, cuts: readonly number[]): readonly string[] {
  const keys: string[] = [];
  let resume = 0;
  for (const end of [...cuts.filter((cut) => cut < text.length), text.length]) {
    const from = Math.max(0, resume - matcher.lookBehind);
    const result = matcher.scan(text.subarray(from, end), resume - from, end === text.length);
    keys.push(...keysOf(result.matches, from));
    resume = from + result.resume;
  }
  return keys.toSorted();
}

/** Pieces of which texts are made that come near to what rules look for. */
const fragment = fc.oneof(
  fc.constantFrom(
    'password',
    'secret',
    '_token',
    'api_key',
    ' = ',
    ': ',
    '"',
    "'",
    '\\"',
    '\\n',
    '\n',
    ' ',
    '://u:',
    '@h',
    '-',
  ),
  fc.constantFrom(
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----END RSA PRIVATE KEY-----',
    'eyJhbGciOi',
    '.eyJzdWIi',
    'card ',
    '4111 ',
  ),
  fc.nat().chain((seed) => fc.constantFrom(...rules).map((rule) => validFor(rule, randomFrom(seed)))),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.stringMatching(/^[A-Za-z0-9+/_-]{1,80}$/),
);
const texts = fc.array(fragment, { maxLength: 12 }).map((parts) => utf8(parts.join('')));
const cutsOf = (text: Uint8Array): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(Math.max(1, text.length)), { maxLength: 8 }).map((cuts) => cuts.toSorted((a, b) => a - b));

describe('matcher', () => {
  it('finds the same however a text grows', () => {
    fc.assert(
      fc.property(
        texts.chain((text) => fc.tuple(fc.constant(text), cutsOf(text))),
        ([text, cuts]) => {
          expect(scanGrowing(matcher, text, cuts)).toEqual(keysOf(matcher.scan(text, 0, true).matches));
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('finds the same one byte at a time', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const cuts = Array.from(text.keys());

        expect(scanGrowing(matcher, text, cuts)).toEqual(keysOf(matcher.scan(text, 0, true).matches));
      }),
      { numRuns: 60 },
    );
  });

  it('finds the same in a text that repeats itself, however it grows', () => {
    const unit = fc.array(fragment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    const flood = fc.tuple(unit, fc.integer({ min: 1, max: 400 })).map(([piece, count]) => piece.repeat(count));
    const floods = fc
      .tuple(flood, fragment, flood)
      .map(([before, between, after]) => utf8((before + between + after).slice(0, 6000)));
    fc.assert(
      fc.property(floods, fc.integer({ min: 40, max: 900 }), (text, step) => {
        const cuts = Array.from({ length: Math.floor(text.length / step) }, (_, index) => (index + 1) * step);

        expect(scanGrowing(matcher, text, cuts)).toEqual(keysOf(matcher.scan(text, 0, true).matches));
      }),
      { numRuns: 100 },
    );
  });

  const pieces = [
    '[a-c]{1,3}',
    'x',
    '(?:ab|a|b)',
    '[^x]',
    'a*',
    '(?:xy)?',
    '[xy]{0,4}?',
    String.raw`\d{2}`,
    String.raw`\b`,
  ];
  const patterns = fc
    .tuple(
      fc.array(fc.constantFrom(...pieces), { maxLength: 3 }),
      fc.array(fc.constantFrom(...pieces), { maxLength: 4 }),
    )
    .map(([lead, inner]) => `KEYS${lead.join('')}(?<value>q${inner.join('')})`);

  it('agrees with RE2 on where a match that begins at its anchor ends, and on its group', () => {
    fc.assert(
      fc.property(
        patterns,
        fc.array(fc.constantFrom('KEYS', 'q', 'a', 'b', 'c', 'x', 'y', '1', '22', ' ', 'KEYSq'), { maxLength: 30 }),
        (pattern, parts) => {
          const text = parts.join('');
          const found = createMatcher([plainRule('plain', pattern)])
            .scan(utf8(text), 0, true)
            .matches.map((match) => `${match.start}-${match.end}`);
          const expected = new Set<string>();
          for (let at = text.indexOf('KEYS'); at >= 0; at = text.indexOf('KEYS', at + 1)) {
            const oracle = RE2JS.compile(pattern).matcher(text);
            if (oracle.find(at) && oracle.start() === at)
              expected.add(`${oracle.start('value')}-${oracle.end('value')}`);
          }

          expect(new Set(found)).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
