/** The real time, and ids that sort by it. */
import { randomFillSync } from 'node:crypto';
import type { Clock } from '../core/ports.ts';

/** Crockford's base 32: no I, L, O, U, so that an id can be read aloud. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeLength = 10;
const randomLength = 16;

/** Random bytes drawn ahead: one call to the system for hundreds of ids. */
const pool = new Uint8Array(4096);
let drawn = pool.length;

function randomPart(): string {
  if (drawn + randomLength > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  let text = '';
  for (const end = drawn + randomLength; drawn < end; drawn++) text += alphabet.charAt((pool[drawn] ?? 0) & 31);
  return text;
}

function timePart(ms: number): string {
  let text = '';
  for (let rest = ms, n = 0; n < timeLength; n++, rest = Math.floor(rest / 32))
    text = alphabet.charAt(rest % 32) + text;
  return text;
}

/** The clock of this process. Ids: 48 bits of milliseconds and 80 random ones, 26 characters (as ULIDs are made). */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  newId: () => timePart(Date.now()) + randomPart(),
};
