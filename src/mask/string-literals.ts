/** String literals of JSON and JavaScript texts: where they stand, what they say, and how to write text into them. */

/** A literal, or the part of a template between two `${}`. Offsets are those of its inside. */
export interface Literal {
  readonly start: number;
  readonly end: number;
  readonly quote: '"' | "'" | '`';
}

/** A literal's text with the raw offset of each of its UTF-16 units (and of its end). */
export interface Decoded {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** The end of the run that a quote closes, from inside it; the text's end when nothing does. */
function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

/** Every string literal of a JSON text (member names too). Lenient: of a text that was cut, the last one ends with it. */
export function jsonLiterals(text: string): Literal[] {
  const literals: Literal[] = [];
  for (let at = text.indexOf('"'); at !== -1;) {
    const end = closing(text, at + 1, '"');
    literals.push({ start: at + 1, end, quote: '"' });
    at = end < text.length ? text.indexOf('"', end + 1) : -1;
  }
  return literals;
}

/** After these a slash begins a regular expression; after anything else it divides. */
const beforeRegex = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|void|delete))\s*$/;

/** The end of a regular expression literal that begins at `from`, or `from` when none closes on its line. */
function regexEnd(text: string, from: number): number {
  let isClass = false;
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') break;
    if (char === '\\') at += 1;
    else if (char === '[') isClass = true;
    else if (char === ']') isClass = false;
    else if (char === '/' && !isClass) return at;
  }
  return from;
}

/** Every string literal and template part of a JavaScript text, outside comments and regular expressions. */
export function scriptLiterals(text: string): Literal[] {
  const literals: Literal[] = [];
  /** Depths of braces at which an open `${` closes. */
  const templates: number[] = [];
  let depth = 0;
  /** Reads a template's part from `from`; returns where the code goes on. */
  const template = (from: number): number => {
    let at = from;
    for (; at < text.length; at++) {
      if (text[at] === '\\') at += 1;
      else if (text[at] === '`') break;
      else if (text[at] === '$' && text[at + 1] === '{') {
        literals.push({ start: from, end: at, quote: '`' });
        templates.push(depth);
        return at + 2;
      }
    }
    literals.push({ start: from, end: Math.min(at, text.length), quote: '`' });
    return at + 1;
  };
  for (let at = 0; at < text.length;) {
    const char = text[at];
    if (char === '"' || char === "'") {
      const end = closing(text, at + 1, char);
      literals.push({ start: at + 1, end, quote: char });
      at = end + 1;
    } else if (char === '`') at = template(at + 1);
    else if (char === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (char === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end === -1 ? text.length : end + 2;
    } else if (char === '/' && beforeRegex.test(text.slice(Math.max(0, at - 32), at))) at = regexEnd(text, at) + 1;
    else {
      if (char === '{') depth += 1;
      if (char === '}') {
        if (templates.at(-1) === depth) {
          templates.pop();
          at = template(at + 1);
          continue;
        }
        depth -= 1;
      }
      at += 1;
    }
  }
  return literals;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
};

/** Undoes the escapes of a literal's inside (JSON's are a subset of JavaScript's), keeping raw offsets. */
export function decodeLiteral(raw: string): Decoded {
  let text = '';
  const offsets: number[] = [];
  const add = (decoded: string, at: number): void => {
    text += decoded;
    for (let i = 0; i < decoded.length; i++) offsets.push(at);
  };
  for (let at = 0; at < raw.length;) {
    const char = raw[at] ?? '';
    if (char !== '\\') {
      add(char, at);
      at += 1;
      continue;
    }
    const next = raw[at + 1] ?? '';
    const hex = /^\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\})/.exec(raw.slice(at, at + 10));
    if (hex !== null) {
      const point = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16);
      add(point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd', at);
      at += hex[0].length;
    } else {
      // A backslash before a line break continues the line: it stands for nothing.
      if (next !== '\n') add(simpleEscapes[next] ?? next, at);
      at += 2;
    }
  }
  offsets.push(raw.length);
  return { text, offsets };
}

/** Writes text as the inside of a JSON string. */
export function toJsonInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Writes text as the inside of a literal with this quote. */
export function toScriptInside(text: string, quote: Literal['quote']): string {
  const plain = toJsonInside(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  if (quote === '"') return plain;
  const unquoted = plain.replaceAll('\\"', '"');
  return quote === "'" ? unquoted.replaceAll("'", "\\'") : unquoted.replaceAll('`', '\\`').replaceAll('${', '\\${');
}
