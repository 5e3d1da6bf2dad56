/** Ends the client's TLS with a certificate for the host it asked for, and hands on by the protocol agreed. */
import type { Socket } from 'node:net';
import { createServer, TLSSocket, type SecureContext } from 'node:tls';
import type { ProxyTimeouts } from './settings.ts';

export interface TlsFrontOptions<Place> {
  readonly secureContextFor: (host: string) => SecureContext | Promise<SecureContext>;
  readonly timeouts: ProxyTimeouts;
  readonly onHttp1: (socket: TLSSocket, place: Place) => void;
  readonly onHttp2: (socket: TLSSocket, place: Place) => void;
}

export interface TlsFront<Place> {
  /** Takes a raw socket with its ClientHello unread. `certificateHost` counts when that asks for no name. */
  accept(socket: Socket, place: Place, hello: { readonly serverName?: string }, certificateHost: string): Promise<void>;
}

/** Names a connection by its two ends, which the TLS socket shares with the raw one below it. */
function connectionKey({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? 0} ${localPort ?? 0}`;
}

/** Creates the front: one long-lived TLS server for every host, which is much cheaper than one for each. */
export function createTlsFront<Place>(options: TlsFrontOptions<Place>): TlsFront<Place> {
  const { secureContextFor, timeouts, onHttp1, onHttp2 } = options;
  const places = new Map<string, Place>();

  const server = createServer({
    ALPNProtocols: ['h2', 'http/1.1'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: timeouts.handshake,
    SNICallback: (name, done) => {
      Promise.resolve()
        .then(() => secureContextFor(name))
        .then(
          (context) => done(null, context),
          (error: unknown) => done(error instanceof Error ? error : new Error('no certificate', { cause: error })),
        );
    },
  });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    const place = places.get(connectionKey(socket));
    if (place === undefined) socket.destroy();
    else if (socket.alpnProtocol === 'h2') onHttp2(socket, place);
    else onHttp1(socket, place);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  /** Without a name the shared server has no certificate to show; such clients are old or go by address. */
  async function acceptNameless(socket: Socket, place: Place, host: string): Promise<void> {
    const secureContext = await secureContextFor(host);
    const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
    const timer = setTimeout(() => secure.destroy(), timeouts.handshake);
    secure.on('error', () => secure.destroy());
    secure.on('close', () => clearTimeout(timer));
    secure.once('secure', () => {
      clearTimeout(timer);
      onHttp1(secure, place);
    });
  }

  return {
    async accept(socket, place, { serverName }, certificateHost) {
      if (serverName === undefined) {
        await acceptNameless(socket, place, certificateHost);
        return;
      }
      const key = connectionKey(socket);
      places.set(key, place);
      socket.on('close', () => places.delete(key));
      server.emit('connection', socket);
    },
  };
}
