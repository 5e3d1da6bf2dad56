/** What one run of an automaton leaves behind for the next is a cache: it never changes a result. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/core/bytes.ts';
import { itemsOf } from '../../src/detect/plan.ts';
import { createArena } from '../../src/detect/regex/arena.ts';
import { createForwardRun } from '../../src/detect/regex/forward.ts';
import { compileProgram } from '../../src/detect/regex/program.ts';

const patterns = [
  String.raw`eyJ[\w-]{14,}\.eyJ[\w-]{10,}\.[\w-]{20,}`,
  String.raw`ab[a-z]{3,}\d(?:[a-z]+;)?`,
  String.raw`(?i:ab)[^;]{2,}?;x?`,
  String.raw`a[\w ]{300,}z\b`,
];

describe('forward runs', () => {
  it.each(patterns)('end where a run without memory ends: %s', (pattern) => {
    const program = compileProgram(itemsOf(pattern), false);
    const pieces = fc.constantFrom(
      'eyJ',
      '-',
      '.',
      'ab',
      'abcdefghij',
      'x',
      'z ',
      ';',
      '7',
      'A'.repeat(40),
      'q'.repeat(90),
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }),
        fc.integer({ min: 40, max: 900 }),
        fc.boolean(),
        (parts, reach, isOpen) => {
          const text = utf8(parts.join(''));
          const remembering = createForwardRun(program, createArena(), reach, 0);
          const forgetting = createForwardRun(program, createArena(), reach, 0);
          remembering.begin();
          const positions = Array.from(text.keys());
          const expected = positions.map((at) => {
            forgetting.begin();
            return forgetting.end(text, at, isOpen);
          });

          expect(positions.map((at) => remembering.end(text, at, isOpen))).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
