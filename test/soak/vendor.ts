/** The soak test's vendor: answers, streams, echoes or never answers, and notes secrets that reached it. */
import { createServer, type Server } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenAnywhere } from '../helpers/listening.ts';
import { createThrowawayAuthority } from '../helpers/throwaway-authority.ts';

export interface SoakVendor {
  readonly port: number;
  readonly caPath: string;
  readonly ca: string;
  /** Requests in which a secret stood, which must stay 0. */
  readonly leaks: () => number;
  readonly stop: () => Promise<void>;
}

/** Cuts a text into the deltas of a streamed message. */
function sseOf(said: string): readonly string[] {
  const event = (data: Readonly<Record<string, unknown>>): string =>
    `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`;
  const deltas = (said.match(/.{1,7}/gs) ?? []).map((text) =>
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  );
  return [
    event({ type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [] } }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    ...deltas,
    event({ type: 'content_block_stop', index: 0 }),
    event({ type: 'message_stop' }),
  ];
}

/** What the last words of a request were, as the vendor sees them. */
function lastWords(body: string): string {
  return /"content":"([^"]{0,200})"\}\]\}$/.exec(body)?.[1] ?? '';
}

/** Starts it. `secrets` are those that requests hold before they are masked. */
export async function startSoakVendor(secrets: readonly string[]): Promise<SoakVendor> {
  const authority = createThrowawayAuthority();
  let leaks = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const mode = new URL(request.url ?? '', 'https://vendor').searchParams.get('mode');
    if (mode === 'count') {
      let size = 0;
      for await (const chunk of request) if (Buffer.isBuffer(chunk)) size += chunk.length;
      response.end(JSON.stringify({ size }));
      return;
    }
    const body = await readText(request);
    if (secrets.some((secret) => body.includes(secret))) leaks += 1;
    if (mode === 'never') return;
    if (mode !== 'sse') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ type: 'message', content: [{ type: 'text', text: lastWords(body) }] }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of sseOf(lastWords(body))) {
      response.write(event);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
  const server: Server = createServer(
    {
      SNICallback: (host, done) => done(null, authority.secureContextFor(host)),
      requestTimeout: 0,
      keepAliveTimeout: 60_000,
    },
    (request, response) => {
      // A client that went away ends its request with an error: there is nobody to tell.
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      answer(request, response).catch(() => response.destroy());
    },
  );
  server.on('tlsClientError', () => undefined);
  const port = await listenAnywhere(server);
  return {
    port,
    caPath: authority.caPath,
    ca: authority.certificatePem,
    leaks: () => leaks,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      authority.remove();
    },
  };
}
