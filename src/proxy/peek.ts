/** Waits for a connection's ClientHello and leaves its bytes where they were. */
import type { Socket } from 'node:net';
import { peekClientHello, type Peeked } from './client-hello.ts';

/** `gone`: the client hung up, or said nothing in time. */
export type Hello = Exclude<Peeked, { kind: 'more' | 'not-tls' }> | { readonly kind: 'not-tls' | 'gone' };

/** Reads until the ClientHello is whole, or is none; the socket is left paused with all its bytes unread. */
export function peekHello(socket: Socket, timeoutMs: number): Promise<Hello> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => settle({ kind: 'gone' }), timeoutMs);
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      const peeked = peekClientHello(Buffer.concat(chunks));
      if (peeked.kind === 'hello') settle(peeked);
      else if (peeked.kind === 'not-tls') settle({ kind: 'not-tls' });
    };
    const onGone = (): void => settle({ kind: 'gone' });
    function settle(hello: Hello): void {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('end', onGone);
      socket.off('close', onGone);
      socket.pause();
      if (chunks.length > 0 && !socket.destroyed && !socket.readableEnded) socket.unshift(Buffer.concat(chunks));
      resolve(hello);
    }
    socket.on('data', onData);
    socket.on('end', onGone);
    socket.on('close', onGone);
    socket.resume();
  });
}
