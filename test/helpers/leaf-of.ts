/** The certificate that a SecureContext presents, asked for over a real handshake. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import tls, { type SecureContext, type TLSSocket } from 'node:tls';

/** Starts a server with the context on 127.0.0.1, connects once without checking, and returns what it showed. */
export async function leafOf(context: SecureContext): Promise<X509Certificate> {
  const server = tls.createServer({
    SNICallback: (_, done) => {
      done(null, context);
    },
  });
  server.on('secureConnection', (socket: TLSSocket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  // Only here, where the certificate itself is under test.
  const socket = tls.connect({
    host: '127.0.0.1',
    port: address.port,
    servername: 'any.example',
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect');
    const der = socket.getPeerCertificate().raw;
    return new X509Certificate(der);
  } finally {
    socket.destroy();
    server.close();
    await once(server, 'close');
  }
}
