/** A request body whose reader can be told nothing for a while: what is read meanwhile is kept, bounded, and told later. */
import type { Readable } from 'node:stream';

/** Told at once of what was kept, in bytes: then others have a turn. */
const sliceBytes = 262_144;

export interface HoldableBody {
  /** Begins, or goes on where it was held: what was kept first. */
  go(): void;
  /** Nothing is read or told until `go`. */
  hold(): void;
  /** While it is held: reads on all the same. Settles once so many bytes are kept, or all of the body. */
  readOn(bytes: number): Promise<void>;
  /** Nothing is told any more; the body is left paused. */
  detach(): void;
}

export interface BodyListener {
  /** Told of each chunk when it comes. */
  readonly onReceived: (chunk: Buffer) => void;
  /** The same chunks, but not while the body is held. */
  readonly onData: (chunk: Buffer) => void;
  readonly onEnd: () => void;
}

export function holdableBody(body: Readable, { onReceived, onData, onEnd }: BodyListener): HoldableBody {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let wantedBytes = 0;
  let onEnough: (() => void) | undefined;
  let isAttached = false;
  let isHeld = false;
  let hasEnded = false;
  let isOver = false;

  function read(): void {
    if (!isAttached) {
      isAttached = true;
      body.on('data', take);
      body.on('end', end);
    }
    // It is paused where it was held: then listening alone does not make it flow.
    body.resume();
  }

  function take(chunk: Buffer): void {
    onReceived(chunk);
    if (!isHeld) {
      onData(chunk);
      return;
    }
    kept.push(chunk);
    keptBytes += chunk.length;
    if (keptBytes < wantedBytes) return;
    body.pause();
    onEnough?.();
  }

  function end(): void {
    hasEnded = true;
    onEnough?.();
    if (!isHeld && kept.length === 0) onEnd();
  }

  const mayTell = (): boolean => !isHeld && !isOver;

  function tell(): void {
    let toldBytes = 0;
    while (mayTell()) {
      const chunk = kept.shift();
      if (chunk === undefined) {
        if (hasEnded) onEnd();
        else read();
        return;
      }
      keptBytes -= chunk.length;
      toldBytes += chunk.length;
      onData(chunk);
      if (toldBytes >= sliceBytes && kept.length > 0) {
        setImmediate(tell);
        return;
      }
    }
  }

  return {
    go() {
      isHeld = false;
      if (kept.length > 0) body.pause();
      tell();
    },
    hold() {
      isHeld = true;
      body.pause();
    },
    readOn(bytes) {
      wantedBytes = bytes;
      return new Promise((resolve) => {
        onEnough = resolve;
        if (hasEnded || keptBytes >= bytes || !isHeld || isOver) resolve();
        else read();
      });
    },
    detach() {
      isOver = true;
      body.off('data', take);
      body.off('end', end);
      body.pause();
    },
  };
}
