/** HTTP/1.1 servers that take sockets from elsewhere, with strict parsing and every time limit set. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerAndClose } from './raw-answer.ts';
import type { ProxyTimeouts } from './settings.ts';

export type Http1Handler = (request: IncomingMessage, reply: ServerResponse) => void;

/** Names, values and request line together; assistants send a few KB, git metadata and cookies included. */
export const maxHeaderBytes = 65_536;

/** Whether the parser refused a message: not a time that ran out, nor a client that went away within one. */
function isBrokenMessage({ code = '' }: NodeJS.ErrnoException): boolean {
  return code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE';
}

/**
 * Creates a server whose every request, with `Expect: 100-continue` or without, comes to the handler.
 * @param onBroken told, once for each connection, of a message that is refused: it is no HTTP/1.1, or too large
 */
export function createHttp1Server(
  timeouts: ProxyTimeouts,
  handle: Http1Handler,
  onBroken?: (socket: Duplex, reason: string) => void,
): Server {
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: maxHeaderBytes,
    noDelay: true,
    keepAliveTimeout: timeouts.idle,
    headersTimeout: timeouts.headers,
    // Bodies have limits of their own: an upload may take as long as it moves.
    requestTimeout: 0,
    connectionsCheckingInterval: 5_000,
  });
  // Node drops headers beyond its count without a word; their size is bounded already.
  server.maxHeadersCount = 0;
  server.on('request', handle);
  server.on('checkContinue', (request: IncomingMessage, reply: ServerResponse) => {
    reply.writeContinue();
    handle(request, reply);
  });
  server.on('checkExpectation', (_request: IncomingMessage, reply: ServerResponse) => {
    reply.writeHead(417, { 'Content-Length': 0, Connection: 'close' });
    reply.end();
  });
  const answered = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What follows a broken message cannot be told from an attack: it is drained unread, so that the answer arrives.
    if (answered.has(socket)) return;
    answered.add(socket);
    if (error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const isOverflow = error.code === 'HPE_HEADER_OVERFLOW';
    const reason = isOverflow
      ? `the request's headers are larger than ${maxHeaderBytes} bytes`
      : 'the request cannot be read as HTTP/1.1';
    if (isBrokenMessage(error)) onBroken?.(socket, reason);
    answerAndClose(socket, isOverflow ? 431 : 400, reason);
  });
  return server;
}
