/** Begins exchanges under one configuration. */
import type { DecisionEntry } from '../core/decision.ts';
import type { Inspector, Peer, Route } from './exchange.ts';
import { InspectedExchange } from './inspected-exchange.ts';
import { exchangeParts } from './exchange-parts.ts';
import type { InspectorParts } from './parts.ts';

/** Makes an inspector of its parts; a reload makes another. */
export function createInspector(given: InspectorParts): Inspector {
  const parts = exchangeParts(given);
  const connection = (
    route: Route,
    port: number,
    peer: Peer,
    context: Parameters<Inspector['connection']>[3],
  ): DecisionEntry => ({
    action: context.action,
    client: { app: 'unknown', ...(peer.user === undefined ? {} : { user: peer.user }), version: 'unknown' },
    coverage: { opaque: 0, read: 0, unread: 0 },
    destination: {
      host: parts.recordable(route.host),
      jurisdiction: route.jurisdiction,
      vendor: route.vendor,
    },
    findings: [],
    id: context.id,
    policyVersion: parts.policy.version,
    reason: context.reason ?? route.reason,
    request: { bytes: 0, coding: 'identity', method: 'CONNECT', path: `:${port}`, protocol: 'connect' },
    ...(peer.run === undefined ? {} : { run: peer.run }),
    sources: [],
    time: new Date(context.nowMs).toISOString(),
  });
  return {
    route(host, port) {
      const { action, vendor, jurisdiction, by } = parts.policy.destination(host, port);
      return { action, host, vendor, jurisdiction, reason: by };
    },
    begin: (head, peer, context) => new InspectedExchange(parts, head, peer, context),
    connection,
  };
}
