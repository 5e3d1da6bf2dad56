/** Makes a proxy of its parts, the same way in the one process as in each worker. */
import type { Authority } from '../certs/authority.ts';
import type { MachineTrust } from '../certs/bundle.ts';
import { createLeafIssuer } from '../certs/leaf.ts';
import { upstreamTrust } from '../certs/upstream-trust.ts';
import type { Config } from '../config/schema.ts';
import type { Logger, Recorder } from '../core/ports.ts';
import { createAddressPolicy } from '../proxy/address-policy.ts';
import type { HostPort } from '../proxy/connect-target.ts';
import { createProxy, type Proxy } from '../proxy/proxy.ts';
import type { Authenticate } from '../proxy/settings.ts';
import { systemClock } from './clock.ts';
import { letGarbageWait } from './collector.ts';
import type { DetectorHost } from './detector/host.ts';
import type { EngineSet } from './engine-set.ts';
import { upstreamProxy } from './upstream-proxy.ts';

export interface WiringParts {
  /** The configuration at the start: what is not read anew from the engines stays as it says. */
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly authority: Authority;
  readonly trust: MachineTrust;
  readonly engines: Pick<EngineSet, 'base' | 'inspectorFor'>;
  readonly detector: Pick<DetectorHost, 'current'>;
  readonly authenticate: Authenticate;
  readonly recorder: Recorder;
  readonly logger: Logger;
  /** Every listener of this proxy: never a target. */
  readonly own: () => readonly HostPort[];
}

/** @throws AppError `ERR_CONFIG_INVALID` for an upstream proxy or roots that cannot be used */
export function wireProxy(parts: WiringParts): Proxy {
  const { config, env, authority, trust, engines, detector, authenticate, recorder, logger, own } = parts;
  letGarbageWait();
  // A program takes its time to read its model: let that not be the first request's.
  detector.current();
  const leaves = createLeafIssuer(authority, { nowMs: () => systemClock.nowMs() });
  const proxyFor = upstreamProxy(config, env, (host, port) =>
    own().some((place) => place.port === port && (place.host === host || host === 'localhost')),
  );
  return createProxy({
    settings: () => ({
      ...engines.base.loaded.config.limits,
      onAuditFailure: engines.base.policy.onAuditFailure,
    }),
    secureContextFor: (host) => leaves.secureContextFor(host),
    authenticate,
    inspectorFor: (peer) => engines.inspectorFor(peer),
    detector: () => detector.current(),
    recorder,
    logger,
    clock: systemClock,
    upstream: {
      secureContext: upstreamTrust(authority, trust, config.upstream.ca),
      connect: new Map(Object.entries(config.upstream.connect)),
      ...(proxyFor === undefined ? {} : { proxyFor }),
      addressPolicy: createAddressPolicy(config.network),
    },
    ownAddresses: own,
  });
}
