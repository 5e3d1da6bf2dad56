/** The real time, and ids that sort by it. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/ports.ts';

/** Crockford's base 32: no I, L, O, U, so that an id can be read aloud. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value, n = 0; n < length; n++, rest /= 32n) text = alphabet.charAt(Number(rest % 32n)) + text;
  return text;
}

/** The clock of this process. Ids: 48 bits of milliseconds and 80 random ones, 26 characters (as ULIDs are made). */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  newId: () => encode(BigInt(Date.now()), 10) + encode(BigInt(`0x${randomBytes(10).toString('hex')}`), 16),
};
