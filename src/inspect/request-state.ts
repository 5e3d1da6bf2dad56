/** What is known of a request before its body: destination, route, client, credential. */
import type { ClientInfo, CredentialInfo, Destination } from '../core/decision.ts';
import { headerValue, type RequestHead } from '../core/http.ts';
import type { DestinationRule, ExchangeFacts } from '../policy/policy.ts';
import type { RouteMatch } from '../providers/vendor.ts';
import { readCredential, type OwnPlaces } from './credential.ts';
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
  const { destination, own, recorded } = parts.placeOf(head.host, head.port);
  const { app, recorded: client } = parts.clientOf(headerValue(head.headers, 'user-agent') ?? '');
  const question = head.target.indexOf('?');
  const path = question < 0 ? head.target : head.target.slice(0, question);
  return {
    head,
    destination,
    route: parts.routeOf(head),
    own,
    credential: readCredential(head, own, (text) => parts.credentialFingerprint(text)),
    client: peer.user === undefined ? client : { app: client.app, user: peer.user, version: client.version },
    recordedDestination: recorded,
    facts: {
      host: head.host,
      path,
      vendor: destination.vendor,
      jurisdiction: destination.jurisdiction,
      client: app,
      ...(peer.user === undefined ? {} : { user: peer.user }),
      nowMs,
      counter: parts.counts.forRequest(nowMs),
    },
  };
}
