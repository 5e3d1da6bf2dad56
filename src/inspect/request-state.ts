/** What is known of a request before its body: destination, route, client, credential. */
import type { ClientInfo, CredentialInfo, Destination } from '../core/decision.ts';
import type { RequestHead } from '../core/http.ts';
import type { DestinationRule, ExchangeFacts } from '../policy/policy.ts';
import type { RouteMatch } from '../providers/vendor.ts';
import { clientInfo } from './client-info.ts';
import { ownPlaces, readCredential, type OwnPlaces } from './credential.ts';
import type { Peer } from './exchange.ts';
import type { ExchangeParts } from './parts.ts';

/** A request as its head shows it. */
export interface RequestState {
  readonly head: RequestHead;
  readonly destination: DestinationRule;
  readonly route: RouteMatch;
  readonly own: OwnPlaces;
  readonly credential: CredentialInfo | undefined;
  /** As recorded: every string of the wire has been through the detector. */
  readonly client: ClientInfo;
  readonly recordedDestination: Destination;
  readonly facts: ExchangeFacts;
}

/** Reads a request's head. */
export function requestState(head: RequestHead, peer: Peer, nowMs: number, parts: ExchangeParts): RequestState {
  const destination = parts.policy.destination(head.host, head.port);
  const route = parts.registry.routeOf(head.host, head.method, head.target);
  const own = ownPlaces(parts.registry.vendorOf(head.host)?.credentials);
  const claimed = clientInfo(head.headers, peer.user);
  const client = {
    ...claimed,
    app: parts.recordable(claimed.app),
    version: parts.recordable(claimed.version),
  };
  const [path = ''] = head.target.split('?', 1);
  return {
    head,
    destination,
    route,
    own,
    credential: readCredential(head, own, parts.fingerprint),
    client,
    recordedDestination: {
      host: parts.recordable(head.host),
      vendor: destination.vendor,
      jurisdiction: destination.jurisdiction,
    },
    facts: {
      host: head.host,
      path,
      vendor: destination.vendor,
      jurisdiction: destination.jurisdiction,
      client: claimed.app,
      ...(peer.user === undefined ? {} : { user: peer.user }),
      nowMs,
      counter: parts.counts.forRequest(nowMs),
    },
  };
}
