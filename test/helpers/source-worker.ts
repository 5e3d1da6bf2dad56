/** Starts a TypeScript worker of `src/` from a test: Node 20 cannot load one by itself. */
import { Worker } from 'node:worker_threads';

/** @param path the worker's file, from the repository's root */
export function sourceWorker(path: string, workerData: unknown): Worker {
  const url = JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${url}); })`;
  return new Worker(start, { eval: true, workerData });
}
