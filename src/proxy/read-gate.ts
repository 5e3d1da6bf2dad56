/**
 * Stops what reads from a socket by giving it nothing, in place of a pause of its own.
 *
 * undici's parser must not be paused when its connection ends: it throws then, where nobody can catch it, or takes a
 * reply that is whole for one that was cut (7.30, `Parser.finish`). Behind a gate the end waits for what is before it.
 */
import type { Readable } from 'node:stream';

export interface Gate {
  /** What the socket holds stays there, and so with the sender once that is full. */
  close(): void;
  /** Reading goes on after this turn. */
  open(): void;
}

export interface Gates {
  /** Puts a gate before a socket's `read`, for readers that wait for 'readable'. */
  guard(socket: Readable): void;
  /** The gate of the socket that was read last: that of a parser, within what it tells. */
  readonly last: Gate | undefined;
}

function gateOf(socket: Readable, onRead: (gate: Gate) => void): Gate {
  const read = socket.read.bind(socket);
  let isOpen = true;
  const gate: Gate = {
    close() {
      isOpen = false;
    },
    open() {
      if (isOpen) return;
      isOpen = true;
      // Later, and not within the parser that may be the one who asks.
      setImmediate(() => {
        if (isOpen && !socket.destroyed) socket.emit('readable');
      });
    },
  };
  socket.read = (size?: number): unknown => {
    // Node's own `read(0)` takes nothing out: it only keeps the socket filled.
    if (!isOpen && size !== 0) return null;
    onRead(gate);
    return read(size);
  };
  return gate;
}

/** Makes the gates of one pool of connections. */
export function createGates(): Gates {
  let last: Gate | undefined;
  return {
    guard(socket) {
      gateOf(socket, (gate) => {
        last = gate;
      });
    },
    get last() {
      return last;
    },
  };
}
