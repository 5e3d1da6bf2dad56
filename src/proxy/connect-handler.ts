/** Answers CONNECT: who asks, where to, and whether the connection is inspected, tunnelled or refused. */
import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { AppError } from '../core/errors.ts';
import type { Inspector, Peer, Route } from '../inspect/exchange.ts';
import { canonicalHost, parseHostPort, type HostPort } from './connect-target.ts';
import type { ExchangeDeps, Place } from './exchange-deps.ts';
import { describeError, upstreamReason } from './failure-text.ts';
import { peekHello } from './peek.ts';
import { answerAndClose, established } from './raw-answer.ts';
import type { TlsFront } from './tls-front.ts';
import { joinSockets } from './tunnel.ts';

const severity: Readonly<Record<Route['action'], number>> = { tunnel: 0, inspect: 1, block: 2 };

/** What one CONNECT is about. */
interface Asked {
  readonly socket: Socket;
  readonly to: HostPort;
  readonly peer: Peer;
  readonly inspector: Inspector;
  readonly route: Route;
}

export interface ConnectOptions {
  readonly shared: ExchangeDeps;
  readonly front: TlsFront<Place>;
  /** Why a target given as an address (or `localhost`) is ours. */
  readonly ownReason: (target: HostPort) => string | undefined;
}

/** Creates the handler of 'connect' events; it never rejects. */
export function createConnectHandler(options: ConnectOptions) {
  const { shared, front, ownReason } = options;
  const { deps, timeouts, stats, upstream } = shared;

  /** Records a connection; false when it must not go on. */
  async function record(
    asked: Asked,
    id: string,
    action: 'tunnel' | 'block' | 'error',
    reason?: string,
  ): Promise<boolean> {
    const { inspector, route, to, peer } = asked;
    try {
      const context = { id, nowMs: deps.clock.nowMs(), action, ...(reason === undefined ? {} : { reason }) };
      await deps.recorder.decision(inspector.connection(route, to.port, peer, context));
      return true;
    } catch (error: unknown) {
      const mayGoOn = deps.settings().onAuditFailure === 'forward';
      if (mayGoOn) stats.auditLost += 1;
      deps.logger.error({ id, mayGoOn, ...describeError(error) }, 'a connection was not recorded');
      return mayGoOn;
    }
  }

  async function close(
    id: string,
    bytes: { readonly up: number; readonly down: number },
    reason?: string,
  ): Promise<void> {
    try {
      await deps.recorder.outcome({
        id,
        time: new Date(deps.clock.nowMs()).toISOString(),
        response: { status: 200, bytes: bytes.down },
        requestBytes: bytes.up,
        addedMs: 0,
        ...(reason === undefined ? {} : { reason }),
      });
    } catch (error: unknown) {
      stats.auditLost += 1;
      deps.logger.error({ id, ...describeError(error) }, 'the end of a tunnel was not recorded');
    }
  }

  async function refuse(asked: Asked, status: number, message: string, action: 'block' | 'error'): Promise<void> {
    stats.refused += 1;
    await record(asked, deps.clock.newId(), action, message);
    answerAndClose(asked.socket, status, message);
  }

  /** Ends the client's TLS here. */
  async function terminate(asked: Asked, hello: { readonly serverName?: string }): Promise<void> {
    const { socket, to, peer, inspector, route } = asked;
    const serverName = hello.serverName === undefined ? undefined : canonicalHost(hello.serverName);
    if (hello.serverName !== undefined && serverName === undefined) {
      socket.destroy();
      return;
    }
    const named = serverName === undefined || serverName === to.host ? undefined : inspector.route(serverName, to.port);
    // The stricter of the two counts; between equals the name that was dialled, unless that was a bare address.
    const isStricter = named !== undefined && severity[named.action] > severity[route.action];
    const isNamed = named !== undefined && (isStricter || (isIP(to.host) !== 0 && named.action === route.action));
    const place: Place = {
      peer,
      target: { scheme: 'https', host: to.host, port: to.port, tlsName: serverName ?? to.host },
      judgedHost: isNamed && serverName !== undefined ? serverName : to.host,
    };
    try {
      await front.accept(socket, place, hello, to.host);
    } catch (error: unknown) {
      deps.logger.debug(describeError(error), 'a handshake was refused');
      socket.destroy();
    }
  }

  async function inspect(asked: Asked): Promise<void> {
    const { socket, to } = asked;
    try {
      await deps.secureContextFor(to.host);
    } catch (error: unknown) {
      const isOutside = error instanceof AppError && error.code === 'ERR_CA_HOST_OUTSIDE';
      if (!isOutside) deps.logger.error(describeError(error), 'no certificate could be made');
      const why = isOutside ? `the authority does not cover it: ${error.hint}` : 'no certificate could be made for it';
      await refuse(asked, isOutside ? 403 : 502, `${to.host} is refused: ${why}`, isOutside ? 'block' : 'error');
      return;
    }
    socket.write(established);
    const hello = await peekHello(socket, timeouts.handshake);
    if (hello.kind === 'hello') {
      await terminate(asked, hello);
      return;
    }
    if (hello.kind === 'not-tls') {
      await record(asked, deps.clock.newId(), 'block', 'what follows CONNECT is not TLS');
      answerAndClose(socket, 400, `${to.host} is inspected: only TLS may follow CONNECT`);
    } else socket.destroy();
  }

  async function tunnel(asked: Asked): Promise<void> {
    const { socket, to, inspector } = asked;
    let far: Socket;
    try {
      far = await upstream.dialer.plain(to);
    } catch (error: unknown) {
      const isRefused = error instanceof AppError && error.details['refused'] === true;
      const message = `${to.host} cannot be reached: ${upstreamReason(error)}`;
      await refuse(asked, isRefused ? 403 : 502, message, isRefused ? 'block' : 'error');
      return;
    }
    far.on('error', () => far.destroy());
    const id = deps.clock.newId();
    const mayGoOn = await record(asked, id, 'tunnel');
    if (!mayGoOn || socket.destroyed) {
      far.destroy();
      if (!socket.destroyed) answerAndClose(socket, 503, 'the record cannot be written, so nothing may pass');
      return;
    }
    socket.write(established);
    // The far side may speak first (SSH, SMTP): only what the client sends waits for a look at it.
    far.pipe(socket);
    socket.once('close', () => far.destroySoon());
    const hello = await peekHello(socket, timeouts.tunnelIdle);
    const serverName =
      hello.kind === 'hello' && hello.serverName !== undefined ? canonicalHost(hello.serverName) : undefined;
    const named = serverName === undefined || serverName === to.host ? undefined : inspector.route(serverName, to.port);
    if (hello.kind === 'hello' && named !== undefined && severity[named.action] > severity.tunnel) {
      // SECURITY: a tunnelled host does not carry the name of an inspected one. Guarded by connect.test.ts, "judges a
      // tunnel by its TLS name when that is stricter".
      far.unpipe(socket);
      far.destroy();
      await close(id, { up: 0, down: far.bytesRead }, 'its TLS name is judged instead');
      if (far.bytesRead > 0) socket.destroy();
      else await terminate({ ...asked, route: named }, hello);
      return;
    }
    if (hello.kind === 'gone' && !socket.readableEnded) {
      socket.destroy();
      far.destroy();
    }
    stats.activeTunnels += 1;
    stats.tunnels += 1;
    far.unpipe(socket);
    const end = await joinSockets(socket, far, timeouts.tunnelIdle);
    stats.activeTunnels -= 1;
    await close(id, { up: end.fromClient, down: end.fromUpstream }, end.reason);
  }

  async function handle(request: IncomingMessage, socket: Socket): Promise<void> {
    const auth = await deps.authenticate(request.headers['proxy-authorization']);
    if (!auth.ok) {
      const challenge = ['Proxy-Authenticate: Basic realm="sluice", charset="UTF-8"'];
      answerAndClose(socket, 407, 'proxy credentials are needed', challenge);
      return;
    }
    const to = parseHostPort(request.url ?? '');
    if (to === undefined) {
      answerAndClose(socket, 400, 'CONNECT needs host:port');
      return;
    }
    const { peer } = auth;
    const inspector = deps.inspectorFor(peer);
    const route = inspector.route(to.host, to.port);
    const asked = { socket, to, peer, inspector, route };
    const own = ownReason(to);
    if (own !== undefined) await refuse(asked, 403, `${to.host} is refused: ${own}`, 'block');
    else if (route.action === 'tunnel') await tunnel(asked);
    else await inspect(asked);
  }

  return (request: IncomingMessage, socket: Socket, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    socket.setTimeout(0);
    if (head.length > 0) socket.unshift(head);
    handle(request, socket).catch((error: unknown) => {
      deps.logger.error(describeError(error), 'a CONNECT failed');
      socket.destroy();
    });
  };
}
