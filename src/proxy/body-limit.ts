/** The limits of a body that streams: none is known to be too large before it is. */
import { ratioFreeBytes, type CodingLimits } from '../body/codings.ts';
import type { BodyTransform } from '../core/transform.ts';

/** A body outgrew a limit; the message says which, for people. */
export class BodyTooLarge extends Error {}

/**
 * A transform that throws {@link BodyTooLarge} instead of taking more than the limits allow.
 * @param received how many bytes have come, before their coding was undone
 */
export function limitBody(transform: BodyTransform, limits: CodingLimits, received: () => number): BodyTransform {
  const { bodyBytes, expansionRatio } = limits;
  let decoded = 0;
  return {
    push(chunk) {
      decoded += chunk.length;
      if (decoded > bodyBytes) throw new BodyTooLarge('the body is larger than `limits.bodyBytes` allows');
      if (decoded > ratioFreeBytes && decoded > received() * expansionRatio) {
        throw new BodyTooLarge('the decoded body is larger than `limits.expansionRatio` allows');
      }
      return transform.push(chunk);
    },
    end: () => transform.end(),
  };
}
