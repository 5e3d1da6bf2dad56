/** What a run (or the whole proxy) has seen, as counts: for summaries and status. */
import { z } from 'zod';
import type { DecisionEntry, ExchangeAction, OutcomeEntry } from '../core/decision.ts';
import type { Action } from '../core/finding.ts';
import type { Recorder } from '../core/ports.ts';

const count = z.number().int().nonnegative();
const byName = z.record(z.string(), count);

/** Counts as they travel over the admin port. */
export const countsSchema = z.strictObject({
  exchanges: count,
  actions: byName,
  /** Findings that were masked or blocked, by rule. */
  masked: byName,
  blocked: byName,
  restored: count,
  heldBack: count,
  unresolved: count,
  /** Hosts of tunnels: traffic that was not read. */
  unreadHosts: z.array(z.string()),
  lastBlocked: z.array(z.string()),
});

export type Counts = z.infer<typeof countsSchema>;

/** Names kept in each list, so that counts stay small whatever the traffic. */
const namesAtMost = 50;

const emptyCounts = (): Counts => ({
  exchanges: 0,
  actions: {},
  masked: {},
  blocked: {},
  restored: 0,
  heldBack: 0,
  unresolved: 0,
  unreadHosts: [],
  lastBlocked: [],
});

function addTo(names: Record<string, number>, name: string, by = 1): void {
  if (name in names || Object.keys(names).length < namesAtMost) names[name] = (names[name] ?? 0) + by;
}

/** Keeps counts over all exchanges and for each run. */
export interface Counter {
  total(): Counts;
  ofRun(run: string): Counts;
  /** Forgets a run's counts. */
  dropRun(run: string): void;
  /** A recorder that counts what it hands on. */
  counting(recorder: Recorder): Recorder;
}

export function createCounter(): Counter {
  const total = emptyCounts();
  const runs = new Map<string, Counts>();
  /** Which run an exchange in progress belongs to. */
  const runOf = new Map<string, string>();

  const countsFor = (run: string | undefined): Counts[] => {
    if (run === undefined) return [total];
    const counts = runs.get(run) ?? emptyCounts();
    runs.set(run, counts);
    return [total, counts];
  };
  const countAction = (counts: Counts, action: ExchangeAction): void => addTo(counts.actions, action);
  const countFindings = (counts: Counts, entry: Pick<OutcomeEntry, 'findings' | 'unlisted'>): void => {
    const count = (action: Action, rule: string, by?: number): void => {
      if (action === 'mask') addTo(counts.masked, rule, by);
      if (action === 'block') addTo(counts.blocked, rule, by);
    };
    for (const { action, rule } of entry.findings ?? []) count(action, rule);
    for (const { action, rule, count: by } of entry.unlisted ?? []) count(action, rule, by);
  };

  const countDecision = (entry: DecisionEntry): void => {
    if (entry.run !== undefined) runOf.set(entry.id, entry.run);
    for (const counts of countsFor(entry.run)) {
      counts.exchanges += 1;
      countAction(counts, entry.action);
      countFindings(counts, entry);
      const { host } = entry.destination;
      if (entry.action === 'tunnel' && !counts.unreadHosts.includes(host) && counts.unreadHosts.length < namesAtMost) {
        counts.unreadHosts.push(host);
      }
      if (entry.action === 'block') counts.lastBlocked = [...counts.lastBlocked.slice(-2), entry.id];
    }
  };
  const countOutcome = (entry: OutcomeEntry): void => {
    for (const counts of countsFor(runOf.get(entry.id))) {
      if (entry.action !== undefined) countAction(counts, entry.action);
      countFindings(counts, entry);
      counts.restored += entry.restored?.restored ?? 0;
      counts.heldBack += entry.restored?.heldBack ?? 0;
      counts.unresolved += entry.restored?.unresolved ?? 0;
    }
    runOf.delete(entry.id);
  };

  return {
    total: () => total,
    ofRun: (run) => runs.get(run) ?? emptyCounts(),
    dropRun: (run) => void runs.delete(run),
    counting: (recorder) => ({
      get isHealthy() {
        return recorder.isHealthy;
      },
      decision(entry) {
        countDecision(entry);
        return recorder.decision(entry);
      },
      outcome(entry) {
        countOutcome(entry);
        return recorder.outcome(entry);
      },
    }),
  };
}

const listed = (names: Readonly<Record<string, number>>): string =>
  Object.entries(names)
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => (times > 1 ? `${name} ×${times}` : name))
    .join(', ');

/** Says what a run's counts come to, in a few lines for people. */
export function summaryLines(counts: Counts): string[] {
  const { actions } = counts;
  const of = (action: ExchangeAction): number => actions[action] ?? 0;
  const lines = [
    `sluice: ${counts.exchanges} exchanges: ${of('forward')} forwarded, ${of('mask')} masked, ${of('block')} blocked`,
  ];
  if (counts.exchanges === 0) {
    return ['sluice: no exchange went through the proxy: does this command honour HTTPS_PROXY? See `sluice doctor`'];
  }
  if (of('answer') > 0) lines.push(`  ${of('answer')} answered in place`);
  if (Object.keys(counts.masked).length > 0) lines.push(`  masked: ${listed(counts.masked)}`);
  if (Object.keys(counts.blocked).length > 0) lines.push(`  blocked: ${listed(counts.blocked)}`);
  if (counts.restored > 0) lines.push(`  ${counts.restored} values restored in replies`);
  if (counts.heldBack > 0) lines.push(`  ${counts.heldBack} values held back from tools that send, or from URLs`);
  if (counts.unresolved > 0) lines.push(`  ${counts.unresolved} placeholders could not be resolved`);
  if (of('error') > 0) lines.push(`  ${of('error')} failed`);
  if (counts.unreadHosts.length > 0) lines.push(`  not read (tunnelled): ${counts.unreadHosts.join(', ')}`);
  const last = counts.lastBlocked.at(-1);
  if (last !== undefined) lines.push(`  why the last one was blocked: sluice log show ${last}`);
  return lines;
}
