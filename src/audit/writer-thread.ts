/** The thread that writes the record, as the recorder sees it, and how it is started. */
import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

/** The part of a Worker that the recorder uses; tests pass their own. */
export interface WriterThread {
  postMessage(message: ToWorker): void;
  on(event: 'message', listener: (message: FromWorker) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: () => void): unknown;
  terminate(): Promise<unknown>;
}

/** From `dist/` the worker is JavaScript, from `src/` it is TypeScript. */
export function startWorker(settings: WorkerSettings): WriterThread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./worker.${extension}`, import.meta.url), { workerData: settings });
}
