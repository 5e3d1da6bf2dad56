/** The program's log: pino on stderr, one JSON object a line, or readable lines on a terminal. */
import { pino, stdTimeFunctions, type DestinationStream } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { AppError, systemCode } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';

export interface LoggerOptions {
  /** Warnings and errors only. */
  readonly isQuiet?: boolean;
  /** Debug messages too. */
  readonly isVerbose?: boolean;
  /** Readable lines in place of JSON: for a terminal. */
  readonly isPretty: boolean;
  readonly isColored?: boolean;
  /** Where the lines go; stderr when absent. */
  readonly write?: (line: string) => void;
}

/**
 * Names under which content or credentials travel. The code never logs them; should it ever come to, pino cuts them
 * out, at the top and one level down.
 */
const neverLogged = [
  'authorization',
  'proxyAuthorization',
  'proxy-authorization',
  'body',
  'content',
  'cookie',
  'credential',
  'headers',
  'password',
  'secret',
  'target',
  'token',
  'url',
  'value',
];
const redacted = neverLogged.flatMap((name) => [`["${name}"]`, `*["${name}"]`]);

/** An error as it may be logged. */
export interface LoggedError {
  readonly type: string;
  readonly code?: string;
  /** Only of our own errors: others may quote what they failed on, as JSON.parse does. */
  readonly message?: string;
  readonly stack?: readonly string[];
  readonly cause?: LoggedError;
}

const framesAtMost = 8;
const causesAtMost = 4;

/** Describes an error without the text of a foreign message. */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = systemCode(error);
  // A stack begins with the message, however many lines it has; frames follow.
  const { stack = '', message } = error;
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length).split('\n');
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    ...(error instanceof AppError ? { message: error.message } : {}),
    stack: frames
      .filter((line) => /^\s+at /.test(line))
      .slice(0, framesAtMost)
      .map((line) => line.trim()),
    ...(error.cause === undefined || depth >= causesAtMost ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

function destination({ isPretty, isColored = false, write }: LoggerOptions): DestinationStream {
  // Synchronous: a line about a crash is out before the process is.
  const plain: DestinationStream = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write };
  if (!isPretty) return plain;
  const pretty = prettyFactory({ colorize: isColored, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' });
  return { write: (line) => plain.write(pretty(line)) };
}

/** Makes the log. Errors are passed as `error`, `err` or `cause` and are described without foreign texts. */
export function createLogger(options: LoggerOptions): Logger {
  const level = options.isVerbose === true ? 'debug' : options.isQuiet === true ? 'warn' : 'info';
  const serializers = { error: describeError, err: describeError, cause: describeCause };
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers,
      redact: { paths: redacted, censor: '[withheld]' },
    },
    destination(options),
  );
}

/** A cause is an error, or a code of ours. */
function describeCause(cause: unknown): unknown {
  return cause instanceof Error ? describeError(cause) : cause;
}
