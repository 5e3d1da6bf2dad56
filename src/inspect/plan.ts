/** What is to be done with a request, decided from its head. */
import { readableCoding, type ReadableCoding } from '../body/codings.ts';
import { utf8 } from '../core/bytes.ts';
import { headerList, headerValue, type LocalReply } from '../core/http.ts';
import type { RefusalCause } from '../policy/refusal.ts';
import type { ExchangeParts } from './parts.ts';
import type { RequestState } from './request-state.ts';
import { declaredLength, isUnary } from './unary.ts';

/** The decision on a head, before it is put into the form the proxy sees. */
export type HeadPlan =
  | { readonly kind: 'refuse'; readonly cause: RefusalCause }
  | { readonly kind: 'answer'; readonly reply: LocalReply; readonly reason: string }
  /** WebSocket upgrades: clients then fall back to HTTP at once. */
  | { readonly kind: 'upgrade' }
  | { readonly kind: 'pass'; readonly reason: string; readonly isUnread: boolean }
  | { readonly kind: 'read'; readonly mode: 'gather' | 'stream'; readonly coding: ReadableCoding };

const tooLarge: RefusalCause = {
  kind: 'limit',
  reason: 'it is larger than `limits.gatherBytes`, and a policy in force needs to judge it whole',
};

const unseen: RefusalCause = {
  kind: 'detector',
  reason: 'it streams, or is larger than `limits.gatherBytes`',
};

/** Whether a detector has to see bodies before they leave: it can only be asked about what is held. */
function mustBeSeen({ detector, policy }: ExchangeParts): boolean {
  return detector?.onFailure === 'block' && policy.mode !== 'observe';
}

/** Whether policy lets bodies leave before they are judged as a whole. */
function mayStream({ policy }: ExchangeParts, { destination }: RequestState): boolean {
  return !policy.blocksByContent && destination.framing !== 'exact';
}

/** The plan for a body that turned out too large to gather. */
export function spillPlan(parts: ExchangeParts, state: RequestState, coding: ReadableCoding): HeadPlan {
  if (!mayStream(parts, state)) return { kind: 'refuse', cause: tooLarge };
  if (mustBeSeen(parts)) return { kind: 'refuse', cause: unseen };
  return { kind: 'read', mode: 'stream', coding };
}

/** A credential that the destination does not list; a login there could bring another account in. */
function isForeignAccount({ destination, credential, route }: RequestState): boolean {
  if (destination.accounts.length === 0) return false;
  if (credential === undefined) return route.isCredentialExchange;
  return !destination.accounts.includes(credential.fingerprint);
}

/** Decides on a request's head. */
export function planRequest(parts: ExchangeParts, state: RequestState): HeadPlan {
  const { head, destination, route } = state;
  const { policy, limits } = parts;
  const isObserved = policy.mode === 'observe';
  if (destination.action === 'block' && !isObserved) {
    return { kind: 'refuse', cause: { kind: 'destination', host: state.recordedDestination.host } };
  }
  const side = policy.sideRoute(head.host, state.facts.path);
  if (side?.action === 'answer' && !isObserved) {
    const body = utf8(JSON.stringify(side.json ?? {}));
    const reply = { status: side.status, headers: [['content-type', 'application/json']] as const, body };
    return { kind: 'answer', reply, reason: side.by };
  }
  if (side?.action === 'block' && !isObserved) {
    return { kind: 'refuse', cause: { kind: 'destination', host: state.recordedDestination.host } };
  }
  if (isForeignAccount(state) && !isObserved) {
    return { kind: 'refuse', cause: { kind: 'account', host: state.recordedDestination.host } };
  }
  if (headerValue(head.headers, 'upgrade')?.toLowerCase() === 'websocket') return { kind: 'upgrade' };
  if (route.isCredentialExchange) return { kind: 'pass', reason: 'credential exchange', isUnread: true };
  if (parts.findsNothing) return { kind: 'pass', reason: 'no rule and no protected value is in force', isUnread: true };

  const coding = readableCoding(headerList(head.headers, 'content-encoding'));
  if (coding === undefined) {
    const reason = 'its content coding is not one that can be read';
    if (policy.onUnreadable === 'block' && !isObserved)
      return { kind: 'refuse', cause: { kind: 'unreadable', reason } };
    return { kind: 'pass', reason: `unreadable: ${reason}`, isUnread: true };
  }
  const wantsWhole = destination.release === 'verdict' || !mayStream(parts, state) || mustBeSeen(parts);
  const fits = (declaredLength(head.headers) ?? 0) <= limits.gatherBytes;
  if (wantsWhole && isUnary(head) && fits) return { kind: 'read', mode: 'gather', coding };
  return spillPlan(parts, state, coding);
}
