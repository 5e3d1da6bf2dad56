/** Stops a running proxy and waits until its process is gone. */
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../core/errors.ts';
import type { AdminClient } from './admin-client.ts';
import { isAlive } from './process-alive.ts';

/** Longer than exchanges may take to drain. */
const stopMs = 30_000;
const lookMs = 50;

/** @throws AppError `ERR_IO` when it does not end in time. */
export async function stopProxy(admin: AdminClient): Promise<void> {
  await admin.call('POST', '/api/stop');
  // The process is not our child: looking is the only way to see it go.
  for (let waited = 0; isAlive(admin.state.pid); waited += lookMs) {
    if (waited >= stopMs) throw new AppError('ERR_IO', `the proxy (pid ${admin.state.pid}) does not end`);
    await wait(lookMs);
  }
}
