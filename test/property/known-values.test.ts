/** Laws of known values: how a text grows does not matter, and a naive search finds nothing more. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKnownValues } from '../../src/detect/known-values.ts';
import { formsOf } from '../../src/detect/known-values-forms.ts';
import type { KnownMatch, KnownValues } from '../../src/detect/match.ts';
import { createWeakValues } from '../../src/detect/protected-weak.ts';

const small = fc.string({
  unit: fc.constantFrom('a', 'b', '1', '_', '/', '"', '\\', 'é', '\n', '-'),
  minLength: 1,
  maxLength: 24,
});
const values = fc.array(fc.oneof(small, fc.string({ minLength: 8, maxLength: 40 })), { minLength: 1, maxLength: 6 });

/** Text in which the values stand in many forms, touching and overlapping. */
function textOf(chosen: readonly string[]): fc.Arbitrary<Buffer> {
  const forms = chosen.flatMap((value) => formsOf(Buffer.from(value)).map(({ bytes }) => Buffer.from(bytes)));
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...forms) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...forms).chain((form) => fc.nat(form.length).map((n) => form.subarray(0, n))),
    },
    { weight: 2, arbitrary: small.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(300, ' x')) },
  );
  return fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.concat(pieces));
}

const cases = values.chain((chosen) =>
  fc.tuple(fc.constant(chosen), textOf(chosen), fc.array(fc.nat(400), { maxLength: 12 })),
);

function inPieces(known: KnownValues, text: Uint8Array, cuts: readonly number[]): readonly KnownMatch[] {
  const matches: KnownMatch[] = [];
  let from = 0;
  let length = 0;
  for (const cut of cuts) {
    length = Math.min(text.length, length + cut);
    const step = known.scan(text.subarray(0, length), from, false);
    expect(step.resume).toBeGreaterThanOrEqual(from);
    for (const match of step.matches) expect(match.end).toBeLessThanOrEqual(length);
    matches.push(...step.matches);
    from = step.resume;
  }
  const last = known.scan(text, from, true);
  expect(last.resume).toBe(text.length);
  return [...matches, ...last.matches];
}

const plain = (matches: readonly KnownMatch[]) =>
  matches.map(({ start, end, encoding }) => `${start}-${end} ${encoding.join('+')}`).sort();

function setOf(chosen: readonly string[]): KnownValues {
  const known = createKnownValues();
  for (const value of chosen) known.add({ bytes: Buffer.from(value), rule: 'r', isProtected: false });
  return known;
}

describe('known values', () => {
  it('report the same matches however the text grows', () => {
    fc.assert(
      fc.property(cases, ([chosen, text, cuts]) => {
        const known = setOf(chosen);

        expect(plain(inPieces(known, text, cuts))).toEqual(plain(known.scan(text, 0, true).matches));
      }),
      { numRuns: 1000 },
    );
  });

  it('cover every occurrence that a naive search finds', () => {
    fc.assert(
      fc.property(cases, ([chosen, text]) => {
        const { matches } = setOf(chosen).scan(text, 0, true);

        for (const value of chosen) {
          // Short words have boundaries of their own: those are unit-tested.
          if (/^\w{1,15}$/.test(value)) continue;
          for (const { bytes } of formsOf(Buffer.from(value))) {
            for (let at = text.indexOf(bytes); at !== -1; at = text.indexOf(bytes, at + 1)) {
              const isCovered = matches.some(({ start, end }) => start <= at && end >= at + bytes.length);
              expect(isCovered).toBe(true);
            }
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('weak protected values', () => {
  const name = fc.constantFrom('DB_PASSWORD', 'PIN', 'API_TOKEN');
  const value = fc.constantFrom('dev', 'letmein', '0000', 'a"b');
  const weak = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 3 });
  const piece = fc.oneof(
    fc
      .tuple(name, fc.constantFrom('=', ': ', '": "', " => '", '\\": \\"', ' = '), value)
      .map((parts) => parts.join('')),
    value.map((text) => `postgres://app:${text}@db/x`),
    fc.constantFrom(' ', '\n', 'dev', 'PIN', '"', 'word '),
  );

  it('report the same matches however the text grows', () => {
    fc.assert(
      fc.property(
        weak,
        fc.array(piece, { maxLength: 20 }),
        fc.array(fc.nat(300), { maxLength: 12 }),
        (list, parts, cuts) => {
          const known = createWeakValues(
            list.map(([of, text]) => ({
              bytes: Buffer.from(text),
              rule: 'r',
              name: of,
              isProtected: true,
              isNamed: true,
            })),
          );
          const text = Buffer.from(parts.join(' '));

          expect(plain(inPieces(known, text, cuts))).toEqual(plain(known.scan(text, 0, true).matches));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
