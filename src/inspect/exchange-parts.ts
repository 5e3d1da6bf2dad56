/** Derives what exchanges share from the rooms' pieces: what comes with every request is worked out once. */
import { utf8 } from '../core/bytes.ts';
import type { RouteMatch } from '../providers/vendor.ts';
import { createCleanHeads } from './clean-heads.ts';
import { clientInfo } from './client-info.ts';
import { ownPlaces } from './credential.ts';
import type { ExchangeParts, InspectorParts } from './parts.ts';
import { createRecordable } from './recordable.ts';
import { recordedPath } from './recorded-path.ts';
import { createRemembered } from './remembered.ts';

type KnownClient = ReturnType<ExchangeParts['clientOf']>;

/** Derives what all exchanges under one configuration share. */
export function exchangeParts(given: InspectorParts): ExchangeParts {
  const { policy, registry, fingerprint } = given;
  const recordable = createRecordable(given);
  const places = createRemembered<ReturnType<ExchangeParts['placeOf']>>();
  const routes = createRemembered<RouteMatch>();
  const paths = createRemembered<string>();
  const clients = createRemembered<KnownClient>();
  // In memory only, like the headers of the open connections that they come from.
  const credentials = createRemembered<string>();
  const fingerprintOf = (text: string): string => fingerprint(utf8(text));
  const digest = (text: string): string => fingerprintOf(text).slice(-12);
  const shorten = (target: string): string => recordedPath(target, digest, recordable);
  const readClient = (agent: string): KnownClient => {
    const { app, version } = clientInfo(agent);
    return { app, recorded: { app: recordable(app), version: recordable(version) } };
  };
  return {
    ...given,
    recordable,
    recordedPath: (target) => paths.of(target, shorten),
    placeOf: (host, port) =>
      places.of(`${host} ${port}`, () => {
        const destination = policy.destination(host, port);
        const { jurisdiction, vendor } = destination;
        return {
          destination,
          own: ownPlaces(registry.vendorOf(host)?.credentials),
          recorded: { host: recordable(host), jurisdiction, vendor },
        };
      }),
    routeOf: ({ method, host, target }) =>
      routes.of(`${method} ${host} ${target}`, () => registry.routeOf(host, method, target)),
    clientOf: (agent) => clients.of(agent, readClient),
    credentialFingerprint: (credential) => credentials.of(credential, fingerprintOf),
    cleanHeads: createCleanHeads(),
  };
}
