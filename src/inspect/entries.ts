/** What the record says of an exchange: its decision, and how it ended. Keys in canonical order: then it is written natively. */
import type { Coverage, DecisionEntry, ExchangeAction, OutcomeEntry } from '../core/decision.ts';
import { headerList } from '../core/http.ts';
import type { Ending } from './exchange.ts';
import type { ListedFindings } from './listed-findings.ts';
import type { ExchangeParts } from './parts.ts';
import type { RequestState } from './request-state.ts';

/** What was decided, besides what the request's head shows. */
interface Decided {
  readonly id: string;
  readonly nowMs: number;
  /** The run that the client belongs to, if any. */
  readonly run: string | undefined;
  readonly action: ExchangeAction;
  readonly reason: string | undefined;
  readonly coverage: Coverage;
  readonly listed: ListedFindings;
  /** The target as it may be recorded. */
  readonly path: string;
  readonly requestBytes: number;
}

/** The entry that is durable before the first byte of the reply leaves. */
export function decisionEntry(
  parts: Pick<ExchangeParts, 'policy' | 'recordable'>,
  { head, client, recordedDestination, credential }: RequestState,
  { id, nowMs, run, action, reason, coverage, listed, path, requestBytes }: Decided,
): DecisionEntry {
  return {
    action,
    client,
    coverage,
    ...(credential === undefined ? {} : { credential }),
    destination: recordedDestination,
    findings: listed.findings,
    id,
    policyVersion: parts.policy.version,
    ...(reason === undefined ? {} : { reason }),
    request: {
      bytes: requestBytes,
      coding: parts.recordable(headerList(head.headers, 'content-encoding') ?? 'identity'),
      method: parts.recordable(head.method),
      path,
      protocol: head.protocol,
    },
    ...(run === undefined ? {} : { run }),
    sources: [],
    time: new Date(nowMs).toISOString(),
    ...(listed.unlisted === undefined ? {} : { unlisted: listed.unlisted }),
  };
}

/** What became of an exchange since its decision was recorded. */
interface Became {
  readonly id: string;
  /** Set where it is another than was decided. */
  readonly action: ExchangeAction | undefined;
  readonly reason: string | undefined;
  readonly coverage: Coverage;
  /** Findings since. */
  readonly late: ListedFindings | undefined;
  readonly restored: OutcomeEntry['restored'] | undefined;
}

/** The entry of an exchange that has ended. */
export function outcomeEntry(ending: Ending, { id, action, reason, coverage, late, restored }: Became): OutcomeEntry {
  const addedMs = Math.round(ending.addedMs * 1000) / 1000;
  const response = { bytes: ending.responseBytes, status: ending.status };
  const { requestBytes, time } = ending;
  if (action === undefined && late === undefined && restored === undefined && reason === undefined) {
    // What most are; the general form below costs a copy for each of its parts.
    return { addedMs, coverage, id, requestBytes, response, time };
  }
  return {
    ...(action === undefined ? {} : { action }),
    addedMs,
    coverage,
    ...(late === undefined ? {} : { findings: late.findings }),
    id,
    ...(reason === undefined ? {} : { reason }),
    requestBytes,
    response,
    ...(restored === undefined ? {} : { restored }),
    time,
    ...(late?.unlisted === undefined ? {} : { unlisted: late.unlisted }),
  };
}
