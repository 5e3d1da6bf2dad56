import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUnreadRest } from '../../../../src/inspect/reply/unread-rest.ts';

/** What passes of a text that comes in pieces, and whether a placeholder was met. */
function pass(pieces: readonly string[]): readonly [string, boolean] {
  const rest = createUnreadRest('SLUICE');
  const passed = pieces.map((piece) => Buffer.from(rest.push(Buffer.from(piece))).toString('latin1'));
  passed.push(Buffer.from(rest.end()).toString('latin1'));
  return [passed.join(''), rest.hasMet];
}

describe('the unread rest of a reply', () => {
  it.each([
    [['nothing of ours, SLUIC'], 'nothing of ours, SLUIC', false],
    [['a SLU', 'ICE_X and more'], 'a ', true],
    [['a Slu', 'ICE_X', ' and more'], 'a ', true],
    [['SSLUISLUICE'], 'SSLUI', true],
    [[], '', false],
  ] as const)('of %j passes up to a placeholder', (pieces, passed, hasMet) => {
    expect(pass(pieces)).toEqual([passed, hasMet]);
  });

  it('passes the same however it is cut', () => {
    const piece = fc.oneof(fc.constantFrom('S', 'SLU', 'SLUIC', 'sluice', 'E', ' '), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(pass(pieces)).toEqual(pass([pieces.join('')]));
      }),
      { numRuns: 2000 },
    );
  });
});
