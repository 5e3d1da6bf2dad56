/** JSON inside the strings of JSON: what is such a text, and what is escaped for one already. */

/** A PEM text whose line breaks are already written as escapes: it came from inside a string as it is. */
export function isEscapedPem(value: string): boolean {
  return value.startsWith('-----BEGIN ') && value.includes('\\n') && !value.includes('\n');
}

/** How many layers of JSON strings, of so many at most, a spelling of a value is escaped for; none when it is no JSON. */
export function timesEscaped(written: string, value: string, most: number): number {
  let text: unknown = written;
  for (let times = 1; times <= most && typeof text === 'string'; times += 1) {
    text = jsonOf(`"${text}"`);
    if (text === value) return times;
  }
  return 0;
}

/** What a JSON text says; undefined when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a string holds a JSON text of its own. */
export function isJsonText(text: string): boolean {
  return /^\s*[{[]/.test(text) && jsonOf(text) !== undefined;
}
