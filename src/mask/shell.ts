/** Quoting in shell commands: where a value stays one literal, whatever characters it holds. */
import { interpreterNames, shellNames } from './program-names.ts';

/** Characters that mean nothing to a shell wherever they stand. */
const plainValue = /^[A-Za-z0-9_/:@%=,.+-]+$/;

/** Where a word of a command begins and ends. */
const before = String.raw`(?:^|[\s;&|({\x60'"=/])`;
const behind = String.raw`(?=[\s'")};&|<]|$)`;
const word = (names: string): RegExp => new RegExp(`${before}(?:${names})${behind}`);

/** Commands that read an argument or their input as program text once more. */
const rereading = word('eval|ssh|su|xargs|watch|source|tmux|parallel|flock|[gmn]?awk|env\\s+-S|nix-shell');
/** The same, where their names are words of prose too: only where a command begins. */
const rereadingFirst =
  /(?:^|[;&|({\n]|\s(?:sudo|env|time|nohup|exec|command|then|do|else))\s{0,8}(?:trap|alias|screen|script|g?make|at|batch|crontab|entr)(?=[\s'"]|$)/;
const shell = word(shellNames);
/** Those, and package managers that hand a command line on. */
const interpreter = word(`${interpreterNames}|npm|npx|pnpm`);
/** Options that are followed by program text, for one of them or another. */
const programOption =
  /\s(?:-\w*[cerE]|\/[ck]|--?(?:eval|print|command|commands|exec|run|call)|-encodedcommand)(?=[\s='"]|$)|\sdeno\s+eval|\beval\s/i;
/** Settings whose value is a command line. */
const commandSetting =
  /alias\.|sshcommand|ssh_command|_editor=|editor=|pager=|askpass=|prompt_command=|--command[\s=]/i;

/** Whether any of a command's text may be read as a program once more: quoting for one reading does not hold for two. */
function isReadTwice(command: string): boolean {
  if (rereading.test(command) || rereadingFirst.test(command) || commandSetting.test(command)) return true;
  if (/\.\s+<\(/.test(command)) return true;
  const shellAt = command.search(shell);
  // What is piped into a shell, or stands in a document for it; which of several commands it is for is not asked.
  if (shellAt !== -1 && /<<|\||<\(/.test(command)) return true;
  const at = Math.min(...[shellAt, command.search(interpreter)].filter((index) => index !== -1));
  return Number.isFinite(at) && programOption.test(command.slice(at));
}

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

/** Reads how the places of one command are quoted. */
export interface ShellReader {
  /** Whether a value put in at `offset` stays one literal. Offsets must not go back from call to call. */
  staysOneLiteral(offset: number, value: string): boolean;
}

/** Makes the reader of a command (POSIX shell with `$'…'`); it reads the command once, however many places are asked for. */
export function createShellReader(command: string): ShellReader {
  /** Open double quotes and substitutions, innermost last. */
  const open: ('plain' | 'double')[] = ['plain'];
  const documents: HereDocument[] = [];
  /** Where reading goes on, and the stretch last read over: everything in it is quoted alike. */
  let at = 0;
  let stretch: { readonly quoting: Quoting; readonly end: number } | undefined;
  const isTwice = command.length > longestCommand || isReadTwice(command);

  /** Goes over a stretch up to `end`; reading goes on behind it. */
  function over(quoting: Quoting, end: number): void {
    stretch = { quoting, end };
    at = end;
  }

  /** Reads one step at `at`. */
  function step(): void {
    const char = command[at];
    const mode = open.at(-1) ?? 'plain';
    if (char === '\\') at += 1;
    else if (char === '`') over({ kind: 'other' }, command.length);
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
      over({ kind: isAnsi ? 'ansi' : 'single' }, end);
    } else if (char === '(') open.push('plain');
    else if (char === ')' && open.length > 1) open.pop();
    else if (char === '#' && (at === 0 || /[\s;&|(]/.test(command[at - 1] ?? ''))) {
      const end = command.indexOf('\n', at);
      over({ kind: 'comment' }, end === -1 ? command.length : end - 1);
    } else if (command.startsWith('<<<', at)) at += 2;
    else if (char === '<') {
      const document = hereDocument(command, at);
      if (document !== undefined) {
        documents.push(document);
        at = document.end - 1;
      }
    } else if (char === '\n') {
      const next = documents.shift();
      if (next !== undefined) {
        const { isLiteral, delimiter } = next;
        over({ kind: 'document', isLiteral, delimiter }, documentEnd(command, at + 1, next));
        // The line end behind its last line begins the next document, if there is one.
        if (documents.length > 0) at -= 1;
      }
    }
    at += 1;
  }

  function quotingAt(offset: number): Quoting {
    while (at < offset) step();
    return stretch !== undefined && offset <= stretch.end ? stretch.quoting : { kind: open.at(-1) ?? 'plain' };
  }

  return {
    staysOneLiteral(offset, value) {
      if (plainValue.test(value)) return true;
      if (value.includes('\0') || isTwice) return false;
      const quoting = quotingAt(offset);
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
    },
  };
}
