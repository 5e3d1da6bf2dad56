/** Reads a shell command line into its pipelines: which words, inputs and redirections each command has. */
import { append } from '../core/append.ts';

/** A word of a command. */
export interface ShellWord {
  readonly start: number;
  readonly end: number;
  /** Without quotes and escapes; expansions as they are written. */
  readonly text: string;
  /** No expansion, glob or brace stands in it: the text is what the command gets. */
  readonly isLiteral: boolean;
}

/** Text that a command reads: a here-document or here-string. */
interface ShellInput {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface ShellCommand {
  readonly words: readonly ShellWord[];
  readonly inputs: readonly ShellInput[];
  /** Where output goes and input comes from. */
  readonly redirects: readonly ShellWord[];
}

/** Commands of which one reads what another writes, and all that they hold (groups, substitutions). */
export interface Pipeline {
  readonly start: number;
  readonly end: number;
  readonly commands: readonly ShellCommand[];
}

/** Deeper nesting than this is not followed. */
const maxDepth = 16;

/** Words that begin or join commands and are none themselves. */
const keywords = new Set('if then elif else while until do ! time {'.split(' '));
const openers = new Set('if while until for case select'.split(' '));
const closers = new Set('fi done esac'.split(' '));

const hereOperator = /<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([\w.-]+))/y;
const redirection = /(?:\d*|&)(?:>>|>\||>&|<&|&>>|&>|<>|>|<)/y;

interface Pending {
  readonly delimiter: string;
  readonly stripsTabs: boolean;
  readonly command: OpenCommand;
}

interface OpenCommand {
  words: ShellWord[];
  inputs: ShellInput[];
  redirects: ShellWord[];
}

/** Reads one command line. Whatever the text is, it is read to its end. */
class Reader {
  readonly pipelines: Pipeline[] = [];
  isTooDeep = false;
  private at = 0;
  private pending: Pending[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Reads pipelines up to `closer` (a parenthesis, a backtick) or the end; returns the commands met. */
  list(closer: string, depth: number): ShellCommand[] {
    const all: ShellCommand[] = [];
    while (this.at < this.text.length) {
      const char = this.text[this.at] ?? '';
      if (char === closer) break;
      const before = this.at;
      for (const command of this.pipeline(closer, depth)) all.push(command);
      if (this.at === before) this.at += 1;
    }
    return all;
  }

  /** Reads one pipeline, and groups that its commands are (loops, conditions, parentheses) with it. */
  private pipeline(closer: string, depth: number): ShellCommand[] {
    const start = this.at;
    const commands: ShellCommand[] = [];
    let current: OpenCommand = { words: [], inputs: [], redirects: [] };
    const held: OpenCommand[] = [];
    let groups = 0;
    const next = (): void => {
      held.push(current);
      current = { words: [], inputs: [], redirects: [] };
    };
    for (; this.at < this.text.length;) {
      const char = this.text[this.at] ?? '';
      if (char === closer && groups === 0) break;
      if (char === '\n') {
        this.at += 1;
        this.documents();
        if (groups === 0) break;
        next();
      } else if (char === ' ' || char === '\t' || char === '\r') this.at += 1;
      else if (char === '\\' && this.text[this.at + 1] === '\n') this.at += 2;
      else if (char === '#') {
        const end = this.text.indexOf('\n', this.at);
        this.at = end === -1 ? this.text.length : end;
      } else if (char === ';' || char === '&') {
        if (char === '&' && this.text[this.at + 1] === '>') this.redirect(current, closer, depth, commands);
        else {
          this.at += 1;
          if (groups === 0 && this.text[this.at] !== char) break;
          if (this.text[this.at] === char) this.at += 1;
          if (groups === 0) break;
          next();
        }
      } else if (char === '|') {
        const isOr = this.text[this.at + 1] === '|';
        this.at += isOr || this.text[this.at + 1] === '&' ? 2 : 1;
        if (isOr && groups === 0) break;
        next();
      } else if (char === '(') {
        const [name] = current.words;
        if (name !== undefined && current.words.length === 1 && this.text[this.at + 1] === ')') {
          current.words = [{ ...name, text: `${name.text}()` }];
          this.at += 2;
          next();
          continue;
        }
        this.at += 1;
        if (depth >= maxDepth) this.isTooDeep = true;
        else for (const command of this.list(')', depth + 1)) commands.push(command);
        this.at += 1;
      } else if (char === ')') this.at += 1;
      else if (this.isRedirect()) this.redirect(current, closer, depth, commands);
      else {
        const word = this.word(closer, depth, commands);
        if (word === undefined) break;
        if (current.words.length === 0) {
          if (openers.has(word.text)) groups += 1;
          else if (word.text === '{') groups += 1;
          if ((closers.has(word.text) || word.text === '}') && groups > 0) groups -= 1;
          if (keywords.has(word.text) || closers.has(word.text) || word.text === '}') continue;
        }
        current.words.push(word);
      }
    }
    next();
    const own = held.filter(({ words, inputs, redirects }) => words.length + inputs.length + redirects.length > 0);
    append(commands, own);
    if (commands.length > 0) this.pipelines.push({ start, end: this.at, commands });
    return commands;
  }

  private isRedirect(): boolean {
    redirection.lastIndex = this.at;
    return redirection.test(this.text) && this.text[redirection.lastIndex] !== '(';
  }

  /** Reads a redirection: a here-document's operator, a here-string, or a file. */
  private redirect(command: OpenCommand, closer: string, depth: number, met: ShellCommand[]): void {
    if (this.text.startsWith('<<<', this.at)) {
      this.at += 3;
      this.blanks();
      const word = this.word(closer, depth, met);
      if (word !== undefined) command.inputs.push(word);
      return;
    }
    hereOperator.lastIndex = this.at;
    const found = hereOperator.exec(this.text);
    if (found !== null) {
      const [whole, dash, single, double, bare] = found;
      this.at += whole.length;
      this.pending.push({ delimiter: single ?? double ?? bare ?? '', stripsTabs: dash === '-', command });
      return;
    }
    redirection.lastIndex = this.at;
    this.at += redirection.exec(this.text)?.[0].length ?? 1;
    this.blanks();
    const word = this.word(closer, depth, met);
    if (word !== undefined) command.redirects.push(word);
  }

  private blanks(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at += 1;
  }

  /** Reads the here-documents whose operators stood on the line that ended. */
  private documents(): void {
    for (const { delimiter, stripsTabs, command } of this.pending) {
      const start = this.at;
      let end = start;
      for (let line = start; ;) {
        const newline = this.text.indexOf('\n', line);
        const lineEnd = newline === -1 ? this.text.length : newline;
        const text = this.text.slice(line, lineEnd);
        end = line;
        this.at = Math.min(this.text.length, lineEnd + 1);
        if ((stripsTabs ? text.replace(/^\t+/, '') : text) === delimiter) break;
        end = lineEnd;
        if (newline === -1) break;
        line = newline + 1;
      }
      command.inputs.push({ start, end, text: this.text.slice(start, end) });
    }
    this.pending = [];
  }

  /** Reads a word; undefined where none begins. */
  private word(closer: string, depth: number, met: ShellCommand[]): ShellWord | undefined {
    const start = this.at;
    let text = '';
    let isLiteral = true;
    let inDouble = false;
    for (; this.at < this.text.length;) {
      const char = this.text[this.at] ?? '';
      if (!inDouble && (/[\s;&|<>()]/.test(char) || char === closer)) {
        // `<(…)` and `>(…)` are words: they stand for a file.
        if (!((char === '<' || char === '>') && this.text[this.at + 1] === '(')) break;
      }
      if (char === '\\') {
        const next = this.text[this.at + 1] ?? '';
        if (next !== '\n') text += inDouble && !/["$`\\]/.test(next) ? `\\${next}` : next;
        this.at += 2;
      } else if (char === '"') {
        inDouble = !inDouble;
        this.at += 1;
      } else if (char === "'" && !inDouble) {
        const end = this.text.indexOf("'", this.at + 1);
        text += this.text.slice(this.at + 1, end === -1 ? this.text.length : end);
        this.at = end === -1 ? this.text.length : end + 1;
      } else if (char === '$' && this.text[this.at + 1] === "'" && !inDouble) {
        const inside = /\$'((?:[^'\\]|\\[\s\S])*)/y;
        inside.lastIndex = this.at;
        const raw = inside.exec(this.text)?.[1] ?? '';
        if (raw.includes('\\')) isLiteral = false;
        text += raw;
        this.at += raw.length + 3;
      } else if (this.opensList()) {
        const from = this.at;
        this.at += char === '`' ? 1 : 2;
        if (depth >= maxDepth) this.isTooDeep = true;
        else for (const command of this.list(char === '`' ? '`' : ')', depth + 1)) met.push(command);
        this.at += 1;
        text += this.text.slice(from, this.at);
        isLiteral = false;
      } else {
        if (char === '$' || (!inDouble && /[*?[\]{}~]/.test(char))) isLiteral = false;
        text += char;
        this.at += 1;
      }
    }
    return this.at === start ? undefined : { start, end: this.at, text, isLiteral };
  }

  private opensList(): boolean {
    const char = this.text[this.at];
    return char === '`' || ((char === '$' || char === '<' || char === '>') && this.text[this.at + 1] === '(');
  }
}

/**
 * Reads a command line into its pipelines, inner ones (of substitutions and groups) first; undefined when it is nested
 * too deep to be followed. A function's definition is a command whose name ends in `()`.
 */
export function shellPipelines(command: string): readonly Pipeline[] | undefined {
  const reader = new Reader(command);
  reader.list('', 0);
  return reader.isTooDeep ? undefined : reader.pipelines;
}
