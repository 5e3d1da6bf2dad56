/** Packed data comes back as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packer, unpack, type Packed } from '../../src/detect/packed.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const key = fc.string({ maxLength: 6 }).filter((name) => !name.startsWith('$') && name !== '__proto__');
const row = fc.record({ key: int32, offset: int32 });
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.boolean(),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(int32, { maxLength: 40 }),
    fc.array(fc.uint8Array({ minLength: 5, maxLength: 5 }), { maxLength: 9 }),
    fc.array(row, { maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 12 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

describe('packed data', () => {
  it('is what it was once it is unpacked, also after its text was JSON', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (values) => {
        const packer = new Packer();
        const text = JSON.stringify(values.map((one) => packer.pack(one)));
        const bytes = packer.bytes();

        const trees: Packed<unknown>[] = JSON.parse(text);

        expect(trees.map((tree) => unpack(tree, bytes))).toEqual(values);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps equal bytes once', () => {
    const packer = new Packer();
    const long = Array.from({ length: 100 }, (_, index) => index * 7);

    packer.pack([long, { again: long }, new Uint8Array(Int32Array.from(long).buffer)]);

    expect(packer.bytes()).toHaveLength(400);
  });

  it.each([
    ['a key that could be taken for its own', { $bytes: 1 }],
    ['what JSON cannot hold', [Number.NaN]],
    ['nothing', [null]],
    ['a function', [() => 1]],
  ])('refuses %s', (_, refused) => {
    expect(() => new Packer().pack(refused)).toThrow(TypeError);
  });
});
