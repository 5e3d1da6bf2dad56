import { describe, expect, it } from 'vitest';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { isStuck, TextWindow, type Part } from '../../../../src/inspect/request/window.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const scan = requestScan();
const reader = new TextReader(scan, scan.known);
const open = (isJson: boolean, start = 0): TextWindow =>
  new TextWindow(scan, scan.known, start, { isJson, isOpaque: false });

/** Feeds a text in steps and returns its parts' texts and hits, in body offsets. */
function pass(
  window: TextWindow,
  text: string,
  step: number,
): { readonly text: string; readonly hits: readonly string[] } {
  const bytes = Buffer.from(text);
  const seen: string[] = [];
  const hits: string[] = [];
  for (let at = 0; at < bytes.length; at += step) {
    const isComplete = at + step >= bytes.length;
    window.add(bytes.subarray(at, at + step), isComplete);
    const part: Part = window.look(reader, isComplete);
    const whole = window.toOuter(part, 0, part.end - part.start);
    seen.push(text.slice(whole.start, whole.end));
    for (const { start, end } of part.found.hits) {
      const range = window.toOuter(part, start, end);
      hits.push(text.slice(range.start, range.end));
    }
    window.advance(part);
  }
  return { text: seen.join(''), hits };
}

describe('a text window', () => {
  it.each([100, 1000, 5000, 16_384])('sees all of a text and each hit once, in steps of %i', (step) => {
    const filler = 'const x = 1;\n'.repeat(900);
    const text = `${filler}${token('a')}\n${filler}${token('b')} ${filler}`;

    const seen = pass(open(false), text, step);

    expect(seen.text).toBe(text);
    expect(seen.hits).toEqual([token('a'), token('b')]);
  });

  it('maps ranges of an escaped text to the body', () => {
    const raw = `${'\\u00e9\\n'.repeat(3000)}${token('a')}${' \\"'.repeat(4000)}`;

    expect(pass(open(true), raw, 4096).hits).toEqual([token('a')]);
  });

  it('moves on: what is settled grows with the text', () => {
    const window = open(false, 10);
    for (let step = 0; step < 20; step += 1) {
      window.add(Buffer.from('some words and no secret\n'.repeat(400)), false);
      window.advance(window.look(reader, false));
    }

    expect(window.settled).toBeGreaterThan(10 + 20 * 10_000 - 64 * 1024);
  });

  it('says when a text that goes on would have to be changed', () => {
    const part: Part = {
      found: { text: Buffer.alloc(100), hits: [], views: [] },
      start: 0,
      end: 100,
      pieces: [{ start: 50, end: 100 }],
      isTooLong: false,
    };
    const splice = (start: number, end: number): { start: number; end: number; replacement: Buffer } => ({
      start,
      end,
      replacement: Buffer.alloc(1),
    });

    expect(
      [
        [0, 10],
        [90, 110],
        [60, 70],
      ].map(([start = 0, end = 0]) => isStuck(part, [splice(start, end)])),
    ).toEqual([false, true, true]);
  });
});
