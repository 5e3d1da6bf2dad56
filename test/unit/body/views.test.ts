import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJsonString } from '../../../src/body/json-string.ts';
import { applySplices, type Splice } from '../../../src/body/splice.ts';
import { base64View, hexView, jsonNumberView, jsonStringView, type View } from '../../../src/body/views.ts';

/** Replaces a range of a view's text in the outer text. */
function replace(outer: Uint8Array, view: View, splices: readonly Splice[]): string {
  return Buffer.concat([...applySplices([outer], view.toSplices(splices))]).toString();
}

const splice = (start: number, end: number, text: string): Splice => ({ start, end, replacement: Buffer.from(text) });

describe('views', () => {
  it.each([
    ['std padded', 'secret value here!!', 'base64'],
    ['url-safe', 'secret value here??>>>', 'base64url'],
  ] as const)('re-encodes base64 (%s) to the end of the run', (_what, text, form) => {
    const run = Buffer.from(text).toString(form);
    const outer = Buffer.from(`"${run}" after`);
    const view = base64View(outer, { start: 1, end: 1 + run.length });

    const changed = replace(outer, view, [splice(7, 12, 'X'), splice(13, 17, 'long word')]);

    expect(Buffer.from(view.text).toString()).toBe(text);
    const expected = `${text.slice(0, 7)}X${text.slice(12, 13)}long word${text.slice(17)}`;
    expect(changed).toBe(`"${Buffer.from(expected).toString(form)}" after`);
  });

  it('gives base64 the outer range of whole quanta', () => {
    const run = Buffer.from('abcdefghi').toString('base64');
    const view = base64View(Buffer.from(run), { start: 0, end: run.length });

    expect(view.toOuter(4, 5)).toEqual({ start: 4, end: 8 });
    expect(view.toOuter(0, 9)).toEqual({ start: 0, end: 12 });
  });

  it('keeps base64 valid whatever is replaced', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 15 }), fc.nat(), fc.nat(), fc.boolean(), (text, a, b, isUrl) => {
        const bytes = Buffer.from(text);
        const run = bytes.toString(isUrl ? 'base64url' : 'base64');
        const view = base64View(Buffer.from(run), { start: 0, end: run.length });
        const start = a % bytes.length;
        const end = start + 1 + (b % (bytes.length - start));
        const changed = replace(Buffer.from(run), view, [splice(start, end, 'SLUICE_X')]);
        const expected = Buffer.concat([bytes.subarray(0, start), Buffer.from('SLUICE_X'), bytes.subarray(end)]);

        expect(Buffer.from(changed, 'base64').equals(expected)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['lower', '0a61626364', '0a5864'],
    ['upper', '4A61626364', '4A5864'],
  ])('encodes hex in %s case', (_case, run, expected) => {
    const view = hexView(Buffer.from(run), { start: 0, end: run.length });

    expect(replace(Buffer.from(run), view, [splice(1, 4, 'X')])).toBe(expected);
    expect(view.toOuter(1, 4)).toEqual({ start: 2, end: 8 });
  });

  it('escapes what is put into a JSON string', () => {
    const raw = Buffer.from('say \\"hi\\" \\u00e9nd');
    const view = jsonStringView(raw, 0, decodeJsonString(raw));

    expect(replace(raw, view, [splice(5, 7, 'a"b\n')])).toBe('say \\"a\\"b\\n\\" \\u00e9nd');
    expect(view.toOuter(9, 11)).toEqual({ start: 11, end: 17 });
  });

  it('turns a number that is replaced into a string', () => {
    const outer = Buffer.from('{"n":4929123412341234}');
    const view = jsonNumberView(outer.subarray(5, 21), 5);

    expect(replace(outer, view, [splice(0, 16, 'SLUICE_N')])).toBe('{"n":"SLUICE_N"}');
    expect(replace(outer, view, [])).toBe('{"n":4929123412341234}');
  });
});
