/** What reading one exchange's request takes, put together from what all exchanges share. */
import type { KnownValues } from '../detect/match.ts';
import type { Vault } from '../mask/vault.ts';
import type { Peer } from './exchange.ts';
import type { ExchangeParts } from './parts.ts';
import type { RequestState } from './request-state.ts';
import type { RequestScan } from './request/scan.ts';

/** Whose request is read, when, and who is told of the values that it shows. */
interface ScanContext {
  readonly peer: Peer;
  readonly nowMs: number;
  /** @param known protected values, and those of earlier requests */
  readonly mention: (value: Uint8Array, known: readonly KnownValues[]) => void;
}

/** Makes what the request of an exchange is read with. */
export function exchangeScan(
  parts: ExchangeParts,
  state: RequestState,
  vault: Vault,
  { peer, nowMs, mention }: ScanContext,
): RequestScan {
  const known = [...parts.protectedValues, parts.memory.of(peer.identity, nowMs)];
  return {
    matcher: parts.matcher,
    known,
    createKnown: () => parts.createKnown(),
    canSpread: (value, match) => parts.canSpread(value, match),
    learn: (value) => parts.memory.remember(peer.identity, value, nowMs),
    mention: (value) => mention(value, known),
    ruleOf: (id) => parts.ruleOf(id),
    placeholders: parts.placeholdersFor(peer.user),
    vault,
    meaning: (path, around) => state.route.provider.meaning(path, around),
    judge: (finding) => parts.policy.judge(finding, state.facts),
    fingerprint: (value) => parts.fingerprint(value),
    limits: parts.limits,
    isKnownRoute: state.route.isKnownRoute,
  };
}
