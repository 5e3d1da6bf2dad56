/** The thread that holds the record's one writing connection; it ends on the first failure and is started anew. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { systemCode } from '../core/errors.ts';
import { newEntry, type NewEntry } from './chain.ts';
import type { Store } from './store.ts';
import { openStore } from './store.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';

const retentionMs = 60 * 60 * 1000;

/** Serves one port until it is told to close or the store fails. */
function serve(port: MessagePort, { files, retentionDays, checkpointMs }: WorkerSettings): void {
  const say = (message: FromWorker): void => port.postMessage(message);
  let store: Store | undefined;

  const fail = (error: unknown): void => {
    const cause = error instanceof Error ? (systemCode(error.cause) ?? systemCode(error)) : undefined;
    say({ type: 'failed', message: error instanceof Error ? error.message : 'unknown', cause: cause ?? 'unknown' });
    end();
  };
  const end = (beforeLeaving?: () => void): void => {
    clearInterval(checkpoints);
    clearInterval(retention);
    store?.close();
    store = undefined;
    beforeLeaving?.();
    port.close();
  };
  /** Runs a step on the open store; a failure ends this worker. */
  const attempt = (step: (open: Store) => void): void => {
    try {
      if (store !== undefined) step(store);
    } catch (error: unknown) {
      fail(error);
    }
  };

  const retain = (): void => {
    attempt((open) => {
      const { dropped, isLast, problem } = open.retain(retentionDays);
      if (problem !== undefined) {
        say({
          type: 'note',
          level: 'error',
          message: 'old entries are kept because they do not fit their chain',
          fields: problem,
        });
      }
      if (dropped > 0) say({ type: 'note', level: 'info', message: 'old entries were dropped', fields: { dropped } });
      // Appends that came meanwhile go first.
      if (!isLast) setImmediate(retain);
    });
  };
  const checkpoints = setInterval(() => attempt((open) => open.checkpoint()), checkpointMs);
  const retention = setInterval(retain, retentionMs);

  port.on('message', (message: ToWorker) => {
    attempt((open) => {
      if (message.type === 'close') {
        open.checkpoint();
        // Closed before it is said: who hears it may read, copy or remove the files at once.
        end(() => say({ type: 'closed' }));
        return;
      }
      const entries: NewEntry[] = message.gap === undefined ? [] : [newEntry('gap', message.gap)];
      for (const [kind, id, time, text] of message.entries) entries.push({ kind, id, time, text });
      open.append(entries);
      say({ type: 'appended' });
    });
  });

  try {
    store = openStore(files, Date.now);
    if (store.problem !== undefined) {
      say({
        type: 'note',
        level: 'error',
        message: 'the record does not fit: run `sluice log verify`',
        fields: store.problem,
      });
    }
    say({ type: 'ready' });
    setImmediate(retain);
  } catch (error: unknown) {
    fail(error);
  }
}

if (parentPort !== null) serve(parentPort, workerData);
