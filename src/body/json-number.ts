/** JSON numbers, byte by byte (RFC 8259 §6). */

/** Where a number stands: after its sign, in its integer, fraction or exponent. */
export type NumberState = number;
const afterMinus = 0;
const afterZero = 1;
const inInteger = 2;
const afterDot = 3;
const inFraction = 4;
const afterE = 5;
const afterESign = 6;
const inExponent = 7;
const isWhole: readonly boolean[] = [false, true, true, false, true, false, false, true];

/** Integers up to this length are read where they begin: most of those in dense JSON are. */
const shortNumber = 32;

/** Returns the state after a number's first byte, which is a digit or the sign. */
export function firstNumberState(byte: number): NumberState {
  return byte === 0x2d ? afterMinus : byte === 0x30 ? afterZero : inInteger;
}

/** Whether a number may end here. */
export function isWholeNumber(state: NumberState): boolean {
  return isWhole[state] === true;
}

/** Returns the state a number is in after one more byte, or -1 when the byte is none of it. */
export function nextNumberState(state: NumberState, byte: number): NumberState {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isE = byte === 0x65 || byte === 0x45;
  switch (state) {
    case afterMinus:
      return byte === 0x30 ? afterZero : isDigit ? inInteger : -1;
    case afterZero:
      return byte === 0x2e ? afterDot : isE ? afterE : -1;
    case inInteger:
      return isDigit ? inInteger : byte === 0x2e ? afterDot : isE ? afterE : -1;
    case afterDot:
      return isDigit ? inFraction : -1;
    case inFraction:
      return isDigit ? inFraction : isE ? afterE : -1;
    case afterE:
      return byte === 0x2b || byte === 0x2d ? afterESign : isDigit ? inExponent : -1;
    default:
      return isDigit ? inExponent : -1;
  }
}

/** Returns where a short number of digits ends, when what follows it in the chunk ends it; else -1. */
export function endOfInteger(chunk: Uint8Array, from: number): number {
  const limit = Math.min(chunk.length, from + shortNumber);
  let at = from + 1;
  if (chunk[from] !== 0x30) while (at < limit && ((chunk[at] ?? 0) - 0x30) >>> 0 <= 9) at += 1;
  const next = at < limit ? chunk[at] : undefined;
  return next === 0x2c || next === 0x5d || next === 0x7d ? at : -1;
}
