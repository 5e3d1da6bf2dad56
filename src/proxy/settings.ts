/** What the proxy is given: its parts, its limits, and how long it waits for what. */
import type { SecureContext } from 'node:tls';
import type { CodingLimits } from '../body/codings.ts';
import type { Detector } from '../core/detector.ts';
import type { Clock, Logger, Recorder } from '../core/ports.ts';
import type { Inspector, Peer } from '../inspect/exchange.ts';
import type { HostPort } from './connect-target.ts';

/** Read anew for each exchange, so that a reload takes effect on the next. */
export interface ProxySettings extends CodingLimits {
  /**
   * The largest request body that is held until its verdict, and all of them together, in bytes; one that waits for room
   * is read ahead besides.
   */
  readonly gatherBytes: number;
  readonly gatherMemory: number;
  /** Exchanges at one time; one more gets 503. */
  readonly streams: number;
  /** When a decision cannot be recorded. */
  readonly onAuditFailure: 'block' | 'forward';
}

/** A proxy between this one and the vendors. */
export interface ChainedProxy extends HostPort {
  /** The value of Proxy-Authorization, ready made. */
  readonly authorization?: string;
}

export interface UpstreamSettings {
  /** Roots for every upstream connection, prepared once. There is no way to connect without checking. */
  readonly secureContext: SecureContext;
  /** `host:port` → `host:port`, like curl's `--connect-to`: only the dialled address changes. */
  readonly connect?: ReadonlyMap<string, string>;
  /** The proxy to go through for a host, if any (NO_PROXY is the caller's). */
  readonly proxyFor?: (target: HostPort) => ChainedProxy | undefined;
  /** Why an address may not be dialled, checked after DNS; undefined when it may. Overrides are exempt. */
  readonly addressPolicy?: (address: string, port: number) => string | undefined;
}

/** Who a Proxy-Authorization value (or its absence) stands for; comparing in constant time is the giver's. */
export type Authenticate = (
  proxyAuthorization: string | undefined,
) => Promise<{ readonly ok: true; readonly peer: Peer } | { readonly ok: false }>;

/** All in milliseconds. */
export interface ProxyTimeouts {
  /** From CONNECT to the whole ClientHello, and from there to the end of the handshake. */
  readonly handshake: number;
  /** For a request's whole head. */
  readonly headers: number;
  /** A client connection without a request, and a tunnel without a byte. */
  readonly idle: number;
  readonly tunnelIdle: number;
  /** A request body that brings nothing. */
  readonly bodyIdle: number;
  /** TCP and TLS to the upstream. */
  readonly connect: number;
  /** The upstream's head, and silence within its body: models think long. */
  readonly reply: number;
  /** Without a byte after a request, an answer to our ping included: then an HTTP/2 connection has gone unnoticed. */
  readonly silence: number;
  /** How long a body waits unread for room in `gatherMemory`. */
  readonly room: number;
  /** How long a refused upload is read on, so that its client can see the answer. */
  readonly drain: number;
  /** How long a decision waits for others, while the vendor thinks: one write for many. */
  readonly linger: number;
  /** How long a rewritten event stream may be silent before keep-alive bytes go out. */
  readonly keepAlive: number;
}

export const defaultTimeouts: ProxyTimeouts = {
  handshake: 10_000,
  headers: 30_000,
  idle: 120_000,
  tunnelIdle: 600_000,
  bodyIdle: 120_000,
  connect: 10_000,
  reply: 900_000,
  silence: 30_000,
  room: 10_000,
  drain: 10_000,
  linger: 5,
  keepAlive: 10_000,
};

/** Bytes of a refused upload that are read and dropped before the connection is closed instead. */
export const drainBytes = 64 * 1024 * 1024;

export interface ProxyDeps {
  readonly settings: () => ProxySettings;
  /** @throws AppError `ERR_CA_HOST_OUTSIDE` when the authority does not cover the host. */
  readonly secureContextFor: (host: string) => SecureContext | Promise<SecureContext>;
  readonly authenticate: Authenticate;
  readonly inspectorFor: (peer: Peer) => Inspector;
  /** The detector in force, where there is one. */
  readonly detector?: () => Detector | undefined;
  readonly recorder: Recorder;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly upstream: UpstreamSettings;
  /** Listeners of this process besides the proxy's own (the admin port): never a target. */
  readonly ownAddresses?: () => readonly HostPort[];
  readonly timeouts?: Partial<ProxyTimeouts>;
}

/** Counters since the start, for metrics; `active*` are of now. */
export interface ProxyStats {
  connections: number;
  tunnels: number;
  exchanges: number;
  refused: number;
  upstreamErrors: number;
  /** Entries that could not be recorded while `audit.onFailure` is `forward`. */
  auditLost: number;
  activeExchanges: number;
  activeTunnels: number;
  gatheredBytes: number;
}
