/** Two sockets joined: bytes both ways, half-closes kept, cut when either fails or both are silent. */
import type { Socket } from 'node:net';

export interface TunnelEnd {
  readonly fromClient: number;
  readonly fromUpstream: number;
  readonly reason?: string;
}

/** Joins the sockets and settles when both are closed. The upstream's bytes may be flowing already. */
export function joinSockets(client: Socket, upstream: Socket, idleMs: number): Promise<TunnelEnd> {
  return new Promise((resolve) => {
    let reason: string | undefined;
    const before = client.bytesRead - client.readableLength;
    const cut = (why: string) => (): void => {
      reason ??= why;
      client.destroy();
      upstream.destroy();
    };
    const onClose = (): void => {
      if (!client.destroyed || !upstream.destroyed) {
        // One side has closed for good: what it sent has been handed on, nothing can be sent to it any more.
        client.destroySoon();
        upstream.destroySoon();
        return;
      }
      const counts = { fromClient: client.bytesRead - before, fromUpstream: upstream.bytesRead };
      resolve(reason === undefined ? counts : { ...counts, reason });
    };
    for (const socket of [client, upstream]) {
      socket.setTimeout(idleMs, cut('idle'));
      socket.on('close', onClose);
    }
    client.on('error', cut('client reset'));
    upstream.on('error', cut('upstream reset'));
    client.pipe(upstream);
    upstream.pipe(client);
    if (client.destroyed || upstream.destroyed) cut('client gone')();
  });
}
