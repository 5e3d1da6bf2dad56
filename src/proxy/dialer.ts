/** Opens connections to upstreams: overrides, a proxy in between, the check of addresses after DNS, TLS always verified. */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { AppError } from '../core/errors.ts';
import { formatHostPort, parseHostPort, type HostPort } from './connect-target.ts';
import type { ChainedProxy, UpstreamSettings } from './settings.ts';

/** Where a request goes: the address that is dialled, and the name that its certificate must show. */
export interface UpstreamTarget extends HostPort {
  readonly scheme: 'https' | 'http';
  readonly tlsName: string;
}

export interface Dialer {
  /** @throws AppError `ERR_UPSTREAM` when it cannot be reached in time or may not be. */
  plain(target: HostPort): Promise<Socket>;
  /** @throws AppError `ERR_UPSTREAM`, also when the certificate does not hold. */
  secure(target: UpstreamTarget, protocols: readonly string[]): Promise<TLSSocket>;
}

/** A refused address; its message may be shown to the client, which named the host itself. */
function refused(host: string, reason: string): AppError {
  return new AppError('ERR_UPSTREAM', `${host} may not be reached: ${reason}`, {
    hint: 'see `network:` in the configuration',
    details: { refused: true },
  });
}

type LookupDone = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** The longest answer to our own CONNECT that is read. */
const maxConnectAnswer = 16_384;

/** Asks a proxy for a tunnel (RFC 9110 §9.3.6). */
async function tunnelThrough(socket: Socket, proxy: ChainedProxy, target: HostPort): Promise<void> {
  const authority = formatHostPort(target);
  const authorization = proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  let answer = '';
  while (!answer.includes('\r\n\r\n')) {
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) answer += chunk.toString('latin1');
    else if (socket.readableEnded || socket.destroyed) throw new AppError('ERR_UPSTREAM', 'the proxy hung up');
    else await once(socket, 'readable');
    if (answer.length > maxConnectAnswer) throw new AppError('ERR_UPSTREAM', 'the proxy answered CONNECT at length');
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
  if (status === undefined || !status.startsWith('2')) {
    throw new AppError('ERR_UPSTREAM', `the proxy refused the tunnel with status ${status ?? 'unknown'}`, {
      hint: 'check `upstream.proxy` and its credentials',
    });
  }
  const rest = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  if (rest !== '') socket.unshift(Buffer.from(rest, 'latin1'));
}

/** Waits for an event, or for the error or time that comes before it; the socket is destroyed then. */
async function settle(socket: Socket, event: string, timeoutMs: number, what: string): Promise<void> {
  const timer = setTimeout(() => socket.destroy(new Error('timed out')), timeoutMs);
  try {
    await once(socket, event);
  } catch (error: unknown) {
    socket.destroy();
    if (error instanceof AppError) throw error;
    throw new AppError('ERR_UPSTREAM', `cannot connect to ${what}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Creates the dialer. Sessions of TLS are kept per target, so that new connections cost less on both sides. */
export function createDialer(settings: UpstreamSettings, timeoutMs: number): Dialer {
  const sessions = new Map<string, Buffer>();
  const maxSessions = 256;

  const checkedLookup =
    (port: number) =>
    (host: string, options: LookupOptions, done: LookupDone): void => {
      systemLookup(host, { ...options, all: true }, (error, addresses) => {
        if (error !== null) {
          done(error, []);
          return;
        }
        const allowed = addresses.filter(({ address }) => settings.addressPolicy?.(address, port) === undefined);
        const [first] = allowed;
        if (first === undefined) {
          const reason = addresses.map(({ address }) => settings.addressPolicy?.(address, port)).find(Boolean);
          done(refused(host, reason ?? 'it has no address'), []);
        } else if (options.all === true) done(null, allowed);
        else done(null, first.address, first.family);
      });
    };

  async function open({ host, port }: HostPort, isChecked: boolean): Promise<Socket> {
    const reason = isChecked && isIP(host) !== 0 ? settings.addressPolicy?.(host, port) : undefined;
    if (reason !== undefined) throw refused(host, reason);
    const socket = connectTcp({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      // Node's 250 ms for each address family are too few for a far one.
      autoSelectFamilyAttemptTimeout: 1_000,
      ...(isChecked ? { lookup: checkedLookup(port) } : {}),
    });
    await settle(socket, 'connect', timeoutMs, formatHostPort({ host, port }));
    return socket;
  }

  async function plain(target: HostPort): Promise<Socket> {
    const override = settings.connect?.get(formatHostPort(target));
    const place = override === undefined ? undefined : parseHostPort(override);
    if (place !== undefined) return open(place, false);
    const proxy = settings.proxyFor?.(target);
    if (proxy === undefined) return open(target, true);
    const reason = isIP(target.host) !== 0 ? settings.addressPolicy?.(target.host, target.port) : undefined;
    if (reason !== undefined) throw refused(target.host, reason);
    const socket = await open(proxy, false);
    const timer = setTimeout(() => socket.destroy(new Error('timed out')), timeoutMs);
    try {
      await tunnelThrough(socket, proxy, target);
    } catch (error: unknown) {
      socket.destroy();
      if (error instanceof AppError) throw error;
      throw new AppError('ERR_UPSTREAM', 'the proxy in between failed', { cause: error });
    } finally {
      clearTimeout(timer);
    }
    return socket;
  }

  return {
    plain,
    async secure(target, protocols) {
      const raw = await plain(target);
      const key = `${formatHostPort(target)} ${target.tlsName} ${protocols.join()}`;
      const session = sessions.get(key);
      const socket = connectTls({
        socket: raw,
        host: target.tlsName,
        // A server name is a name, never an address (RFC 6066 §3).
        ...(isIP(target.tlsName) === 0 ? { servername: target.tlsName } : {}),
        secureContext: settings.secureContext,
        ALPNProtocols: [...protocols],
        ...(session === undefined ? {} : { session }),
      });
      socket.on('session', (fresh: Buffer) => {
        sessions.delete(key);
        sessions.set(key, fresh);
        const oldest = sessions.size > maxSessions ? sessions.keys().next() : undefined;
        if (oldest?.done === false) sessions.delete(oldest.value);
      });
      await settle(socket, 'secureConnect', timeoutMs, formatHostPort(target));
      return socket;
    },
  };
}
