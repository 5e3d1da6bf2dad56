/** How a value is spelled in its file, beneath the views that show what it says: `&amp;`, `\u0026`, `%26`, `a\_b`. */
import { encodeJsonString } from '../../body/json-string.ts';
import { withoutControls } from '../../body/plain-views.ts';
import type { View } from '../../body/views.ts';
import type { Spelling } from '../../mask/vault.ts';
import { canonicalValue, isPem, withoutNumbers } from './canonical.ts';

/** What of the text that stands for itself a range of a view is. */
export interface Written {
  readonly bytes: Uint8Array;
  /** Whether a writer of JSON, given the value, would write something else. */
  readonly isOdd: boolean;
}

/** Tells how a range of a text is written in the text around it that stands for itself: that of a file, of a command. */
export type WrittenAt = (start: number, end: number) => Written;

const backslash = 0x5c;
/** Encodings that are replaced where they stand, and not written anew as a whole. */
const inPlace: ReadonlySet<View['encoding']> = new Set(['json', 'percent', 'escapes']);

/** Of a text that stands for itself. */
export function asItStands(text: Uint8Array): WrittenAt {
  return (start, end) => ({ bytes: text.slice(start, end), isOdd: false });
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Whether what shows as some text is spelled as only this file spells it. */
function isOdd(encoding: View['encoding'], raw: Uint8Array, shown: Uint8Array): boolean {
  if (encoding === 'escapes') return !isSame(withoutControls(raw), shown);
  if (isSame(raw, shown)) return false;
  return encoding === 'percent' || (raw.includes(backslash) && !isSame(raw, encodeJsonString(shown)));
}

/** Of a view in a text. What is encoded anew when something changes in it stands for itself. */
export function writtenIn(view: View, text: Uint8Array, outer: WrittenAt): WrittenAt {
  if (!inPlace.has(view.encoding)) return asItStands(view.text);
  return (start, end) => {
    const range = view.toOuter(start, end);
    const around = outer(range.start, range.end);
    const isOwn = isOdd(view.encoding, text.subarray(range.start, range.end), view.text.subarray(start, end));
    return { bytes: around.bytes, isOdd: around.isOdd || isOwn };
  };
}

/**
 * A value's own spelling, where what is to be put back is not the value: then the two together have one placeholder, since
 * a model that sees it in an attribute of HTML has to find those very characters there. Undefined where the value is
 * written as it is, or as any writer of JSON writes it.
 * @param shown the value's range in the view that it was found in
 */
export function ownSpelling(value: Uint8Array, shown: Uint8Array, written: Written): Uint8Array | undefined {
  const bytes = withoutNumbers(withoutControls(written.bytes));
  if (isPem(value)) return !written.isOdd || isSame(canonicalValue(bytes), value) ? undefined : bytes;
  const isPlain = isSame(bytes, value) || (!written.isOdd && isSame(withoutControls(shown), value));
  return isPlain ? undefined : bytes;
}

/**
 * How a value that begins a JSON string stands in that JSON text: a model may quote a line of it, which is no JSON text.
 * @param shown the value in the string
 */
export function inJson(shown: Uint8Array, { bytes, isOdd: isOwn }: Written): Spelling | undefined {
  return isOwn || isSame(bytes, shown) ? undefined : { behind: '"', text: Buffer.from(bytes).toString() };
}
