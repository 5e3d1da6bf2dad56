/** The limits of a body that streams: none is known to be too large before it is. */
import type { BodyTransform } from '../core/transform.ts';

export interface BodyLimits {
  /** The most bytes of a body, decoded. */
  readonly bodyBytes: number;
  /** How many times the bytes received may come out of them, past {@link ratioFreeBytes}. */
  readonly expansionRatio: number;
}

/** Below this size any expansion is harmless (design: "What read means"). */
const ratioFreeBytes = 4 * 1024 * 1024;

/** A body outgrew a limit; the message says which, for people. */
export class BodyTooLarge extends Error {}

/**
 * A transform that throws {@link BodyTooLarge} instead of taking more than the limits allow.
 * @param received how many bytes have come, before their coding was undone
 */
export function limitBody(transform: BodyTransform, limits: BodyLimits, received: () => number): BodyTransform {
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
