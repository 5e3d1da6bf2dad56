import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runAround } from '../../../src/body/base64-runs.ts';
import { foldAt, foldedView } from '../../../src/body/folded-runs.ts';
import { applySplices } from '../../../src/body/splice.ts';
import type { View } from '../../../src/body/views.ts';

const sentence =
  'a text of some length, which takes more than one line of base64 and ends on the third of them, at last';
const characters = Buffer.from(sentence).toString('base64');

function lines(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`.{1,${String(width)}}`, 'g')) ?? [];
}

/** The view of the fold that a text begins with, behind what is no base64. */
function viewOf(text: string): View | undefined {
  const bytes = Buffer.from(text, 'latin1');
  const run = runAround(bytes, text.indexOf(characters.slice(0, 20)), 0);
  // What ends an escape is no part of the run.
  const start = bytes[run.start - 1] === 0x5c ? run.start + 1 : run.start;
  const { end } = run;
  const fold = foldAt(bytes, start, end);
  return fold === undefined ? undefined : foldedView(bytes, fold);
}

const shown = (view: View | undefined): string => Buffer.from(view?.text ?? []).toString();

describe('folded runs', () => {
  it.each<readonly [string, number, (line: string, index: number) => string, string]>([
    ['as base64 writes them', 76, (line) => line, '\n'],
    ['of 64 characters, as mail ends lines', 64, (line) => line, '\r\n'],
    ['as old Macs end lines', 64, (line) => line, '\r'],
    ['in YAML', 60, (line) => `      ${line}`, '\n'],
    ['with line numbers', 76, (line, index) => `${String(index + 8).padStart(6)}\t${line}`, '\n'],
    ['with line numbers and a bar', 76, (line, index) => `${String(index + 8)} | ${line}`, '\n'],
    ['with a file and a line number', 76, (line, index) => `keys/id.b64:${String(index + 98)}:${line}`, '\n'],
    ['with times', 76, (line, index) => `2024-05-01T10:00:0${String(index)}.123Z ${line}`, '\n'],
    ['in comments', 76, (line) => `// ${line}`, '\n'],
    ['with blank lines between', 64, (line) => line, '\n\n'],
    ['with line ends spelled out', 76, (line) => line, '\\n'],
    ['the same, quoted again', 76, (line) => line, '\\\\r\\\\n'],
    ['in strings put together', 76, (line) => `  "${line}\\n" +`, '\n'],
    ['in a list of strings', 64, (line) => `    '${line}',`, '\n'],
    ['added in a diff', 76, (line) => `+${line}`, '\n'],
    ['taken out in a diff', 64, (line) => `-${line}`, '\n'],
    ['in a diff with line numbers', 64, (line, index) => `${String(index + 8).padStart(6)}\t+${line}`, '\n'],
    ['in a diff with line numbers and bars', 76, (line, index) => `${String(index + 8)} | -${line}`, '\n'],
    ['in a diff, with line ends spelled out', 60, (line) => `+${line}`, '\\n'],
  ])('are put together %s', (_what, width, dress, between) => {
    const text = `x:\n${lines(characters, width).map(dress).join(between)}${between}and more`;

    expect(shown(viewOf(text))).toBe(characters);
  });

  it('begin with the first of their lines, whatever longer one stands before', () => {
    const digest = 'ab'.repeat(64);
    const text = `${digest}\n${lines(characters, 64).join('\n')}\nDone`;

    expect(shown(viewOf(text))).toBe(characters);
    expect(foldAt(Buffer.from(text), 0, digest.length)).toBeUndefined();
  });

  it('keep the padding, and end with the first line that is shorter', () => {
    const padded = Buffer.from(`${sentence}!!`).toString('base64');
    const text = `${lines(padded, 64).join('\n')}\n${lines(padded, 64).join('\n')}`;

    expect(padded.endsWith('=')).toBe(true);
    expect(shown(viewOf(text))).toBe(padded);
  });

  it.each([
    ['one line', characters.slice(0, 76)],
    ['a line and words', `${characters.slice(0, 76)}\nand some words`],
    ['a line and a longer one', `${characters.slice(0, 60)}\n${characters.slice(60, 130)}`],
    ['narrow lines', lines(characters, 32).join('\n')],
    ['lines of different widths', `${characters.slice(0, 76)}\n# ${characters.slice(76, 120)}`],
    ['runs of one line', `${characters.slice(0, 60)} ${characters.slice(60, 120)}`],
  ])('are none for %s', (_what, text) => {
    expect(viewOf(text)).toBeUndefined();
  });

  it('fold what is replaced again as it was, to the end', () => {
    const text = Buffer.from(
      `k: |\n${lines(characters, 64)
        .map((line) => `    ${line}`)
        .join('\n')}\nend`,
    );
    const view = viewOf(text.toString());
    const replace = (start: number, end: number, by: string): string => {
      const splices = view?.toSplices([{ start, end, replacement: Buffer.from(by) }]) ?? [];
      return Buffer.concat([...applySplices([text], splices)]).toString();
    };
    const folded = (joined: string): string =>
      `k: |\n${lines(joined, 64)
        .map((line) => `    ${line}`)
        .join('\n')}\nend`;

    for (const [start, end, by] of [
      [3, 9, 'x'],
      [60, 70, ''],
      [64, 128, 'x'.repeat(64)],
      [100, characters.length, 'y'],
      [10, 11, 'z'.repeat(400)],
    ] as const) {
      expect(replace(start, end, by)).toBe(folded(characters.slice(0, start) + by + characters.slice(end)));
    }
  });

  it('map every range to where its first and last characters stand', () => {
    const text = lines(characters, 64)
      .map((line, index) => `${String(index)}: ${line}`)
      .join('\n');
    const view = viewOf(text);
    fc.assert(
      fc.property(fc.nat(characters.length - 1), fc.nat(), (start, more) => {
        const end = start + 1 + (more % (characters.length - start));
        const outer = view?.toOuter(start, end) ?? { start: 0, end: 0 };

        expect(text[outer.start]).toBe(characters[start]);
        expect(text[outer.end - 1]).toBe(characters[end - 1]);
      }),
      { numRuns: 1000 },
    );
  });
});
