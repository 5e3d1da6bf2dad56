/** Laws of regulated data: a mistyped number is none, and without its context a number of digits is nobody's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { randomFrom, validFor } from '../../src/rules/examples.ts';
import { loadRules } from '../../src/rules/load.ts';
import { checkNamed } from '../../src/detect/checks/registry.ts';

const rules = loadRules(['regulated/*']);

/** Checks whose algorithm finds every single digit that is wrong. */
const exact = new Set([
  'luhn',
  'iban-mod97',
  'in-aadhaar',
  'ng-nin',
  'de-ust-id',
  'hr-oib',
  'nl-bsn',
  'ch-ahv',
  'no-fodselsnummer',
  'es-dni',
  'es-nie',
  'za-id',
  'il-id',
  'au-abn',
  'au-tfn',
  'us-aba',
  'ca-sin',
  'us-npi',
  'pl-pesel',
  'fi-ytunnus',
  'dk-cvr',
  'no-orgnr',
  'se-orgnr',
  'it-partita-iva',
  'cn-resident-id',
  'imei',
]);

const checked = rules.flatMap((rule) => {
  const name = rule.require.find((check) => exact.has(check));
  return name === undefined ? [] : [{ rule, check: checkNamed(name, rule.id) }];
});

describe('check digits', () => {
  it('find any one digit that is wrong', () => {
    expect(checked.length).toBeGreaterThan(25);
    fc.assert(
      fc.property(
        fc.constantFrom(...checked),
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        ({ rule, check }, seed, place, step) => {
          const value = validFor(rule, randomFrom(seed));
          const places = Array.from(value.matchAll(/\d/g), (match) => match.index);
          const at = places[place % places.length] ?? 0;
          const wrong = value.slice(0, at) + String((Number(value[at]) + step) % 10) + value.slice(at + 1);
          const holds = (text: string): boolean =>
            check.test({ text: utf8(text), start: 0, end: text.length, value: text });

          expect(holds(value)).toBe(true);
          expect(holds(wrong)).toBe(false);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('numbers of digits only', () => {
  const words = rules.filter((rule) => rule.context.words.length > 0 && rule.context.alone !== true);
  const matchers = new Map(words.map((rule) => [rule, createMatcher([rule])]));

  it('are nobody without a word that says whose', () => {
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.integer({ min: 1, max: 2 ** 31 }), (rule, seed) => {
        const text = utf8(`xx ${validFor(rule, randomFrom(seed))} yy`);

        expect(matchers.get(rule)?.scan(text, 0, true).matches ?? []).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
