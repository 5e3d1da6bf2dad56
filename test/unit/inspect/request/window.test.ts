import { describe, expect, it } from 'vitest';
import { ByteQueue } from '../../../../src/body/byte-queue.ts';
import { TextReader } from '../../../../src/inspect/request/read-text.ts';
import { eachHit } from '../../../../src/inspect/request/hits.ts';
import { isStuck, TextWindow, type Part } from '../../../../src/inspect/request/window.ts';
import { requestScan, token } from '../../../helpers/request-scan.ts';

const scan = requestScan();
const reader = new TextReader(scan, scan.known);

/** A queue that holds a text, and a window on it. */
function open(text: string, isJson: boolean, start = 0): { readonly window: TextWindow; readonly queue: ByteQueue } {
  const queue = new ByteQueue();
  queue.push(Buffer.from(text));
  return { queue, window: new TextWindow(scan, scan.known, queue, start, { isJson, isOpaque: false }) };
}

/** Feeds a text in steps and returns its parts' texts and hits, in body offsets. */
function pass(
  text: string,
  isJson: boolean,
  step: number,
): { readonly text: string; readonly hits: readonly string[] } {
  const { window, queue } = open(text, isJson);
  const seen: string[] = [];
  const hits: string[] = [];
  for (let at = 0; at < queue.length; at += step) {
    const isComplete = at + step >= queue.length;
    window.add(Math.min(queue.length, at + step), isComplete);
    const part: Part = window.look(reader, isComplete);
    const whole = window.toOuter(part, 0, part.end - part.start);
    seen.push(text.slice(whole.start, whole.end));
    for (const { start, end } of part.found.hits) {
      const range = window.toOuter(part, start, end);
      hits.push(text.slice(range.start, range.end));
    }
    window.advance(part);
    queue.release(window.settled, []);
  }
  return { text: seen.join(''), hits };
}

describe('a text window', () => {
  it.each([100, 1000, 5000, 16_384])('sees all of a text and each hit once, in steps of %i', (step) => {
    const filler = 'const x = 1;\n'.repeat(900);
    const text = `${filler}${token('a')}\n${filler}${token('b')} ${filler}`;

    const seen = pass(text, false, step);

    expect(seen.text).toBe(text);
    expect(seen.hits).toEqual([token('a'), token('b')]);
  });

  it('maps ranges of an escaped text to the body', () => {
    const raw = `${'\\u00e9\\n'.repeat(3000)}${token('a')}${' \\"'.repeat(4000)}`;

    expect(pass(raw, true, 4096).hits).toEqual([token('a')]);
  });

  it('moves on: what is settled grows with the text', () => {
    const { window } = open('some words and no secret\n'.repeat(8001), false, 10);
    for (let step = 1; step <= 20; step += 1) {
      window.add(10 + step * 10_000, false);
      window.advance(window.look(reader, false));
    }

    expect(window.settled).toBeGreaterThan(10 + 20 * 10_000 - 64 * 1024);
  });

  describe('on base64 too long to hold', () => {
    const words = 'words of a long text, «and» more of them\n'.repeat(12_000);
    const base64 = (text: string): string => Buffer.from(text).toString('base64');

    /** The ends of parts, and the values found in views. */
    const looked = (text: string, isJson: boolean): { readonly ends: readonly number[]; readonly found: string } => {
      const { window, queue } = open(text, isJson);
      const ends: number[] = [];
      const found: string[] = [];
      for (let at = 65_536; at < queue.length; at += 65_536) {
        window.add(at, false);
        const part = window.look(reader, false);
        for (const { inner } of part.found.views) {
          for (const hit of inner.hits) found.push(Buffer.from(hit.value).toString());
        }
        window.advance(part);
        ends.push(window.settled);
      }
      return { ends, found: found.join() };
    };

    it.each([false, true])('finds what lies across two of its pieces, once (json: %s)', (isJson) => {
      const { ends } = looked(base64(words), isJson);
      const seams = ends.filter((end) => end > 0).map((end) => (end / 4) * 3);
      expect(seams.length).toBeGreaterThan(5);

      for (const seam of seams.slice(0, 5)) {
        for (const before of [1, 11, token('s').length - 1]) {
          const bytes = Buffer.from(words);
          // Spaces around it, so that no character of several bytes is cut.
          bytes.fill(' ', seam - 60, seam + 60);
          bytes.write(token('s'), seam - before);

          expect(looked(bytes.toString('base64'), isJson).found).toBe(token('s'));
        }
      }
    });

    it('cuts between characters, so that each piece is read', () => {
      const { found } = looked(base64(`${'漢字'.repeat(30_000)} ${token('p')} ${'漢字'.repeat(60_000)}`), false);

      expect(found).toBe(token('p'));
    });
  });

  describe('on what a step would cut', () => {
    const filler = 'const x = 1;\n';
    const shown = (text: string, step: number): readonly string[] => {
      const { window, queue } = open(text, false);
      const values: string[] = [];
      for (let at = 0; at < queue.length; at += step) {
        const isComplete = at + step >= queue.length;
        window.add(Math.min(queue.length, at + step), isComplete);
        const part = window.look(reader, isComplete);
        eachHit(part.found, (hit) => values.push(Buffer.from(hit.value).toString()));
        window.advance(part);
        queue.release(window.settled, []);
      }
      return values;
    };

    it.each([
      [
        'base64 over several lines',
        Buffer.from(`${'words, '.repeat(60)}${token('a')} and more`)
          .toString('base64')
          .replaceAll(/.{60}/g, '$&\n'),
      ],
      ['a coloured value of a coloured name', `\u001b[1mpassword\u001b[0m: \u001b[32m"${token('a')}"\u001b[0m`],
      ['a token of which a part is coloured', `is tkn_\u001b[1m${'a'.repeat(24)}\u001b[0m`],
      ['a token with escapes of JSON', String.raw`x "t\u006bn_${'a'.repeat(20)}\u0061aaa" y`],
    ])('finds %s wherever it stands', (_what, dressed) => {
      for (let before = 0; before < dressed.length + 40; before += 7) {
        const text = `${filler.repeat(200)}${' '.repeat(before)}${dressed}\n${filler.repeat(400)}`;

        expect(new Set(shown(text, 2600 + dressed.length))).toEqual(new Set([token('a')]));
      }
    });
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
