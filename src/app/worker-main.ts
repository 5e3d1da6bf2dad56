/** Where a worker's process begins: its end of the channel to the primary, and how it ends. */
import cluster from 'node:cluster';
import { createWorker } from './worker-process.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const { worker } = cluster;

/** An end that does not wait for ever for a channel that is full. */
const endMs = 2_000;

function send(message: FromWorker, sent: () => void = () => undefined): void {
  // A channel that is closed means a primary that is gone: node then ends a worker by itself.
  worker?.send(message, sent);
}

function end(code: number): void {
  // Unreferenced work of a drained proxy does not hold it: what was sent is out when the empty message is.
  setTimeout(() => process.exit(code), endMs);
  send({ type: 'active', exchanges: 0 }, () => process.exit(code));
}

// A terminal's and a service manager's signals reach the whole group: the primary decides what they mean.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

// SECURITY: an unexpected failure ends the process: what is in flight is cut, nothing passes unread.
process.on('uncaughtException', (error) => {
  send({
    type: 'log',
    level: 'error',
    fields: JSON.stringify({ type: error.name }),
    message: 'something failed inside a worker, and it ends',
  });
  // At once: on the platforms where a message is written at once the line is out; the primary reports the end itself.
  process.exit(70);
});

const hear = createWorker({ send, end });
worker?.on('message', (message: ToWorker) => hear(message));
send({ type: 'hello' });
