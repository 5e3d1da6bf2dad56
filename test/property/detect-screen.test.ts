import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.ts';
import { createMatcher } from '../../src/detect/matcher.ts';
import { randomFrom, validFor } from '../../src/rules/examples.ts';
import { loadRules } from '../../src/rules/load.ts';

const rules = loadRules(['secrets', 'regulated/*']);
const matcher = createMatcher(rules);
const { screen } = matcher;

/** Rules whose values may be all that their text holds, or stand beside a word of theirs. */
const contextual = rules.filter(({ context }) => context.words.length > 0);

const valid = fc.nat().chain((seed) => fc.constantFrom(...rules).map((rule) => validFor(rule, randomFrom(seed))));
const beside = fc.nat().chain((seed) =>
  fc.constantFrom(...contextual).chain((rule) => {
    const value = validFor(rule, randomFrom(seed));
    const word = fc.constantFrom(...rule.context.words);
    return fc.oneof(
      word.map((own) => `${own} ${value}`),
      word.map((own) => `"${own}": "${value}"`),
      word.map((own) => `${value} (${own})`),
      word.map((own) => `a,${own}\nb,${value}`),
      fc.constantFrom('', ' ', '\n', '\t ').map((space) => `${space}${value}${space}`),
    );
  }),
);
const piece = fc.oneof(
  valid,
  beside,
  fc.constantFrom('password', 'token', ' = ', '"', '\\n', '\\u0020', '\n', ' ', 'é', '@', '-----BEGIN ', 'eyJ', '\0'),
  fc.stringMatching(/^[0-9][0-9 ./-]{1,30}$/),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const text = fc.oneof(
  valid,
  beside,
  fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')),
);

/** Which of the texts are not to be scanned. */
function leftOut(texts: readonly Uint8Array[]): readonly Uint8Array[] {
  screen?.begin(100_000);
  const taken = texts.filter((one) => screen?.add(one) === true);
  const suspects = screen?.run();
  return taken.filter((_, index) => suspects?.[index] === 0);
}

describe('the screen', () => {
  it('leaves out no text in which a scan of it alone finds something', () => {
    let count = 0;
    fc.assert(
      fc.property(fc.array(text.map(utf8), { minLength: 1, maxLength: 12 }), (texts) => {
        for (const clean of leftOut(texts)) {
          count++;
          expect({ text: Buffer.from(clean).toString(), found: matcher.scan(clean, 0, true).matches }).toMatchObject({
            found: [],
          });
        }
      }),
      { numRuns: 2000 },
    );
    expect(count).toBeGreaterThan(100);
  });

  it('leaves out most texts that hold nothing', () => {
    const texts = Array.from({ length: 500 }, (_, index) => utf8(`"description": "what step ${String(index)} does"`));

    expect(leftOut(texts).length).toBeGreaterThan(450);
  });
});
