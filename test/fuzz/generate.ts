/** Generators that fuzz targets share: choices, cuts, odd texts, and small damage to bytes. */
import type { Random } from '../../src/rules/examples.ts';

/** A whole number from 0 up to, and without, `below`. */
export function natural(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** One of a list, which is not empty. */
export function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[natural(random, values.length)];
  if (value === undefined) throw new Error('a choice from nothing');
  return value;
}

/** So many of what a function makes. */
export function several<Value>(random: Random, most: number, make: () => Value): Value[] {
  return Array.from({ length: natural(random, most + 1) }, make);
}

/** Cuts bytes into chunks: whole, a few, or many small ones; empty chunks come too. */
export function cutBytes(random: Random, bytes: Uint8Array): readonly Uint8Array[] {
  const style = natural(random, 4);
  if (style === 0) return [bytes];
  const chunks: Uint8Array[] = [];
  const largest = style === 1 ? 7 : style === 2 ? 300 : Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const size = natural(random, largest + 1);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const oddTexts = [
  '',
  ' ',
  '\n',
  '\r\n',
  '\t12\t',
  '"',
  "'",
  '\\',
  '\\n',
  '\\u0041',
  '{',
  '}',
  '[',
  ',',
  ':',
  '/',
  '%2F',
  '&',
  '=',
  '\u0000',
  '\u0085',
  '\u2028',
  '\ufeff',
  'é',
  '漢',
  '😀',
  'const total = 1;\n',
  'The quick brown fox. ',
  'https://host.example/path?q=',
  'password = ',
  'SLUICE_',
];

/** Words, punctuation and characters that parsers trip over. */
export function oddText(random: Random, most = 6): string {
  return several(random, most, () => oneOf(random, oddTexts)).join('');
}

const interestingBytes = [
  0x00, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x2f, 0x3a, 0x5b, 0x5c, 0x5d, 0x75, 0x7b, 0x7d, 0x80, 0xff,
];

/** Damages bytes in up to three places: a byte changed, a stretch removed, repeated, swapped in from elsewhere. */
export function damaged(random: Random, bytes: Uint8Array): Uint8Array {
  let result = Buffer.from(bytes);
  for (let times = 1 + natural(random, 3); times > 0 && result.length > 0; times -= 1) {
    const at = natural(random, result.length);
    const end = Math.min(result.length, at + 1 + natural(random, 12));
    const slice = result.subarray(at, end);
    switch (natural(random, 5)) {
      case 0:
        result[at] = oneOf(random, interestingBytes);
        break;
      case 1:
        result[at] = natural(random, 256);
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at), result.subarray(end)]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, end), slice, result.subarray(end)]);
        break;
      default:
        result = Buffer.concat([result.subarray(0, at), Buffer.from(oddText(random, 2)), result.subarray(at)]);
    }
  }
  return result;
}
