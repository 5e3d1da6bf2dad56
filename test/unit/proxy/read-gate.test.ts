import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createGates } from '../../../src/proxy/read-gate.ts';

/** A source behind a gate, and what a reader as undici's has read of it. */
function guarded() {
  const gates = createGates();
  const source = new Readable({ read: () => undefined });
  gates.guard(source);
  const seen: string[] = [];
  source.on('readable', () => {
    for (let chunk: Buffer | null = source.read(); chunk !== null; chunk = source.read()) {
      seen.push(chunk.toString());
      if (seen.length === 1) gates.last?.close();
    }
  });
  return { gates, source, seen };
}

describe('a gate before a socket', () => {
  it('keeps what comes, and the end behind it, until it is opened', async () => {
    const { gates, source, seen } = guarded();
    let hasEnded = false;
    source.on('end', () => (hasEnded = true));
    source.push('one');
    await once(source, 'readable');
    source.push('two');
    source.push(null);
    await new Promise((resolve) => setImmediate(resolve));

    expect(seen).toEqual(['one']);
    expect(hasEnded).toBe(false);

    gates.last?.open();
    expect(seen).toEqual(['one']);
    await once(source, 'end');
    expect(seen).toEqual(['one', 'two']);
  });

  it('stays closed when it is closed again at once', async () => {
    const { gates, source, seen } = guarded();
    source.push('one');
    await once(source, 'readable');
    source.push('two');
    gates.last?.open();
    gates.last?.close();
    await new Promise((resolve) => setImmediate(resolve));

    expect(seen).toEqual(['one']);
  });

  it('names the socket that was read last', () => {
    const gates = createGates();
    const [first, second] = [new Readable({ read: () => undefined }), new Readable({ read: () => undefined })];
    gates.guard(first);
    gates.guard(second);
    expect(gates.last).toBeUndefined();
    first.read();
    const gate = gates.last;
    second.read();

    expect(gates.last).not.toBe(gate);
    first.read();
    expect(gates.last).toBe(gate);
  });
});
