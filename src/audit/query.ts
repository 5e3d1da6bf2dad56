/** Questions to the record: which decisions, newest first, each merged with its outcome. */
import micromatch from 'micromatch';
import type { Decision, DecisionEntry, ExchangeAction, OutcomeEntry } from '../core/decision.ts';
import { AppError } from '../core/errors.ts';

/** All conditions hold together; names are globs. */
export interface DecisionFilter {
  /** At most so many. */
  readonly limit?: number;
  /** RFC 3339, UTC: decided then or later. */
  readonly since?: string;
  readonly action?: ExchangeAction;
  /** A rule that one of the findings is of. */
  readonly rule?: string;
  /** The client's name, as it says itself. */
  readonly client?: string;
  readonly host?: string;
  /** A run's id. */
  readonly run?: string;
}

/** A decision and, once the exchange has ended, its outcome: the JSON texts as they stand in the chain. */
export interface DecisionRow {
  readonly seq: number;
  readonly hash: string;
  readonly decision: string;
  readonly outcome: string | null;
}

/** A decision as the record holds it. */
export interface RecordedDecision {
  readonly decision: Decision;
  /** The place of the decision's entry in the chain. */
  readonly seq: number;
  /** False while the exchange runs, and for ever when its process was killed. */
  readonly hasEnded: boolean;
  /** The run it belongs to, if it does. */
  readonly run?: string;
}

const durations: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * Reads a point in time: `24h`, `7d` and the like before now, or RFC 3339.
 * @returns RFC 3339, UTC, milliseconds
 * @throws AppError `ERR_USAGE`
 */
export function parseSince(text: string, nowMs: number): string {
  const duration = /^(\d{1,6})([smhdw])$/.exec(text);
  const unit = durations[duration?.[2] ?? ''];
  const isDate = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?$/.test(text);
  const at = unit === undefined ? Date.parse(isDate ? text : '') : nowMs - Number(duration?.[1]) * unit;
  if (Number.isNaN(at)) throw new AppError('ERR_USAGE', `'${text}' is neither a span such as 24h or 7d nor a date`);
  return new Date(at).toISOString();
}

interface Bodies {
  readonly decision: DecisionEntry;
  readonly outcome: OutcomeEntry | undefined;
}

/** What people and filters look at: an entry without one of them is none of ours. */
const required = [
  'client',
  'destination',
  'request',
  'findings',
  'sources',
  'coverage',
] satisfies (keyof DecisionEntry)[];

function bodiesOf({ decision, outcome }: DecisionRow): Bodies {
  const begun: { readonly entry: DecisionEntry } = JSON.parse(decision);
  if (!required.every((member) => typeof begun.entry[member] === 'object')) throw new TypeError('not a decision');
  const ended: { readonly entry: OutcomeEntry } | undefined = outcome === null ? undefined : JSON.parse(outcome);
  return { decision: begun.entry, outcome: ended?.entry };
}

/**
 * Merges a decision with its outcome: what the end says wins. What this program wrote is read; whether it still says the
 * same is for {@link verifyRecord} to tell.
 * @throws AppError `ERR_AUDIT_OPEN` when it is no entry any more
 */
export function mergeRow(row: DecisionRow): RecordedDecision {
  try {
    return merged(row);
  } catch (error: unknown) {
    throw new AppError('ERR_AUDIT_OPEN', `entry ${row.seq} of the record cannot be read`, {
      cause: error,
      hint: 'run `sluice log verify`',
    });
  }
}

function merged(row: DecisionRow): RecordedDecision {
  const { decision, outcome: ended } = bodiesOf(row);
  const { run, credential } = decision;
  const reason = ended?.reason ?? decision.reason;
  const unlisted = [...(decision.unlisted ?? []), ...(ended?.unlisted ?? [])];
  const decided: Decision = {
    id: decision.id,
    time: decision.time,
    client: decision.client,
    destination: decision.destination,
    ...(credential === undefined ? {} : { credential }),
    request: { ...decision.request, bytes: ended?.requestBytes ?? decision.request.bytes },
    response: ended?.response ?? { status: 0, bytes: 0 },
    action: ended?.action ?? decision.action,
    ...(reason === undefined ? {} : { reason }),
    findings: [...decision.findings, ...(ended?.findings ?? [])],
    ...(unlisted.length === 0 ? {} : { unlisted }),
    ...(ended?.restored === undefined ? {} : { restored: ended.restored }),
    sources: decision.sources,
    coverage: ended?.coverage ?? decision.coverage,
    policyVersion: decision.policyVersion,
    addedMs: ended?.addedMs ?? 0,
    chain: row.hash,
  };
  return { decision: decided, seq: row.seq, hasEnded: ended !== undefined, ...(run === undefined ? {} : { run }) };
}

/** Compiles a filter (but for its limit). */
export function matcherOf(filter: DecisionFilter): (recorded: RecordedDecision) => boolean {
  const glob = (pattern: string | undefined): ((text: string) => boolean) =>
    pattern === undefined ? () => true : micromatch.matcher(pattern, { nocase: true, dot: true });
  const isClient = glob(filter.client);
  const isHost = glob(filter.host);
  const isRule = glob(filter.rule);
  return ({ decision, run }) =>
    (filter.since === undefined || decision.time >= filter.since) &&
    (filter.action === undefined || decision.action === filter.action) &&
    (filter.run === undefined || run === filter.run) &&
    isClient(decision.client.app) &&
    isHost(decision.destination.host) &&
    (filter.rule === undefined || decision.findings.some(({ rule }) => isRule(rule)));
}
