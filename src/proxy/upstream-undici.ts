/** HTTP/1.1 to upstreams through undici's pools: the lean path, for all that it carries unchanged. */
import type { Socket } from 'node:net';
import { Pool, type buildConnector, type Dispatcher } from 'undici';
import { toAppError } from '../core/errors.ts';
import { formatHostPort } from './connect-target.ts';
import type { Dialer, UpstreamTarget } from './dialer.ts';
import { fromFlat, joinCookies, toFlat } from './headers.ts';
import { createGates, type Gate, type Gates } from './read-gate.ts';
import type { ProxyTimeouts } from './settings.ts';
import type { UpstreamCall, UpstreamFlow, UpstreamListener } from './upstream-call.ts';

export interface UndiciUpstream {
  send(call: UpstreamCall, listener: UpstreamListener): UpstreamFlow;
  close(): Promise<void>;
}

/** How long an unused connection is kept: below what vendors' front ends keep, so that few are stale. */
const keepAliveMs = 10_000;
const maxPools = 256;
const maxHeaderBytes = 65_536;
/** Requests that may be sent twice (RFC 9110 §9.2.2). */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Takes undici's callbacks. It is the handler itself, so that a request costs one object; and it is of the older kind,
 * because undici wraps the newer one and then parses the headers into an object that loses their order.
 */
class Flow implements UpstreamFlow, Dispatcher.DispatchHandler {
  private abortCall: ((error?: Error) => void) | undefined;
  private gate: Gate | undefined;
  private isDone = false;
  private hasHead = false;
  private isRetried = false;
  private readonly gates: Gates;
  private readonly listener: UpstreamListener;
  private readonly retry: (() => void) | undefined;

  constructor(gates: Gates, listener: UpstreamListener, retry: ((flow: Flow) => void) | undefined) {
    this.gates = gates;
    this.listener = listener;
    this.retry = retry === undefined ? undefined : () => retry(this);
  }

  abort(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.gate?.open();
    this.abortCall?.(new Error('aborted'));
  }

  resume(): void {
    this.gate?.open();
  }

  onConnect(abort: (error?: Error) => void): void {
    this.abortCall = abort;
    if (this.isDone) abort(new Error('aborted'));
  }

  onHeaders(status: number, flat: Buffer[]): boolean {
    if (this.isDone) return true;
    const head = { status, headers: fromFlat(flat) };
    if (status < 200) {
      this.listener.onInfo(head);
      return true;
    }
    this.hasHead = true;
    // The parser tells this while its socket's bytes are read.
    this.gate = this.gates.last;
    if (!this.listener.onHead(head)) this.gate?.close();
    return true;
  }

  /** What is read already comes all the same. */
  onData(chunk: Buffer): boolean {
    if (!this.isDone && !this.listener.onData(chunk)) this.gate?.close();
    return true;
  }

  onComplete(trailers: string[] | null): void {
    if (this.isDone) return;
    this.isDone = true;
    // The connection is the next request's.
    this.gate?.open();
    this.listener.onEnd(fromFlat(trailers ?? []));
  }

  onError(error: Error): void {
    if (this.isDone) return;
    // A connection that the other side closed while it was idle: what is idempotent is tried once more.
    if (this.retry !== undefined && !this.isRetried && !this.hasHead && isHangUp(error)) {
      this.isRetried = true;
      this.retry();
      return;
    }
    this.isDone = true;
    this.listener.onError(error);
  }

  /** For what undici throws before it takes the request. */
  fail(error: unknown): void {
    if (this.isDone) return;
    this.isDone = true;
    this.listener.onError(error);
  }
}

function isHangUp(error: Error): boolean {
  return 'code' in error && (error.code === 'UND_ERR_SOCKET' || error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** Creates the pools, one for each place and name, made as they are needed. */
export function createUndiciUpstream(dialer: Dialer, timeouts: ProxyTimeouts): UndiciUpstream {
  const pools = new Map<string, Pool>();
  const gates = createGates();

  function poolFor(target: UpstreamTarget): Pool {
    const key = `${target.scheme} ${formatHostPort(target)} ${target.tlsName}`;
    const known = pools.get(key);
    if (known !== undefined) {
      if (pools.size > maxPools / 2) {
        pools.delete(key);
        pools.set(key, known);
      }
      return known;
    }
    const connect = (_options: unknown, done: buildConnector.Callback): void => {
      const opening: Promise<Socket> =
        target.scheme === 'https' ? dialer.secure(target, ['http/1.1']) : dialer.plain(target);
      opening.then(
        (socket) => {
          gates.guard(socket);
          done(null, socket);
        },
        (error: unknown) => done(toAppError(error, 'ERR_UPSTREAM', 'cannot connect'), null),
      );
    };
    const pool = new Pool(`${target.scheme}://${formatHostPort(target)}`, {
      connect,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: timeouts.reply,
      bodyTimeout: timeouts.reply,
      allowH2: false,
    });
    pools.set(key, pool);
    if (pools.size > maxPools) dropOldest();
    return pool;
  }

  function dropOldest(): void {
    const oldest = pools.entries().next();
    if (oldest.done === true) return;
    const [key, pool] = oldest.value;
    pools.delete(key);
    // Voided: it ends when its requests have, and nobody waits for that.
    void pool.close().catch(() => pool.destroy());
  }

  return {
    send(call, listener) {
      const headers = toFlat(joinCookies(call.headers));
      if (call.contentLength !== undefined && !(call.body instanceof Uint8Array)) {
        headers.push('content-length', String(call.contentLength));
      }
      const options: Dispatcher.DispatchOptions = {
        method: call.method,
        path: call.path,
        headers,
        body: call.body ?? null,
        idempotent: false,
        blocking: false,
      };
      const dispatch = (flow: Flow): void => {
        try {
          poolFor(call.target).dispatch(options, flow);
        } catch (error: unknown) {
          flow.fail(error);
        }
      };
      const flow = new Flow(
        gates,
        listener,
        call.body === undefined && idempotent.has(call.method) ? dispatch : undefined,
      );
      dispatch(flow);
      return flow;
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}
