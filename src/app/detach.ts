/** Starts a proxy that outlives the command that needed it, and waits until it listens. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError } from '../core/errors.ts';
import { failureIn } from './failure.ts';
import { readIfThere, type Home } from './home.ts';

const startMs = 60_000;

/** The last lines of a log: enough to say why a start failed. */
function tailOf(path: string): string {
  return (readIfThere(path)?.toString('utf8') ?? '').trimEnd().split('\n').slice(-3).join(' | ');
}

/**
 * Starts a detached proxy for a home, on ports of its own choosing, and resolves when it listens.
 * @param options the global options to hand on (`--config`, `--home`)
 * @throws AppError its own failure when it says one (`ERR_HOME_LOCKED` when another holds the home), else
 * `ERR_NOT_RUNNING` with the end of its log.
 */
export async function startDetached(
  home: Home,
  options: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const main = fileURLToPath(new URL('../cli/main.js', import.meta.url));
  const log = openSync(home.log, 'w', 0o600);
  const args = [main, 'start', '--detached', '--json', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', ...options];
  const child = spawn(process.execPath, args, {
    cwd: home.path,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', log],
    env,
  });
  closeSync(log);
  const { stdout } = child;
  if (stdout === null) throw new AppError('ERR_INTERNAL', 'the detached proxy has no standard output');
  const lines = createInterface({ input: stdout });
  try {
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string) => (cause?: unknown) =>
        reject(
          new AppError('ERR_NOT_RUNNING', `the proxy ${why}: ${tailOf(home.log)}`, {
            cause,
            hint: `see ${home.log}, or run \`sluice start\` to watch it`,
          }),
        );
      const timer = setTimeout(failed(`did not listen within ${startMs / 1000} seconds`), startMs);
      const settled = (then: () => void) => () => {
        clearTimeout(timer);
        then();
      };
      lines.once('line', (line) => {
        const failure = failureIn(JSON.parse(line));
        settled(() => (failure === undefined ? resolve() : reject(failure)))();
      });
      child.once('error', settled(failed('cannot be started')));
      child.once('exit', settled(failed('ended at once')));
    });
  } finally {
    lines.close();
    stdout.destroy();
    child.removeAllListeners();
    child.unref();
  }
}
