/** Runs a command through the home's proxy: finds or starts it, registers the run, sets the variables, waits. */
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import spawn from 'cross-spawn';
import type { Config } from '../config/schema.ts';
import { AppError, systemCode } from '../core/errors.ts';
import { connectAdmin, requireAdmin, type AdminClient } from './admin-client.ts';
import { authorityNeed } from './authority-need.ts';
import { countsSchema, type Counts } from './counts.ts';
import { startDetached } from './detach.ts';
import { createHome, type Home } from './home.ts';
import { chosenVariables, projectOf } from './run-layer.ts';
import { shellEnvironment } from './shell-environment.ts';
import { runAnswerSchema, statusAnswerSchema } from './status.ts';
import { stopProxy } from './stop.ts';
import { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;
type RunAnswer = z.infer<typeof runAnswerSchema>;

export interface RunOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  readonly config: Config;
  readonly homePath: string;
  /** Global options for a proxy that has to be started. */
  readonly handOn: readonly string[];
  readonly version: string;
  /** Told before the command starts. */
  readonly onReady: (run: Pick<RunAnswer, 'protection' | 'warnings'>) => void;
}

export interface RunResult {
  /** The command's own; 126 or 127 when it cannot be started, 128+n when signal n ended it. */
  readonly exitCode: number;
  /** Absent when the proxy did not answer any more. */
  readonly counts?: Counts;
}

/** How long a proxy that another run is starting may take to listen. */
const otherMs = 60_000;
const lookMs = 50;

/** The home's proxy; one of an older version that nobody uses any more is replaced. */
async function proxyOf(home: Home, { handOn, env, version }: RunOptions): Promise<AdminClient> {
  const running = await connectAdmin(home);
  if (running !== undefined) {
    if (running.state.version === version || !running.state.isDetached) return running;
    const { status } = statusAnswerSchema.parse(await running.call('GET', '/api/status'));
    if (status.runs > 0) return running;
    await stopProxy(running);
  }
  try {
    await startDetached(home, handOn, env);
  } catch (error: unknown) {
    if (!(error instanceof AppError) || error.code !== 'ERR_HOME_LOCKED') throw error;
    // Another run starts one at the same moment: it serves both, as soon as it listens.
    for (let waited = 0; waited < otherMs; waited += lookMs) {
      const other = await connectAdmin(home);
      if (other !== undefined) return other;
      await wait(lookMs);
    }
    throw error;
  }
  return requireAdmin(home);
}

/** Starts the command and waits for its end; signals go to it, not to us. */
function waitFor(program: string, args: readonly string[], cwd: string, env: Environment): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { cwd, env, stdio: 'inherit' });
    const ignore = (): void => undefined;
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    // A terminal sends these to the whole group: the command decides, and its end is ours.
    process.on('SIGINT', ignore);
    process.on('SIGQUIT', ignore);
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    const settle = (then: () => void): void => {
      process.off('SIGINT', ignore);
      process.off('SIGQUIT', ignore);
      process.off('SIGTERM', forward);
      process.off('SIGHUP', forward);
      then();
    };
    child.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'ENOENT') settle(() => resolve(127));
      else if (code === 'EACCES') settle(() => resolve(126));
      else settle(() => reject(error));
    });
    child.once('close', (code, signal) =>
      settle(() => resolve(signal === null ? (code ?? 0) : 128 + (constants.signals[signal] ?? 0))),
    );
  });
}

function withCredential(proxyUrl: string, { user, password }: RunAnswer): string {
  const url = new URL(proxyUrl);
  url.username = user;
  url.password = password;
  return url.href.replace(/\/$/, '');
}

/**
 * Runs the command.
 * @throws AppError `ERR_NOT_RUNNING` when no proxy can be had: the command is then not started
 */
export async function runCommand(options: RunOptions): Promise<RunResult> {
  const { program, args, cwd, env, config, homePath, onReady } = options;
  const home = createHome(homePath);
  const variables = chosenVariables(env, config, projectOf(cwd, config));
  const admin = await proxyOf(home, options);
  const run = runAnswerSchema.parse(await admin.call('POST', '/api/runs', { cwd, pid: process.pid, variables }));
  try {
    const { variables: set, unset } = shellEnvironment({
      home: homePath,
      need: authorityNeed(config),
      isRunning: true,
      proxyUrl: withCredential(admin.state.proxy, run),
      environment: env,
      nowMs: Date.now(),
    });
    onReady(run);
    const childEnv = { ...env, ...set };
    for (const name of unset) delete childEnv[name];
    const exitCode = await waitFor(program, args, cwd, childEnv);
    const counts = await endRun(home, run.id);
    return { exitCode, ...(counts === undefined ? {} : { counts }) };
  } catch (error: unknown) {
    await endRun(home, run.id);
    throw error;
  }
}

async function endRun(home: Home, id: string): Promise<Counts | undefined> {
  try {
    // Looked up again: a proxy that was started anew meanwhile took the run over, at another address.
    const admin = await requireAdmin(home);
    const answer = z.object({ counts: countsSchema }).parse(await admin.call('DELETE', `/api/runs/${id}`));
    return answer.counts;
  } catch (error: unknown) {
    // The proxy is gone: the command's own result stands without a summary.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
