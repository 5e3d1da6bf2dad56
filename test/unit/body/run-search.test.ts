/** The search for texts in base64 that is mostly none: it skips, and misses nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastRun } from '../../../src/body/base64-runs.ts';
import { beginsText, createBeginnings } from '../../../src/body/run-search.ts';

/** Where the search stops between two ends, of all places at which a text begins: those only, one by one. */
function beginnings(run: Buffer, from: number, end: number): readonly number[] {
  const next = createBeginnings(run, end);
  const found: number[] = [];
  for (let at = next(from); at < end; at = next(at + 1)) if (beginsText(run, at, end)) found.push(at);
  return found;
}

const text = fc.constantFrom('some hidden text here', 'Grüße aus dem Büro, 漢字', '😀😀😀😀😀😀', 'x');
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  text.map((value) => Buffer.from(value).toString('base64')),
  fc.constantFrom('some/path/of-it/', 'AAAA', 'abc', 'A'),
);
const runs = fc.array(piece, { maxLength: 8 }).map((parts) => Buffer.from(parts.join('').replaceAll('=', '')));

describe('the search for texts in a run', () => {
  it('stops at every place where one begins', () => {
    fc.assert(
      fc.property(runs, fc.nat(8), (run, from) => {
        const places = Array.from({ length: Math.max(0, run.length - from) }, (_, index) => from + index);

        expect(beginnings(run, from, run.length)).toEqual(places.filter((at) => beginsText(run, at, run.length)));
      }),
      { numRuns: 2000 },
    );
  });

  it('stops where UTF-16 begins', () => {
    const run = Buffer.from(`path/${Buffer.from('some hidden text', 'utf16le').toString('base64')}`);

    expect(createBeginnings(run, run.length)(0)).toBe('path/'.length);
  });

  it('looks at no more than the run', () => {
    const run = Buffer.from(`${'/'.repeat(8)}${Buffer.from('some hidden text here').toString('base64')}`);

    expect(createBeginnings(run, 8 + leastRun - 4)(0)).toBe(8 + leastRun - 4);
  });

  it('stops hardly ever in noise', () => {
    let state = 1;
    const noise = Buffer.from(
      Uint8Array.from({ length: 30_000 }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24),
    );
    const run = Buffer.from(noise.toString('base64'));
    const next = createBeginnings(run, run.length);
    let stops = 0;
    for (let at = next(0); at < run.length; at = next(at + 1)) stops++;

    expect(stops).toBeLessThan(run.length / 400);
  });
});
