/** Answers written on a bare socket: to CONNECT, and to what is no HTTP. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Says that the tunnel stands. */
export const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** Writes a whole answer and ends the connection; some clients show its body, so it says what to do. */
export function answerAndClose(socket: Duplex, status: number, message: string, extra: readonly string[] = []): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = `Sluice: ${message}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...extra,
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  // A client that never closes its side does not keep the socket.
  setTimeout(() => socket.destroy(), 2_000).unref();
  socket.resume();
}
