/** Headings of columns: what stands above a value in a table of text. Each row is read once, however many values it has. */
import { Buffer } from 'node:buffer';

/** What separates the cells of a row. */
export const delimiters: readonly string[] = [',', '\t', ';', '|'];

/** How far above a value the heading of its column is looked for, in bytes. */
export const headingReach = 2048;

/** What was found in or above a row, in one column: where the heading's row begins; nothing: a row without the column. */
type Above = { readonly row: number; readonly heading: string } | undefined;

/** Nothing was found in or above a row down to this place, beyond which it was out of reach. */
interface Nothing {
  readonly downTo: number;
}

/** More is not remembered: a text with so many rows is begun anew. */
const mostRows = 4096;

/** Finds headings in one text, which may grow at its end. */
export class Headings {
  private readonly rows = new Map<number, Map<string, readonly string[]>>();
  private readonly above = new Map<number, Map<string, Above | Nothing>>();

  /** Forgets the text. To be called before each text. */
  begin(): void {
    // Clearing costs even what is empty, as it is before most texts.
    if (this.rows.size > 0) this.rows.clear();
    if (this.above.size > 0) this.above.clear();
  }

  /** The heading of the column that a value stands in, where the lines above it are rows of a table. */
  find(text: Uint8Array, start: number, delimiter: string): string | undefined {
    const from = Math.max(0, start - headingReach);
    const line = lineStart(text, start, from);
    if (line === undefined) return undefined;
    const column = cellsOf(decoded(text, line, start), delimiter).length - 1;
    const found = this.upwards(text, line, from, delimiter, column);
    return found === undefined || !isInReach(found.row, from) ? undefined : found.heading;
  }

  /** Walks up from a line, and remembers for every row on the way what was found. */
  private upwards(text: Uint8Array, line: number, from: number, delimiter: string, column: number): Above {
    if (this.above.size > mostRows) this.begin();
    const key = `${delimiter}${String(column)}`;
    const passed: number[] = [];
    const remember = (found: Above | Nothing): void => {
      for (const row of passed) {
        const known = this.above.get(row) ?? new Map<string, Above | Nothing>();
        known.set(key, found);
        this.above.set(row, known);
      }
    };
    let found: Above;
    for (let below = line; below > 0;) {
      const row = lineStart(text, below - 1, from);
      const known = row === undefined ? undefined : this.above.get(row);
      const earlier = known?.get(key);
      const isNothing = earlier !== undefined && 'downTo' in earlier;
      // Beyond the reach of this value; one further up asks for itself.
      if (row === undefined || !isInReach(row, from) || (isNothing && earlier.downTo <= from)) {
        remember({ downTo: from });
        return undefined;
      }
      if (known?.has(key) === true && !isNothing) {
        found = earlier;
        break;
      }
      passed.push(row);
      const cell = this.cells(text, row, below, delimiter)[column];
      if (cell === undefined) break;
      if (/\p{L}/u.test(cell) && !/\d/.test(cell)) {
        found = { row, heading: cell };
        break;
      }
      below = row;
    }
    remember(found);
    return found;
  }

  private cells(text: Uint8Array, row: number, end: number, delimiter: string): readonly string[] {
    const known = this.rows.get(row) ?? new Map<string, readonly string[]>();
    const cells = known.get(delimiter) ?? cellsOf(decoded(text, row, end).replace(lineBreak, ''), delimiter);
    known.set(delimiter, cells);
    this.rows.set(row, known);
    return cells;
  }
}

/** Ends a row; in text that stands escaped, as two characters each. */
const lineBreak = /(?:\r?\n|\\r\\n|\\n)$/;

/** Whether the break before a row stands in reach: else the row may be the tail of one. */
function isInReach(row: number, from: number): boolean {
  return row === 0 ? from === 0 : row - 1 >= from;
}

/** Where the line of a place begins, behind a break as it is or escaped; undefined where that is before `from`. */
export function lineStart(text: Uint8Array, at: number, from: number): number | undefined {
  for (let p = at; p > from; p--) if (isBreakBefore(text, p)) return p;
  return from === 0 ? 0 : undefined;
}

function isBreakBefore(text: Uint8Array, at: number): boolean {
  return text[at - 1] === 0x0a || (text[at - 1] === 0x6e && text[at - 2] === 0x5c);
}

/** The cells of a row; a delimiter within double quotes separates nothing. */
function cellsOf(row: string, delimiter: string): readonly string[] {
  if (!row.includes('"')) return row.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const char of row) {
    if (char === '"') isQuoted = !isQuoted;
    if (char === delimiter && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else {
      cell += char;
    }
  }
  return [...cells, cell];
}

function decoded(text: Uint8Array, start: number, end: number): string {
  return Buffer.from(text.buffer, text.byteOffset + start, end - start).toString('utf8');
}
