import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachLikelyRun, eachRun } from '../../src/body/base64-runs.ts';
import { encodedViews } from '../../src/body/encoded-runs.ts';
import { decodeByHand, decodeJsonString } from '../../src/body/json-string.ts';
import { skipByHand, skipString, wordsOf } from '../../src/body/string-scan.ts';
import { leastForKernel } from '../../src/detect/text-kernel.ts';

/** Pieces of strings, escaped in every way, good and bad, and enough plain text between them for a kernel to be used. */
const filler = fc.nat({ max: 600 }).map((size) => 'const x = 1; // é plain 漢字 text '.repeat(20).slice(0, size));
const goodPiece = fc.oneof(
  filler,
  fc.constantFrom('\\n', '\\"', '\\\\', '\\t', '\\b\\f\\r', '\\/', '\\u0041', '\\u00e9', '\\u20ac', '\\ud83d\\ude00'),
  fc.constantFrom('\\ud800', '\\udc00x', '\\ud800\\n', '\\ud800\\ud83d\\ude00', '\\\\\\\\n'),
);
const anyPiece = fc.oneof(goodPiece, fc.constantFrom('"', '\\', '\\x', '\u0001', '\\u00'));
const large = { minLength: 2, maxLength: 24 };
const content = fc.array(goodPiece, large).map((pieces) => Buffer.from(pieces.join('')));
const anything = fc.array(anyPiece, large).map((pieces) => Buffer.from(pieces.join('')));

const word = fc.string({
  unit: fc.constantFrom(...'abcdefABCDEF0123456789+/-_'.split('')),
  minLength: 1,
  maxLength: 60,
});
const hidden = fc.constantFrom(
  'some hidden text, é',
  'another one of them',
  '漢字 and more of it',
  'with\ncontrol\u0001s',
);
const encoded = fc
  .tuple(hidden, fc.constantFrom('base64', 'base64url', 'hex'))
  .map(([text, as]) => Buffer.from(text).toString(as === 'hex' ? 'hex' : as === 'base64' ? 'base64' : 'base64url'));
const runText = fc
  .array(fc.oneof(word, encoded, fc.constantFrom(' ', '/', '=', '%', '%20', '%2520', '"', '\n', '.'), filler), large)
  .map((pieces) => Buffer.from(pieces.join('')));

describe('the kernel does what its twin does', () => {
  it('when it passes over a string', () => {
    fc.assert(
      fc.property(anything, fc.nat({ max: 7 }), (bytes, shift) => {
        const text = new Uint8Array(bytes.length + shift).subarray(shift);
        text.set(bytes);
        const words = wordsOf(text);

        expect(skipString(text, words, 0, text.length)).toBe(skipByHand(text, words, 0, text.length));
      }),
      { numRuns: 3000 },
    );
  });

  it('when it undoes escapes', () => {
    fc.assert(
      fc.property(content, (raw) => {
        const byHand = new Uint8Array(raw.length);
        const length = decodeByHand(raw, byHand, 0);

        expect(Buffer.from(byHand.buffer, 0, length).equals(decodeJsonString(raw))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('when it undoes the escapes of more than a block, wherever the block ends', () => {
    fc.assert(
      fc.property(content, fc.nat({ max: 40 }), (piece, shift) => {
        const raw = Buffer.concat([Buffer.alloc(65_536 - shift, 'x'), piece, Buffer.alloc(70_000, 'y'), piece]);
        const byHand = new Uint8Array(raw.length);
        const length = decodeByHand(raw, byHand, 0);

        expect(Buffer.from(byHand.buffer, 0, length).equals(decodeJsonString(raw))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('when it looks for runs: it gives them in order, and those that it leaves out hold nothing', () => {
    fc.assert(
      fc.property(runText, (text) => {
        const likely: string[] = [];
        const all: (readonly [number, number])[] = [];
        const hasPercent = eachLikelyRun(text, (start, end) => likely.push(`${start}-${end}`));
        eachRun(text, (start, end) => all.push([start, end]));

        expect(all.map(([start, end]) => `${start}-${end}`).filter((run) => likely.includes(run))).toEqual(likely);
        for (const [start, end] of all) {
          if (likely.includes(`${start}-${end}`) || end - start >= leastForKernel) continue;
          expect(encodedViews(text.subarray(start, end))).toEqual([]);
          expect(text[start - 1]).not.toBe(0x25);
        }
        expect(hasPercent || !text.includes(0x25)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
