/** The proxy: one listener, its connections, and the exchanges on them. */
import { headerValue } from '../core/http.ts';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, systemCode } from '../core/errors.ts';
import { Http1Client } from './client-http1.ts';
import { Http2Client } from './client-http2.ts';
import type { ClientSide } from './client-side.ts';
import { createConnectHandler } from './connect-handler.ts';
import { canonicalHost, formatHostPort, parseHostPort, type HostPort } from './connect-target.ts';
import { drainBody } from './drain.ts';
import type { ExchangeDeps, Place } from './exchange-deps.ts';
import { ExchangeRun } from './exchange-run.ts';
import { plainReply, sendLocal } from './local-reply.ts';
import { describeError } from './failure-text.ts';
import { createGatherMemory } from './gather-memory.ts';
import { createHttp1Server } from './http1-front.ts';
import { acceptHttp2, type Http2Request } from './http2-front.ts';
import { ownReason } from './own-addresses.ts';
import { createIdleWatch } from './idle-watch.ts';
import { createLinger } from './linger.ts';
import { createPendingBudget } from './pending-budget.ts';
import { defaultTimeouts, drainBytes, type ProxyDeps, type ProxyStats } from './settings.ts';
import { createTlsFront } from './tls-front.ts';
import { createUpstream } from './upstream.ts';

export interface Proxy {
  /** Starts listening; port 0 takes any. @throws AppError `ERR_PORT_IN_USE`, `ERR_PERMISSION` or `ERR_CANNOT_CREATE` */
  listen(place: HostPort): Promise<HostPort>;
  /** Where it listens, once it does. */
  readonly address: HostPort | undefined;
  /** Takes nothing new, lets what runs end until the deadline, then cuts. Returns whether all had ended. */
  drain(deadlineMs: number): Promise<boolean>;
  /** Cuts everything at once. */
  close(): Promise<void>;
  readonly stats: Readonly<ProxyStats>;
}

/** How long the last bytes of a drain may take to leave. */
const flushMs = 1_000;

/** An absolute-form target (RFC 9112 §3.2.2) of plain http, without userinfo. */
const absoluteHttp = /^http:\/\/([^/?#@]+)(\/[^#]*|\?[^#]*)?$/i;

/** Creates the proxy; nothing listens until it is told. */
export function createProxy(deps: ProxyDeps): Proxy {
  const timeouts = { ...defaultTimeouts, ...deps.timeouts };
  const memory = createGatherMemory(() => deps.settings().gatherMemory, timeouts.room);
  const stats: ProxyStats = {
    connections: 0,
    tunnels: 0,
    exchanges: 0,
    refused: 0,
    upstreamErrors: 0,
    auditLost: 0,
    activeExchanges: 0,
    activeTunnels: 0,
    get gatheredBytes() {
      return memory.usedBytes;
    },
  };
  let address: HostPort | undefined;
  let isDraining = false;
  let onIdle: (() => void) | undefined;
  const sockets = new Set<Socket>();
  /** The TLS sockets among them: what they still hold goes out before a drain ends. */
  const secureSockets = new Set<Socket>();
  const sessions = new Set<Http2Session>();
  const places = new WeakMap<Duplex, Place>();

  const own = (): readonly HostPort[] => [
    ...(address === undefined ? [] : [address]),
    ...(deps.ownAddresses?.() ?? []),
  ];
  const upstream = createUpstream(
    {
      ...deps.upstream,
      addressPolicy: (ip, port) => ownReason(ip, port, own()) ?? deps.upstream.addressPolicy?.(ip, port),
    },
    timeouts,
  );
  const pending = createPendingBudget();
  const linger = createLinger(timeouts.linger);
  const bodyWatch = createIdleWatch(timeouts.bodyIdle);
  const shared: ExchangeDeps = { deps, timeouts, stats, memory, pending, linger, bodyWatch, upstream };

  /** Refuses a request that no exchange stands for. */
  async function refuse(client: ClientSide, status: number, message: string): Promise<void> {
    stats.refused += 1;
    const isWhole = !client.hasBody || (await drainBody(client.body, drainBytes, timeouts.drain, () => undefined));
    if (!isWhole) client.closeAfter();
    sendLocal(client, plainReply(status, message));
  }

  function refuseLater(client: ClientSide, status: number, message: string): void {
    refuse(client, status, message).catch((error: unknown) => {
      deps.logger.debug(describeError(error), 'a refusal could not be sent');
      client.cut();
    });
  }

  /** Puts a request that never became an exchange into the record: what was wrong with it, and for which place it was. */
  function recordRefused({ peer, target, judgedHost }: Place, reason: string): void {
    const inspector = deps.inspectorFor(peer);
    const context = { id: deps.clock.newId(), nowMs: deps.clock.nowMs(), action: 'error' as const, reason };
    deps.recorder
      .decision(inspector.connection(inspector.route(judgedHost, target.port), target.port, peer, context))
      .catch((error: unknown) => deps.logger.error(describeError(error), 'a refusal was not recorded'));
  }

  function runExchange(client: ClientSide, place: Place): void {
    stats.exchanges += 1;
    stats.activeExchanges += 1;
    const over = (): void => {
      stats.activeExchanges -= 1;
      if (stats.activeExchanges === 0) onIdle?.();
    };
    if (isDraining) client.closeAfter();
    let run: ExchangeRun;
    try {
      run = new ExchangeRun(shared, place, client, over);
    } catch (error: unknown) {
      over();
      deps.logger.error(describeError(error), 'an exchange could not begin');
      refuseLater(client, 500, 'internal error');
      return;
    }
    // Voided: it never rejects, and ends with its client.
    void run.run();
  }

  /** The last authority that was read. */
  let lastNamed: { authority: string | undefined; scheme: 'https' | 'http'; place: HostPort | undefined } = {
    authority: undefined,
    scheme: 'https',
    place: undefined,
  };

  /** Whether a request names the place that its connection was opened for. */
  function isFor(authority: string | undefined, { target, judgedHost }: Place): boolean {
    // A connection's requests name the same place as a rule, in its very spelling.
    if (authority !== lastNamed.authority || target.scheme !== lastNamed.scheme) {
      const place = parseHostPort(authority ?? '', target.scheme === 'https' ? 443 : 80);
      lastNamed = { authority, scheme: target.scheme, place };
    }
    const named = lastNamed.place;
    if (named === undefined || named.port !== target.port) return false;
    return named.host === target.host || (named.host === target.tlsName && named.host === judgedHost);
  }

  function begin(client: ClientSide, authority: string | undefined, place: Place): void {
    // SECURITY: Node undoes `chunked` alone: under another transfer coding the body would leave unread. Guarded by
    // bad-input.test.ts, "with an unknown transfer coding …".
    const transferCoding = headerValue(client.headers, 'transfer-encoding') ?? 'chunked';
    if (transferCoding.trim().toLowerCase() !== 'chunked') {
      client.closeAfter();
      recordRefused(place, 'its transfer coding is not one that can be read');
      refuseLater(client, 400, 'its transfer coding is not one that can be read');
    }
    // SECURITY: routing follows CONNECT, never an inner Host. Guarded by exchange.test.ts, "answers 421 …".
    else if (isFor(authority, place)) runExchange(client, place);
    else {
      recordRefused(place, 'the request names another host than its connection');
      refuseLater(client, 421, `this connection is for ${formatHostPort(place.target, 443)}`);
    }
  }

  /** The one Host of a request; undefined when there is none, or more than one. */
  function onlyHost(client: ClientSide): string | undefined {
    const hosts = client.headers.filter(([name]) => name.toLowerCase() === 'host');
    return hosts.length === 1 ? hosts[0]?.[1] : undefined;
  }

  const inner = createHttp1Server(
    timeouts,
    (request, reply) => {
      guarded(request.socket, () => {
        const place = places.get(request.socket);
        const client = new Http1Client(request, reply, 'https', request.url ?? '');
        if (place === undefined) client.cut();
        else if (!client.target.startsWith('/')) {
          recordRefused(place, 'the target is not in origin form');
          refuseLater(client, 400, 'the target is not in origin form');
        } else begin(client, onlyHost(client), place);
      });
    },
    (socket, reason) => {
      const place = places.get(socket);
      if (place !== undefined) recordRefused(place, reason);
    },
  );
  // It never listens itself: this starts its time limits.
  inner.emit('listening');

  function onHttp2Stream(place: Place, stream: ConstructorParameters<typeof Http2Client>[0], head: Http2Request): void {
    guarded(stream, () => {
      if ('problem' in head) {
        const client = new Http2Client(stream, { method: 'GET', target: '/', headers: [] });
        recordRefused(place, head.problem);
        refuseLater(client, 400, head.problem);
      } else begin(new Http2Client(stream, head), head.authority, place);
    });
  }

  const front = createTlsFront<Place>({
    secureContextFor: deps.secureContextFor,
    timeouts,
    onHttp1: (socket, place) => {
      track(socket, secureSockets);
      places.set(socket, place);
      inner.emit('connection', socket);
    },
    onHttp2: (socket, place) => {
      track(socket, secureSockets);
      const session = acceptHttp2(socket, {
        timeouts,
        nowMs: () => deps.clock.monotonicMs(),
        onStream: (stream, head) => onHttp2Stream(place, stream, head),
      });
      sessions.add(session);
      session.on('close', () => sessions.delete(session));
    },
  });

  function ownTarget({ host, port }: HostPort): string | undefined {
    return ownReason(host === 'localhost' ? '127.0.0.1' : host, port, own());
  }

  async function absolute(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    const match = absoluteHttp.exec(url);
    const to = match === null ? undefined : parseHostPort(match[1] ?? '', 80);
    const rest = match?.[2] ?? '/';
    const client = new Http1Client(request, reply, 'http', rest.startsWith('?') ? `/${rest}` : rest);
    const auth = await deps.authenticate(request.headers['proxy-authorization']);
    if (!auth.ok) {
      await drainBody(request, drainBytes, timeouts.drain, () => undefined);
      reply.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="sluice", charset="UTF-8"', 'Content-Length': 0 });
      reply.end();
      return;
    }
    if (to === undefined) {
      const isHttps = /^https:/i.test(url);
      return refuse(
        client,
        400,
        isHttps ? 'https:// is asked for with CONNECT' : 'this is a proxy: ask for http://host/ or use CONNECT',
      );
    }
    const why = ownTarget(to);
    if (why !== undefined) return refuse(client, 400, `${to.host} is refused: ${why}`);
    const target = { scheme: 'http' as const, host: to.host, port: to.port, tlsName: to.host };
    begin(client, onlyHost(client), { peer: auth.peer, target, judgedHost: to.host });
  }

  const listener: Server = createHttp1Server(timeouts, (request, reply) => {
    absolute(request, reply).catch((error: unknown) => {
      deps.logger.error(describeError(error), 'a request failed');
      request.socket.destroy();
    });
  });
  listener.on('connect', createConnectHandler({ shared, front, ownReason: ownTarget }));
  listener.on('connection', (socket: Socket) => {
    stats.connections += 1;
    track(socket);
  });

  function track(socket: Socket, into = sockets): void {
    into.add(socket);
    socket.on('close', () => into.delete(socket));
  }

  /** Lets every TLS socket send what it holds, and waits for that a little. */
  function flush(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, flushMs);
      const check = (): void => {
        if (secureSockets.size > 0) return;
        clearTimeout(timer);
        resolve();
      };
      for (const socket of secureSockets) {
        socket.once('close', check);
        socket.destroySoon();
      }
      check();
    });
  }

  function guarded(socket: Duplex, run: () => void): void {
    try {
      run();
    } catch (error: unknown) {
      deps.logger.error(describeError(error), 'a request failed');
      socket.destroy();
    }
  }

  async function close(): Promise<void> {
    inner.close();
    for (const session of sessions) session.destroy();
    for (const socket of [...secureSockets, ...sockets]) socket.destroy();
    if (listener.listening) {
      listener.close();
      await once(listener, 'close');
    }
    await upstream.close();
  }

  return {
    stats,
    get address() {
      return address;
    },
    async listen({ host, port }) {
      try {
        listener.listen(port, host);
        await once(listener, 'listening');
      } catch (error: unknown) {
        const place = formatHostPort({ host, port });
        const code = systemCode(error);
        if (code === 'EADDRINUSE') throw new AppError('ERR_PORT_IN_USE', `${place} is in use`, { cause: error });
        if (code === 'EACCES') throw new AppError('ERR_PERMISSION', `may not listen on ${place}`, { cause: error });
        throw new AppError('ERR_CANNOT_CREATE', `cannot listen on ${place}`, { cause: error });
      }
      listener.on('error', (error) => deps.logger.error(describeError(error), 'the listener failed'));
      const bound = listener.address();
      if (bound === null || typeof bound === 'string') throw new AppError('ERR_INTERNAL', 'the listener has no port');
      address = { host: canonicalHost(bound.address) ?? bound.address, port: bound.port };
      return address;
    },
    async drain(deadlineMs) {
      isDraining = true;
      listener.close();
      listener.closeIdleConnections();
      inner.closeIdleConnections();
      for (const session of sessions) session.close();
      const isIdle = stats.activeExchanges === 0 || (await waitForIdle(deadlineMs));
      if (isIdle) await flush();
      await close();
      return isIdle;
    },
    close,
  };

  function waitForIdle(deadlineMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), deadlineMs);
      onIdle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
