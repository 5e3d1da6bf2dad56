import { describe, expect, it } from 'vitest';
import { emptyStep, release } from '../../../src/core/transform.ts';
import { BodyTooLarge, limitBody } from '../../../src/proxy/body-limit.ts';

const passing = { push: release, end: () => emptyStep };
const mebibyte = 1024 * 1024;

/** The limit that a body outgrew; undefined when it did not. */
function refusalOf(push: () => void): string | undefined {
  try {
    push();
    return undefined;
  } catch (error: unknown) {
    return error instanceof BodyTooLarge ? /limits\.\w+/.exec(error.message)?.[0] : 'another error';
  }
}

describe('the limits of a body that streams', () => {
  it.each([
    ['as large as it may be', 3, 1000, 3, undefined],
    ['larger', 3, 1000, 4, 'limits.bodyBytes'],
    ['that grows in decoding, but stays small', 100, 10, 4, undefined],
    ['that grows as far as it may', 100, 60, 6, undefined],
    ['that grows further', 100, 50, 6, 'limits.expansionRatio'],
  ])('take one that is %s', (_name, most, received, pieces, refusal) => {
    const limits = { bodyBytes: most * mebibyte, expansionRatio: 100 };
    const body = limitBody(passing, limits, () => received * 1024 * 1.024);
    const push = (): void => {
      for (let piece = 0; piece < pieces; piece += 1) body.push(new Uint8Array(mebibyte));
    };

    expect(refusalOf(push)).toEqual(refusal);
  });
});
