/** Holds a unary request body until it has ended, inspecting it as it arrives. */
import type { Readable } from 'node:stream';
import type { BodyTransform } from '../core/transform.ts';
import { createBodyHold, pieceBytes } from './body-hold.ts';
import type { Lease } from './gather-memory.ts';
import { holdableBody } from './holdable-body.ts';
import type { IdleWatch } from './idle-watch.ts';

/**
 * Read of a body before it has room, once it is the next to get some, in bytes: its client may be gone, which shows only
 * behind what it had sent. On one machine that is what the kernel holds for it, a few megabytes.
 */
const aheadAtMost = 8 * 1024 * 1024;

/** How gathering ended. */
export type Gathered =
  /** `output` is what is to be sent, if the verdict says so; the array is the receiver's. */
  | { readonly kind: 'whole'; readonly output: Uint8Array[] }
  /** It outgrew the limit: these are its first bytes as received; the body is paused. */
  | { readonly kind: 'spilled'; readonly held: readonly Uint8Array[] }
  /** The transform stopped: the rest is to be drained. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'no-room' }
  /** Others wait for the room that it holds, and it hardly comes. */
  | { readonly kind: 'slow' }
  | { readonly kind: 'idle' };

export interface GatherOptions {
  readonly body: Readable;
  readonly transform: BodyTransform;
  readonly lease: Lease;
  readonly maxBytes: number;
  /** The declared length in bytes, if any: room for all of it is taken before the first byte is read. */
  readonly declared: number | undefined;
  readonly watch: IdleWatch;
  /** Told of every chunk, for the record. */
  readonly onBytes: (count: number) => void;
  /** Told of the time that inspection took, in milliseconds. */
  readonly onBusy: (startedMs: number) => void;
  readonly nowMs: () => number;
  /** Asked once all of the body is there: what it has to wait for before it ends, if anything; false: it need not end. */
  readonly beforeEnd: () => Promise<boolean> | undefined;
}

/**
 * Gathers a body. It never settles when the body is cut: the exchange is told of that by its client.
 *
 * @throws what the transform throws
 */
export function gatherBody(options: GatherOptions): Promise<Gathered> {
  const { body, transform, lease, maxBytes, declared, watch, onBytes, onBusy, nowMs, beforeEnd } = options;
  const output: Uint8Array[] = [];
  const hold = createBodyHold(declared === undefined ? undefined : Math.min(declared, maxBytes));
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  let leased = 0;

  return new Promise((resolve, reject) => {
    const watched = watch(() => settle({ kind: 'idle' }));
    const pace = lease.watch(() => settle({ kind: 'slow' }));

    function stopWatching(): void {
      watched.end();
      pace.end();
    }

    function detach(): void {
      stopWatching();
      source.detach();
      body.off('close', stopWatching);
    }

    function settle(gathered: Gathered): void {
      detach();
      resolve(gathered);
    }

    function fail(error: unknown): void {
      detach();
      reject(error instanceof Error ? error : new Error('inspection failed', { cause: error }));
    }

    function inspect(step: () => ReturnType<BodyTransform['end']>): boolean {
      const startedMs = nowMs();
      try {
        const { output: released, stop } = step();
        for (const chunk of released) output.push(chunk);
        if (stop === undefined) return true;
        settle({ kind: 'stopped' });
      } catch (error: unknown) {
        fail(error);
      } finally {
        onBusy(startedMs);
      }
      return false;
    }

    /** Takes room; false when the body waits for it, and goes on by itself. */
    function reserve(bytes: number): boolean {
      const room = lease.take(bytes, () => source.readOn(Math.min(bytes, aheadAtMost)));
      leased += bytes;
      if (room === true) return true;
      source.hold();
      void Promise.resolve(room).then((hasRoom) => {
        if (hasRoom) source.go();
        else settle({ kind: 'no-room' });
      });
      return false;
    }

    function count({ length }: Buffer): void {
      watched.moved();
      pace.moved(length);
      onBytes(length);
    }

    function take(received: Buffer): void {
      const chunk = hold.add(received);
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes > maxBytes) {
        settle({ kind: 'spilled', held });
        return;
      }
      if (!inspect(() => transform.push(chunk))) return;
      if (heldBytes > leased) reserve(Math.max(pieceBytes, heldBytes - leased));
    }

    function end(): void {
      if (inspect(() => transform.end())) settle({ kind: 'whole', output });
    }

    function finish(): void {
      let wait: Promise<boolean> | undefined;
      try {
        wait = beforeEnd();
      } catch (error: unknown) {
        fail(error);
        return;
      }
      if (wait === undefined) {
        end();
        return;
      }
      // The body is all there: it cannot stop coming.
      stopWatching();
      wait.then((mayEnd) => {
        if (mayEnd) end();
      }, fail);
    }

    body.on('close', stopWatching);
    const source = holdableBody(body, { onReceived: count, onData: take, onEnd: finish });
    if (declared === undefined || declared === 0 || reserve(Math.min(declared, maxBytes))) source.go();
  });
}
