/** How the checks of personal identifiers are made: a predicate over the bare number, and values made to fit it. */
import type { Check } from './check.ts';

/** An identifier without what separates its groups: its ASCII letters, in upper case, and its digits. */
export function bare(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
}

/**
 * A check over the bare identifier.
 *
 * @param shape what values that are made for it hold in fixed places, from the right: a date, a region; `.` is any.
 */
export function identifier(name: string, about: string, isValid: (id: string) => boolean, shape = ''): Check {
  return written(name, about, (value) => isValid(bare(value)), shape);
}

/** As {@link identifier}, over the identifier as it is written. */
export function written(name: string, about: string, isValid: (value: string) => boolean, shape = ''): Check {
  return { name, about, test: ({ value }) => isValid(value), fix: (value) => fitted(shaped(value, shape), isValid) };
}

/** Puts the fixed places of a shape over a value's letters and digits, the last on the last. */
function shaped(value: string, shape: string): string {
  const chars = Array.from(value);
  let place = shape.length - 1;
  for (let at = chars.length - 1; at >= 0 && place >= 0; at--) {
    if (!/[A-Za-z0-9]/.test(chars[at] ?? '')) continue;
    if (shape[place] !== '.') chars[at] = shape[place] ?? '';
    place--;
  }
  return chars.join('');
}

/** How many of a value's last characters are varied to make a check hold. */
const varied = 8;
/** How many variants are tried at most: of the rarest checks one in three thousand holds. */
const maxTries = 30_000;

/** A value of the same shape for which a predicate holds, found by varying its last digits, and letters if need be. */
function fitted(value: string, isValid: (value: string) => boolean): string {
  const byDigits = variant(value, /\d/g, isValid);
  return isValid(byDigits) ? byDigits : variant(value, /[A-Za-z0-9]/g, isValid);
}

function variant(value: string, varying: RegExp, isValid: (value: string) => boolean): string {
  const places = Array.from(value.matchAll(varying), (match) => match.index).filter(
    (at) => at >= value.length - varied,
  );
  const chars = Array.from(value);
  let state = 1;
  for (let turn = 0; turn < maxTries && !isValid(chars.join('')); turn++) {
    for (const place of places) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      chars[place] = next(value[place] ?? '', state >>> 16);
    }
  }
  return chars.join('');
}

/** The letter or digit so many places further in its row. */
function next(char: string, steps: number): string {
  const first = /\d/.test(char) ? 48 : /[a-z]/.test(char) ? 97 : 65;
  const size = first === 48 ? 10 : 26;
  return String.fromCharCode(first + ((char.charCodeAt(0) - first + steps) % size));
}
