/** A vendor that speaks bytes, not HTTP: for what well-behaved servers never do. */
import { once } from 'node:events';
import { createServer, type SecureContext, type TLSSocket } from 'node:tls';
import { listenAnywhere } from './listening.ts';

export interface RawVendor {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Listens with TLS; `serve` has each connection to itself. */
export async function createRawVendor(
  secureContextFor: (host: string) => SecureContext,
  serve: (socket: TLSSocket) => void,
): Promise<RawVendor> {
  const sockets = new Set<TLSSocket>();
  let connections = 0;
  const server = createServer(
    { ALPNProtocols: ['http/1.1'], SNICallback: (host, done) => done(null, secureContextFor(host)) },
    (socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
      serve(socket);
    },
  );
  // A client that does not trust the certificate ends the handshake: that is the client's affair.
  server.on('tlsClientError', () => undefined);
  return {
    port: await listenAnywhere(server),
    connections: () => connections,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
