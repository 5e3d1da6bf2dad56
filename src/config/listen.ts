/** Addresses to listen on, and what a listener that others can reach must ask of them. */
import type { Config } from './schema.ts';

export interface Address {
  /** Without brackets. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly isLoopback: boolean;
}

/** Splits a checked `host:port`. */
export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
  return { host, port: Number(text.slice(colon + 1)), isLoopback };
}

/** What is wrong with the listener, if anything: beyond loopback it must know who is speaking. */
export function listenerProblem(
  config: Config,
): { readonly path: string; readonly message: string; readonly hint: string } | undefined {
  const { listen, auth } = config;
  if (!parseAddress(listen).isLoopback && auth.mode !== 'required') {
    return {
      path: 'listen',
      message: `a listener beyond loopback (${listen}) needs auth.mode: required`,
      hint: 'set auth.mode to required with a users file, or listen on 127.0.0.1',
    };
  }
  if (auth.mode === 'required' && auth.users === undefined) {
    return {
      path: 'auth.mode',
      message: 'auth.mode: required needs a users file',
      hint: 'name it with auth.users; `sluice config user <name>` makes a line for it',
    };
  }
  return undefined;
}
