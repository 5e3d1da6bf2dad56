/** `sluice doctor`: named checks with status and fix. */
import { runDoctor, type Check } from '../../app/doctor.ts';
import { AppError } from '../../core/errors.ts';
import type { Invocation, RegisterCommand } from '../command.ts';
import { homeOf } from '../home-option.ts';
import { loadedPlace, type LoadedPlace } from '../loaded.ts';
import type { Style } from '../output.ts';

const styles: Readonly<Record<Check['status'], Style>> = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' };

/** A configuration that cannot be loaded is a finding here, not a failure. */
function placeOrProblem(invocation: Invocation<object>): LoadedPlace | AppError {
  try {
    return loadedPlace(invocation);
  } catch (error: unknown) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

export const registerDoctor: RegisterCommand = (host) => {
  host.add({
    usage: 'doctor',
    summary: 'check the installation, with what to do about each finding',
    examples: ['doctor', 'doctor --json'],
    action: async (invocation) => {
      const { output, terminal } = invocation;
      const place = placeOrProblem(invocation);
      const isProblem = place instanceof AppError;
      const checks = await runDoctor({
        loaded: isProblem ? place : place.loaded,
        homePath: isProblem ? homeOf(invocation) : place.home,
        env: terminal.env,
        nowMs: Date.now(),
      });
      if (output.isJson) output.document({ checks });
      else {
        for (const { id, status, finding, fix } of checks) {
          output.line(
            `${output.style(styles[status], status.padEnd(5))} ${output.style('bold', id.padEnd(11))} ${finding}`,
          );
          if (fix !== undefined) output.line(`      → ${fix}`);
        }
      }
      return checks.some(({ status }) => status === 'fail') ? 1 : 0;
    },
  });
};
