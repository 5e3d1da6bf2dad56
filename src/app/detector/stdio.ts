/** A detector that is a program of its own: a line of JSON for each question, and one for each answer. */
import type { ChildProcess } from 'node:child_process';
import { parse } from 'node:path';
import spawn from 'cross-spawn';
import { z } from 'zod';
import { systemCode } from '../../core/errors.ts';
import type { Logger } from '../../core/ports.ts';
import { DetectorFailure } from './failure.ts';
import { createLines } from './lines.ts';
import { mostAnswerBytes, type SentQuestion, type Transport } from './transport.ts';

export interface StdioDetectorOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** The first wait before a program that ended without an answer is started again, in ms; it doubles. */
  readonly firstBackOffMs?: number;
}

const backOffAtMostMs = 60_000;
/** A program that lets so many questions in a row wait too long hangs: it is ended, and started again. */
const mostTimeouts = 3;
/** From the word to end to the end by force, in milliseconds. */
const killMs = 2_000;

const answerSchema = z.union([
  z.object({ id: z.int(), results: z.unknown() }),
  z.object({ id: z.int(), error: z.string() }),
]);

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** A program's variables: ours, but for what is about us alone. */
function childEnvironment(env: StdioDetectorOptions['env']): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('SLUICE_'),
  );
  return Object.fromEntries(kept);
}

class StdioDetector implements Transport {
  isWarm = false;
  private readonly options: StdioDetectorOptions;
  private child: ChildProcess | undefined;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  /** Ends in a row without an answer in between. */
  private vainEnds = 0;
  private timeouts = 0;
  private restart: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: StdioDetectorOptions) {
    this.options = options;
    this.start();
  }

  ask(question: SentQuestion, signal: AbortSignal): Promise<unknown> {
    const { child } = this;
    if (child === undefined) return Promise.reject(new DetectorFailure('unavailable', 'its program does not run'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const over = (): void => {
        this.pending.delete(id);
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        over();
        // What it still answers is dropped; it cannot be told that nobody waits.
        const { reason } = signal;
        const isLate = reason instanceof DetectorFailure && reason.kind === 'timeout';
        if (isLate && this.child === child) this.countTimeout(child);
        reject(reason instanceof Error ? reason : new DetectorFailure('unavailable', 'it was given up'));
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      this.pending.set(id, {
        resolve(answer) {
          over();
          resolve(answer);
        },
        reject(error) {
          over();
          reject(error);
        },
      });
      child.stdin?.write(`${JSON.stringify({ id, ...question })}\n`);
    });
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.restart);
    if (this.child !== undefined) this.end(this.child, 'it was ended');
  }

  private start(): void {
    const [program = '', ...args] = this.options.command;
    // SECURITY: not where we stand, which may be a repository: programs read code from their folder. Guarded by
    // detector-stdio.test.ts, "starts it in the root folder, without our own variables".
    const child = spawn(program, args, {
      cwd: parse(process.cwd()).root,
      env: childEnvironment(this.options.env),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.child = child;
    this.isWarm = false;
    this.timeouts = 0;
    const lines = createLines(mostAnswerBytes);
    child.on('error', (error) => this.end(child, `its program cannot be started (${systemCode(error) ?? 'unknown'})`));
    child.on('close', (code, signal) => this.end(child, `its program ended (${signal ?? `code ${String(code)}`})`));
    // A program that ends is told of by `close`.
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => {
      const whole = lines.push(chunk);
      if (whole === undefined) this.end(child, 'its answer is too long', 'invalid');
      else for (const line of whole) this.hear(child, line);
    });
    // It may quote what it was asked: how much it says is all that is told of it.
    child.stderr?.on('data', ({ length }: Buffer) =>
      this.options.logger.debug({ bytes: length }, 'the detector complains'),
    );
    // Nothing waits for it: whoever is to stay alive has a listener, or a question.
    child.unref();
  }

  private hear(child: ChildProcess, line: string): void {
    if (this.child !== child || line.trim() === '') return;
    const answer = readLine(line);
    if (answer === undefined || answer.id < 1 || answer.id >= this.nextId) {
      this.end(child, 'its answer is not of the form {"id":…,"results":[…]}', 'invalid');
      return;
    }
    this.isWarm = true;
    this.vainEnds = 0;
    this.timeouts = 0;
    // An answer that nobody waits for any more is no fault.
    const waiting = this.pending.get(answer.id);
    if ('results' in answer) waiting?.resolve(answer.results);
    else waiting?.reject(new DetectorFailure('unavailable', 'it answered with an error'));
  }

  private countTimeout(child: ChildProcess): void {
    this.timeouts += 1;
    if (this.timeouts >= mostTimeouts) this.end(child, 'its program does not answer');
  }

  /** Ends a program, or takes note that it has ended; everything that waits for it fails. */
  private end(child: ChildProcess, why: string, kind: 'unavailable' | 'invalid' = 'unavailable'): void {
    if (this.child !== child) return;
    this.child = undefined;
    for (const waiting of this.pending.values()) waiting.reject(new DetectorFailure(kind, why));
    child.stdin?.destroy();
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), killMs);
      child.on('exit', () => clearTimeout(timer));
    }
    if (this.isClosed) return;
    const { firstBackOffMs = 1_000, logger } = this.options;
    const waitMs =
      this.vainEnds === 0 && this.isWarm ? 0 : Math.min(backOffAtMostMs, firstBackOffMs * 2 ** this.vainEnds);
    if (!this.isWarm) this.vainEnds += 1;
    logger.warn({ waitMs }, `the detector failed: ${why}; it is started again`);
    this.restart = setTimeout(() => this.start(), waitMs);
    this.restart.unref();
  }
}

function readLine(line: string): z.infer<typeof answerSchema> | undefined {
  try {
    const read = answerSchema.safeParse(JSON.parse(line));
    return read.success ? read.data : undefined;
  } catch {
    // The parser's own words would quote the line, which may hold what was asked.
    return undefined;
  }
}

/** Starts the program, which answers until it is closed; whenever it ends it is started again, ever later. */
export function createStdioDetector(options: StdioDetectorOptions): Transport {
  return new StdioDetector(options);
}
