/** Why a request was refused, or not seen whole: in the record's words, and as the cause of a refusal. */
import type { Finding } from '../core/finding.ts';
import type { Rule } from '../detect/rule.ts';
import type { RefusalCause } from '../policy/refusal.ts';
import type { HeadPlan } from './plan.ts';

/** How the record says that a detector's answer is missing. */
export function notSeen(failure: string): string {
  return `the detector has not seen all of it: ${failure}`;
}

/** Why a detector has not seen a body that was read by rules; undefined where it has. @param failure of the detector */
export function reasonUnseen(mode: 'gather' | 'stream', failure: string | undefined): string | undefined {
  if (mode === 'stream') return notSeen('the body streamed');
  return failure === undefined ? undefined : notSeen(failure);
}

/** The record's reason for a refusal. @param destinationBy which entry decided on the destination */
export function reasonOf(cause: RefusalCause, destinationBy: string): string {
  switch (cause.kind) {
    case 'destination':
      return `destination: ${destinationBy}`;
    case 'account':
      return 'this account is not listed';
    case 'redirect':
      return `redirect to ${cause.host}`;
    case 'finding':
      return `rule ${cause.rule}`;
    case 'detector':
      return notSeen(cause.reason);
    case 'unreadable':
    case 'limit':
      return cause.reason;
  }
}

/** The cause of a refusal that a finding is. */
export function causeOf(finding: Finding, ruleOf: (id: string) => Rule | undefined): RefusalCause {
  return {
    kind: 'finding',
    rule: finding.rule,
    ruleTitle: ruleOf(finding.rule)?.title ?? 'a protected value',
    ...(finding.where === undefined ? {} : { where: finding.where }),
    ...(finding.source === undefined ? {} : { source: finding.source }),
  };
}

/** Why a request that is not read is treated as it is. @param by whose entry named the destination */
export function planReason(plan: Exclude<HeadPlan, { readonly kind: 'read' }>, by: string): string {
  switch (plan.kind) {
    case 'refuse':
      return reasonOf(plan.cause, by);
    case 'answer':
    case 'pass':
      return plan.reason;
    case 'upgrade':
      return 'WebSocket is not inspected';
  }
}
