/** Quoting in shell commands: where a value stays one literal, whatever characters it holds. */

/** Characters that mean nothing to a shell wherever they stand. */
const plainValue = /^[A-Za-z0-9_/:@%=,.+-]+$/;

/** Commands that read their argument as program text once more: quoting for one reading does not hold for two. */
const readsTwice =
  /(?:^|[\s;&|({`'"])(?:eval|ssh|su|xargs|watch|source|(?:ba|z|k|da|a|fi)?sh\s+(?:-\w+\s+)*-\w*c|(?:python[\d.]*|node|perl|ruby|php|osascript)\s+(?:-\w+\s+)*-\w*[cer])(?=[\s'"]|$)/;

/** The longest argument that Linux hands to a program (MAX_ARG_STRLEN): a longer command does not run anyway. */
const longestCommand = 131_072;

/** Where a place in a command stands. */
type Quoting =
  | { readonly kind: 'plain' | 'single' | 'double' | 'ansi' | 'comment' | 'other' }
  | { readonly kind: 'document'; readonly isLiteral: boolean; readonly delimiter: string };

interface HereDocument {
  readonly delimiter: string;
  readonly isLiteral: boolean;
  readonly stripsTabs: boolean;
}

/** Reads a here-document's operator at `at` (`<<` or `<<-`); undefined when it is none. */
function hereDocument(command: string, at: number): (HereDocument & { readonly end: number }) | undefined {
  const found = /^<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([\w.-]+))/.exec(command.slice(at, at + 128));
  if (found === null) return undefined;
  const [whole, dash, single, double, bare] = found;
  const delimiter = single ?? double ?? bare ?? '';
  return {
    delimiter,
    isLiteral: bare === undefined || whole.includes('\\'),
    stripsTabs: dash === '-',
    end: at + whole.length,
  };
}

/** The offset after a here-document's last line, its body beginning at `from`; the command's length if unclosed. */
function documentEnd(command: string, from: number, { delimiter, stripsTabs }: HereDocument): number {
  for (let at = from; at < command.length;) {
    const newline = command.indexOf('\n', at);
    const end = newline === -1 ? command.length : newline;
    const line = command.slice(at, end);
    if ((stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter) return end;
    at = end + 1;
  }
  return command.length;
}

/** How the character at `offset` is quoted (POSIX shell with `$'…'`). */
export function quotingAt(command: string, offset: number): Quoting {
  /** Open quotes and substitutions, innermost last. */
  const open: ('plain' | 'double')[] = ['plain'];
  const documents: HereDocument[] = [];
  for (let at = 0; at < offset; at++) {
    const char = command[at];
    const mode = open.at(-1) ?? 'plain';
    if (char === '\\') at += 1;
    else if (char === '`') return { kind: 'other' };
    else if (char === '$' && command[at + 1] === '(') {
      open.push('plain');
      at += 1;
    } else if (mode === 'double') {
      if (char === '"') open.pop();
    } else if (char === '"') open.push('double');
    else if (char === "'") {
      const isAnsi = command[at - 1] === '$';
      let end = at + 1;
      while (end < command.length && command[end] !== "'") end += isAnsi && command[end] === '\\' ? 2 : 1;
      if (end >= offset) return { kind: isAnsi ? 'ansi' : 'single' };
      at = end;
    } else if (char === '(') open.push('plain');
    else if (char === ')' && open.length > 1) open.pop();
    else if (char === '#' && (at === 0 || /[\s;&|(]/.test(command[at - 1] ?? ''))) {
      const end = command.indexOf('\n', at);
      if (end === -1 || end >= offset) return { kind: 'comment' };
      at = end - 1;
    } else if (command.startsWith('<<<', at)) at += 2;
    else if (char === '<') {
      const document = hereDocument(command, at);
      if (document !== undefined) {
        documents.push(document);
        at = document.end - 1;
      }
    } else if (char === '\n') {
      for (let next = documents.shift(); next !== undefined; next = documents.shift()) {
        const end = documentEnd(command, at + 1, next);
        if (end >= offset) return { kind: 'document', isLiteral: next.isLiteral, delimiter: next.delimiter };
        at = end;
      }
    }
  }
  return { kind: open.at(-1) ?? 'plain' };
}

/** Whether a value put into the command at `offset` stays one literal. */
export function staysOneLiteral(command: string, offset: number, value: string): boolean {
  if (plainValue.test(value)) return true;
  if (value.includes('\0') || command.length > longestCommand || readsTwice.test(command)) return false;
  const quoting = quotingAt(command, offset);
  switch (quoting.kind) {
    case 'single':
      return !value.includes("'");
    case 'ansi':
      return !/['\\]/.test(value);
    case 'double':
      return !/["$`\\!]/.test(value);
    case 'comment':
      return !value.includes('\n');
    case 'document':
      if (value.split('\n').some((line) => line.trim() === quoting.delimiter)) return false;
      return quoting.isLiteral || !/[$`\\]/.test(value);
    case 'plain':
    case 'other':
      return false;
  }
}
