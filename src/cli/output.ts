/** Where a command's words go: results to stdout, everything else to stderr. */
import { styleText } from 'node:util';
import { visible } from './visible.ts';

/** The least of a stream that output needs: processes and tests both have it. */
export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** The colours and weights used in text for people. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta';

export interface OutputOptions {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** False switches colour off whatever the terminal can do. */
  readonly isColorAllowed: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Prints results and notes under the global options. Text for people has nothing in it that a terminal obeys, but for
 * styles; documents and raw text are for programs.
 */
export interface Output {
  readonly isJson: boolean;
  readonly isTerminal: boolean;
  /** Writes a result line to stdout. */
  line(text?: string): void;
  /** Writes one JSON document to stdout: `{"schemaVersion":1, …content}`. */
  document(content: object): void;
  /** Writes one object per line to stdout, without the envelope. */
  jsonLine(value: unknown): void;
  /** Writes text to stdout as it is. */
  raw(text: string): void;
  /** Says something to the person at the terminal, on stderr; silent with `--quiet`. */
  note(text: string): void;
  /** Says something that must be heard, on stderr. */
  warn(text: string): void;
  /** Styles text for stdout, where it is a terminal that wants colour. */
  style(style: Style, text: string): string;
}

function wantsColor(sink: TextSink, { env, isColorAllowed }: OutputOptions): boolean {
  if (!isColorAllowed || (env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return sink.isTTY === true && env['TERM'] !== 'dumb';
}

/** Makes the output of one run of the command line. */
export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, isJson, isQuiet } = options;
  const isColored = wantsColor(stdout, options);
  return {
    isJson,
    isTerminal: stdout.isTTY === true,
    line: (text = '') => void stdout.write(visible(text) + '\n'),
    document: (content) => void stdout.write(JSON.stringify({ schemaVersion: 1, ...content }) + '\n'),
    jsonLine: (value) => void stdout.write(JSON.stringify(value) + '\n'),
    raw: (text) => void stdout.write(text),
    note: (text) => void (isQuiet || stderr.write(visible(text) + '\n')),
    warn: (text) => void stderr.write(visible(text) + '\n'),
    style: (style, text) => (isColored ? styleText(style, text, { validateStream: false }) : text),
  };
}
