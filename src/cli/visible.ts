/** Makes what a terminal would obey visible: names of files, rules and arguments are written by anybody. */

// oxlint-disable no-control-regex -- controls are what it is about
/** Weights and colours as `Output.style` sets them; they change nothing but the look. */
const styles = /\u001b\[(?:[12]|22|3[0-7]|39)m/;
/** Controls but for tab and line feed, and what turns the direction of text (Unicode UAX 9). */
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const either = new RegExp(`${styles.source}|${obeyed.source}`, 'gu');

/** Returns the text with such characters as escapes, e.g. `\u001b`. */
export function visible(text: string): string {
  return text.replaceAll(either, (found) =>
    found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
