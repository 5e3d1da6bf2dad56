/** Where the running proxy of a home can be reached: written when it listens, removed when it ends. */
import { rmSync } from 'node:fs';
import { z } from 'zod';
import { readIfThere, writeWhole, type Home } from './home.ts';

const proxyState = z.strictObject({
  schemaVersion: z.literal(1),
  pid: z.number(),
  /** `http://host:port` of the proxy. */
  proxy: z.string(),
  /** `http://host:port` of the admin port. */
  admin: z.string(),
  version: z.string(),
  startedMs: z.number(),
  /** Whether `run` started it: it then ends by itself, and `env --if-running` does not count it. */
  isDetached: z.boolean(),
  ca: z.string(),
  bundle: z.string(),
});

export type ProxyState = z.infer<typeof proxyState>;

/** Says where the proxy can be reached. */
export function writeState(home: Home, state: Omit<ProxyState, 'schemaVersion'>): void {
  writeWhole(home.state, JSON.stringify({ schemaVersion: 1, ...state }) + '\n');
}

/** Takes the file away when the proxy ends. */
export function removeState(home: Home): void {
  rmSync(home.state, { force: true });
}

/** Reads what the last proxy wrote; it may be dead by now. Undefined when there is none that can be understood. */
export function readState(home: Home): ProxyState | undefined {
  const found = readIfThere(home.state);
  if (found === undefined) return undefined;
  try {
    const parsed = proxyState.safeParse(JSON.parse(found.toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON: as good as none. The lock, not this file, decides whether a proxy holds the home.
    return undefined;
  }
}
