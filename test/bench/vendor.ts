/** The benchmark's vendor, a process of its own: reads or stalls, answers small, streams, or floods. */
import { createServer } from 'node:https';
import { createThrowawayAuthority } from '../helpers/throwaway-authority.ts';
import { listenAnywhere } from '../helpers/listening.ts';
import { vendorHost } from './protocol.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** How much a flooding reply holds. */
const floodBytes = 10_000_000;

const small = JSON.stringify({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'ok' }],
});
const firstEvent = 'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1"}}\n\n';
const lastEvent = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
const deltaEvent = `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${'word '.repeat(200)}"}}\n\n`;

async function drain(request: IncomingMessage): Promise<void> {
  request.resume();
  await new Promise((resolve) => request.once('end', resolve));
}

function flood(response: ServerResponse): void {
  let left = floodBytes;
  const more = (): void => {
    while (left > 0) {
      left -= deltaEvent.length;
      if (!response.write(deltaEvent)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const mode = new URL(request.url ?? '', 'https://vendor').searchParams.get('mode');
  // The body stays unread: what has been sent of it waits in the kernel's buffers.
  if (mode === 'stall') return;
  await drain(request);
  if (mode === 'flood') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    flood(response);
  } else if (mode === 'sse') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(firstEvent);
    // After the first event, not with it: a proxy that waits for the end would be seen.
    setTimeout(() => response.end(lastEvent), 20);
  } else {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(small) });
    response.end(small);
  }
}

const authority = createThrowawayAuthority();
const server = createServer(
  {
    SNICallback: (host, done) => done(null, authority.secureContextFor(host)),
    requestTimeout: 0,
    keepAliveTimeout: 60_000,
  },
  (request, response) => {
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    // Only a client that went away can end it: there is nobody to tell.
    answer(request, response).catch(() => response.destroy());
  },
);
server.on('tlsClientError', () => undefined);
authority.secureContextFor(vendorHost);
const port = await listenAnywhere(server);
process.send?.({ port, caPath: authority.caPath });
process.on('disconnect', () => {
  authority.remove();
  process.exit(0);
});
