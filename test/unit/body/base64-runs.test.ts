import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachLikelyRun, eachRun, isHexDigit, runAround } from '../../../src/body/base64-runs.ts';

const runsOf = (text: string, each = eachRun): readonly string[] => {
  const runs: string[] = [];
  each(Buffer.from(text), (start, end) => runs.push(text.slice(start, end)));
  return runs;
};

describe('base64 runs', () => {
  it('gives every maximal run of twenty characters or more', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'B', '9', '-', '_', '/', '+', ' ', '.', '=') });
    const runs = fc.array(
      fc.oneof(
        letters,
        fc.integer({ min: 15, max: 45 }).map((size) => 'a'.repeat(size)),
      ),
    );
    fc.assert(
      fc.property(runs, (parts) => {
        const text = parts.join('');

        expect(runsOf(text)).toEqual(text.match(/[A-Za-z0-9+/_-]{20,}/g) ?? []);
      }),
      { numRuns: 2000 },
    );
  });

  const names = 'const aVeryLongIdentifierOfManyWords = src/inspect/request/somewhere; '.repeat(2000);
  const hidden = Buffer.from('some text that nobody should miss').toString('base64');

  it('passes over names in a long text, and gives what may be an encoded text', () => {
    const few = names.slice(0, 700);
    expect(runsOf(`. ${few}. ${hidden} . ${few}.`, eachLikelyRun)).toEqual([hidden]);
  });

  it.each([65_536 - 20, 65_536 - 1, 65_536, 2 * 65_536 - 3])(
    'gives a run whole that stands where the text is cut into blocks (%i)',
    (at) => {
      const text = `${names.slice(0, at - 3)} . ${hidden} ${names}`;

      expect(runsOf(text, eachLikelyRun)).toContain(hidden);
    },
  );

  it('gives a run longer than a block whole', () => {
    const long = Buffer.from('line of a long text\n'.repeat(20_000)).toString('base64url');

    const runs = runsOf(`${names}"${long}" ${hidden}`, eachLikelyRun);

    expect(runs.includes(long)).toBe(true);
    expect(runs.at(-1)).toBe(hidden);
  });

  it('says whether there may be a percent sign', () => {
    expect(eachLikelyRun(Buffer.from(names), () => undefined)).toBe(false);
    expect(eachLikelyRun(Buffer.from(`${names}%${names}`), () => undefined)).toBe(true);
  });

  it('finds the run around an offset, but nothing before its limit', () => {
    expect(runAround(Buffer.from('x = abcdef;'), 6, 0)).toEqual({ start: 4, end: 10 });
    expect(runAround(Buffer.from('x = abcdef;'), 6, 5)).toEqual({ start: 5, end: 10 });
    expect(
      '09afAFg/ '
        .split('')
        .filter((char) => isHexDigit(char.charCodeAt(0)))
        .join(''),
    ).toBe('09afAF');
  });
});
