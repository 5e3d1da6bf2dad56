/** Forks workers with node:cluster, which shares one listener among them. */
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { Forked } from './cluster-worker.ts';
import type { FromWorker } from './worker-messages.ts';

/** From `dist/` the worker is JavaScript, from `src/` it is TypeScript. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

// Workers accept from the one socket themselves. Handed out in turn by the primary, a connection on its way to a worker
// that dies is never closed, and its client waits for ever.
cluster.schedulingPolicy = cluster.SCHED_NONE;

/** Starts a worker's process. It ends with this one: node ends a worker whose channel to the primary closes. */
export function forkWorker(): Forked {
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(`./worker-main.${extension}`, import.meta.url)),
    args: [],
    // Protected values are bytes, and maps are maps: JSON has neither.
    serialization: 'advanced',
    // Results are the primary's to print.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const worker = cluster.fork();
  // A message to a worker that is just ending fails here too; `exit` follows.
  worker.on('error', () => undefined);
  return {
    pid: worker.process.pid,
    send: (message) => void worker.send(message, () => undefined),
    onMessage: (listener) => void worker.on('message', (message: FromWorker) => listener(message)),
    // Not `exit`, which may come before its last messages, and never when the process could not be started at all.
    onExit: (listener) => void worker.process.once('close', listener),
    kill: () => void worker.process.kill('SIGKILL'),
  };
}
