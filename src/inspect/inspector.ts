/** Begins exchanges under one configuration. */
import type { DecisionEntry } from '../core/decision.ts';
import type { Inspector, Peer, Route } from './exchange.ts';
import { InspectedExchange } from './inspected-exchange.ts';
import type { InspectorParts } from './parts.ts';
import { createRecordable } from './recordable.ts';

/** Makes an inspector of its parts; a reload makes another. */
export function createInspector(given: InspectorParts): Inspector {
  const parts = { ...given, recordable: createRecordable(given) };
  const connection = (
    route: Route,
    port: number,
    peer: Peer,
    context: Parameters<Inspector['connection']>[3],
  ): DecisionEntry => ({
    id: context.id,
    time: new Date(context.nowMs).toISOString(),
    client: { app: 'unknown', version: 'unknown', ...(peer.user === undefined ? {} : { user: peer.user }) },
    destination: {
      host: parts.recordable(route.host),
      vendor: route.vendor,
      jurisdiction: route.jurisdiction,
    },
    request: { method: 'CONNECT', path: `:${port}`, protocol: 'connect', coding: 'identity', bytes: 0 },
    action: context.action,
    reason: context.reason ?? route.reason,
    findings: [],
    sources: [],
    coverage: { read: 0, opaque: 0, unread: 0 },
    policyVersion: parts.policy.version,
    ...(peer.run === undefined ? {} : { run: peer.run }),
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
