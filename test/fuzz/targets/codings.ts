/** Content codings: corrupt input never throws, limits hold, and what is read is what zlib reads. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';
import { decodeBody, encodeBody, readableCoding, type ReadableCoding } from '../../../src/body/codings.ts';
import { damaged, natural, oddText, oneOf } from '../generate.ts';
import { law, type Target } from '../target.ts';

const names = ['gzip', 'deflate', 'br'] as const satisfies readonly ReadableCoding[];
const limits = { bodyBytes: 1 << 20, expansionRatio: 200 };

const encoders = [gzipSync, deflateSync, deflateRawSync, (bytes: Uint8Array) => brotliCompressSync(bytes)];
const decoders: Readonly<Record<(typeof names)[number], readonly ((bytes: Uint8Array) => Buffer)[]>> = {
  gzip: [(bytes) => gunzipSync(bytes)],
  deflate: [(bytes) => inflateSync(bytes), (bytes) => inflateRawSync(bytes)],
  br: [(bytes) => brotliDecompressSync(bytes)],
};

function isReadBy(decode: (bytes: Uint8Array) => Buffer, bytes: Uint8Array, expected: Uint8Array): boolean {
  try {
    return decode(bytes).equals(expected);
  } catch {
    // This decoder refuses it: another may not.
    return false;
  }
}

export const codings: Target = {
  name: 'codings',
  make(random) {
    const text = Buffer.from(oddText(random, 20).repeat(natural(random, 30)));
    const encoded = oneOf(random, encoders)(natural(random, 50) === 0 ? Buffer.alloc(3 << 20) : text);
    switch (natural(random, 4)) {
      case 0:
        return encoded;
      case 1:
        return Buffer.concat([encoded, oneOf(random, encoders)(text)]);
      case 2:
        return encoded.subarray(0, natural(random, encoded.length));
      default:
        return damaged(random, encoded);
    }
  },
  check(input, random) {
    law(readableCoding(Buffer.from(input).toString('latin1').slice(0, 40)) !== null, 'a coding header has no answer');
    for (const name of names) {
      const read = decodeBody(name, input, limits);
      if (!read.ok) continue;
      law(read.bytes.length <= limits.bodyBytes, 'more comes out than the limit allows');
      law(
        decoders[name].some((decode) => isReadBy(decode, input, read.bytes)),
        `zlib reads another ${name} body than was inspected`,
      );
      const again = decodeBody(name, encodeBody(read.form, read.bytes), limits);
      law(again.ok && Buffer.from(again.bytes).equals(read.bytes), `a ${name} body does not survive its coding`);
    }
    const text = Buffer.from(oddText(random, 20));
    for (const name of names) {
      const coded = encodeBody(name, text);
      const read = decodeBody(name, coded, limits);
      law(read.ok && Buffer.from(read.bytes).equals(text), `a sound ${name} body is not read`);
    }
  },
};
