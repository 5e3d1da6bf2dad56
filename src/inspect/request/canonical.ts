/** The canonical form of a value: without what a client or a terminal put into it. */
import { withoutControls } from '../../body/plain-views.ts';
import type { Spelling } from '../../mask/vault.ts';

const pemBegin = Buffer.from('-----BEGIN ');
/** Line ends as they are, and as literal escapes of any depth. */
const lineEnd = /\r\n|[\r\n]|(?:\\+r)?\\+n/;
/** `N\t`, `N: `, ` N | `, `     N\t`, `N→` (wire form of `cat -n` and its likes). */
const lineNumber = /^[ \t]*\d+(?:\t|\\+t|: ?| *\| ?|\u2192)/;

/** Whether a value is a PEM block. */
export function isPem(value: Uint8Array): boolean {
  return value.length > pemBegin.length && pemBegin.equals(value.subarray(0, pemBegin.length));
}

/**
 * Returns the value that a placeholder stands for: for a PEM block its lines without line numbers or escapes, so that
 * the same key has one placeholder however a client shows it; for all else the value without a terminal's colours.
 */
export function canonicalValue(coloured: Uint8Array): Uint8Array {
  const value = withoutControls(coloured);
  if (!isPem(value)) return value;
  const text = Buffer.from(value).toString('utf8');
  const lines = text.split(lineEnd).map((line) => line.replace(lineNumber, '').trim());
  return Buffer.from(lines.join('\n').trim());
}

/** Line ends as they are, with the numbers that stand before lines. */
const numbered = /(\r\n|[\r\n])[ \t]*\d+(?:\t|: ?| *\| ?|\u2192)/g;

/** A text without the numbers that stand before its lines, but for the first; the text itself where there are none. */
export function withoutNumbers(text: Uint8Array): Uint8Array {
  if (!text.includes(0x0a) && !text.includes(0x0d)) return text;
  return Buffer.from(Buffer.from(text).toString('utf8').replaceAll(numbered, '$1'));
}

/**
 * How a value of several lines is written in its text, where that is otherwise than its canonical form: with literal line
 * ends, as a list of strings. Line numbers and colours are nobody's spelling.
 * @param behind the character before it
 */
export function spellingOf(coloured: Uint8Array, canonical: Uint8Array, behind: string): Spelling | undefined {
  if (!isPem(canonical)) return undefined;
  const text = Buffer.from(withoutNumbers(withoutControls(coloured))).toString('utf8');
  return text === Buffer.from(canonical).toString('utf8') ? undefined : { behind, text };
}
