/** Reads a refused upload on for a while: a reply to a client that is still sending would not reach it. */
import type { Readable } from 'node:stream';

/** Reads and drops the rest; returns whether it came to its end within the limits. */
export function drainBody(
  body: Readable,
  maxBytes: number,
  timeoutMs: number,
  onBytes: (count: number) => void,
): Promise<boolean> {
  if (body.readableEnded || body.destroyed) return Promise.resolve(body.readableEnded);
  return new Promise((resolve) => {
    let left = maxBytes;
    const timer = setTimeout(() => settle(false), timeoutMs);
    const onData = (chunk: Buffer): void => {
      onBytes(chunk.length);
      left -= chunk.length;
      if (left < 0) settle(false);
    };
    const onEnd = (): void => settle(true);
    const onClose = (): void => settle(body.readableEnded);
    function settle(isWhole: boolean): void {
      clearTimeout(timer);
      body.off('data', onData);
      body.off('end', onEnd);
      body.off('close', onClose);
      if (!isWhole) body.pause();
      resolve(isWhole);
    }
    body.on('data', onData);
    body.on('end', onEnd);
    body.on('close', onClose);
    body.resume();
  });
}
