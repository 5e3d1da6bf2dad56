/** Reads `.env` text as data: names and values, nothing expanded, nothing executed. */

/** A variable as a file or the environment gives it. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** More lines than people write: what follows is not read. */
const variablesAtMost = 10_000;

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{0,255})[ \t]*(?:=|:(?=[ \t]|$))[ \t]*/;

/** What escapes mean between double quotes; anything else after a backslash stands for itself. */
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', b: '\b' };

function unescaped(text: string): string {
  return text.replaceAll(/\\([\s\S])/g, (_, char: string) => escapes[char] ?? char);
}

/** Finds the quote that closes a value; backslashes count between double quotes only. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

function unquoted(line: string): string {
  // A comment begins at a # that stands after a blank.
  return line.replace(/(^|[ \t])#.*$/, '').trim();
}

/**
 * Lists the variables of a file, in order; a name may come more than once. Takes quotes of all three kinds (also over
 * several lines), `export`, comments, CRLF and a byte order mark. `${X}` and `$(…)` stay as they are written.
 */
export function parseDotenv(text: string): readonly Variable[] {
  const source = text.replace(/^\u{feff}/u, '').replaceAll('\r\n', '\n');
  const variables: Variable[] = [];
  let at = 0;
  while (at < source.length && variables.length < variablesAtMost) {
    const end = source.indexOf('\n', at);
    const line = source.slice(at, end === -1 ? source.length : end);
    let next = end === -1 ? source.length : end + 1;
    const match = assignment.exec(line);
    if (match !== null) {
      const [prefix, name = ''] = match;
      const begins = at + prefix.length;
      const quote = source.charAt(begins);
      const closes = '"\'`'.includes(quote) && quote !== '' ? closingQuote(source, begins + 1, quote) : -1;
      if (closes === -1) variables.push({ name, value: unquoted(line.slice(prefix.length)) });
      else {
        const inner = source.slice(begins + 1, closes);
        variables.push({ name, value: quote === '"' ? unescaped(inner) : inner });
        const rest = source.indexOf('\n', closes);
        next = rest === -1 ? source.length : rest + 1;
      }
    }
    at = next;
  }
  return variables;
}
