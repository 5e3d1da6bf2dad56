/** The admin port's API: what `status`, `stop`, `run` and `allow` ask of a running proxy. */
import type { AdminRoute } from '../admin/admin.ts';
import { AppError } from '../core/errors.ts';
import type { Counter } from './counts.ts';
import type { Engines } from './engines.ts';
import type { Front } from './front.ts';
import { describeProtection } from './protection.ts';
import type { Runs } from './runs.ts';
import { runRequestSchema, type Status } from './status.ts';

export interface AdminParts {
  readonly status: () => Status;
  readonly stop: () => Promise<void>;
  readonly engines: Engines;
  readonly runs: Runs;
  readonly counter: Counter;
  readonly front: Pick<Front, 'runAdded' | 'runEnded'>;
  readonly reload: () => Promise<boolean>;
}

/** The routes by method and path. */
export function adminRoutes(parts: AdminParts): Readonly<Record<string, AdminRoute>> {
  const { status, stop, engines, runs, counter, front, reload } = parts;
  return {
    'GET /api/status': () => ({ body: { status: status() } }),
    // Stopped once the answer is out: `ended` tells the process.
    'POST /api/stop': () => ({ body: {}, after: () => void stop() }),
    'POST /api/reload': async () => {
      if (!(await reload()))
        throw new AppError('ERR_CONFIG_INVALID', 'the configuration is not valid: the old one stays');
      return { body: { policyVersion: engines.base.policy.version } };
    },
    'POST /api/runs': async ({ body }) => {
      const request = runRequestSchema.safeParse(body);
      // The issues of the parser may quote values: only the place is told.
      if (!request.success) {
        const place = request.error.issues[0]?.path.join('.') ?? '';
        throw new AppError('ERR_INPUT_DATA', `not a run: ${place === '' ? 'the body' : place} is not as it should be`);
      }
      const { cwd, pid, variables } = request.data;
      const { run, user, password } = runs.register({ cwd, pid, startedMs: status().startedMs });
      try {
        const layer = engines.addRun(run.id, cwd, variables);
        // The credential is accepted everywhere once it is told.
        await front.runAdded(run.id);
        const protection = describeProtection(layer.protectedValues);
        return { body: { id: run.id, user, password, protection, warnings: layer.warnings } };
      } catch (error: unknown) {
        runs.end(run.id);
        throw error;
      }
    },
    'DELETE /api/runs/:id': async ({ params }) => {
      const id = params['id'] ?? '';
      const counts = counter.ofRun(id);
      if (!runs.end(id)) throw new AppError('ERR_INPUT_MISSING', 'there is no such run');
      engines.dropRun(id);
      await front.runEnded(id);
      counter.dropRun(id);
      return { body: { counts } };
    },
  };
}
