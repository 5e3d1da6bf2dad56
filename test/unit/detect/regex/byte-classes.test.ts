import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesOf, sampleBytes } from '../../../../src/detect/regex/byte-classes.ts';
import { rangeSet, setOf } from '../../../../src/detect/regex/syntax.ts';

const anySet = fc.array(fc.nat(255), { maxLength: 40 }).map((bytes) => setOf(...bytes));

describe('classes of bytes', () => {
  it('tell apart what a set tells apart, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anySet, { maxLength: 6 }), fc.nat(255), fc.nat(255), (sets, first, second) => {
        const { classOf } = classesOf(sets);
        expect(classOf[first] === classOf[second]).toBe(sets.every((set) => set[first] === set[second]));
      }),
      { numRuns: 2000 },
    );
  });

  it('are counted, and each has its lowest byte as a sample', () => {
    const { classOf, count } = classesOf([rangeSet(0x30, 0x39), setOf(0x35)]);
    expect(count).toBe(3);
    expect([...sampleBytes(classOf, count)].toSorted((a, b) => a - b)).toEqual([0, 0x30, 0x35]);
  });
});
