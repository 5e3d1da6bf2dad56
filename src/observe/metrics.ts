/** The program's metrics in Prometheus' text format; every label is of a closed set. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DecisionEntry, OutcomeEntry } from '../core/decision.ts';
import { AppError, type ErrorCode } from '../core/errors.ts';
import type { Action, Category } from '../core/finding.ts';
import type { Recorder } from '../core/ports.ts';

export interface MetricsOptions {
  readonly version: string;
  /** Whether the registry or the configuration in force names a vendor; others count as `other`. */
  readonly isNamed: (vendor: string) => boolean;
  /** Read when metrics are asked for. */
  readonly read: {
    readonly mode: () => 'enforce' | 'observe';
    /** Exchanges under way. */
    readonly activeExchanges: () => number;
    /** Entries waiting to become durable. */
    readonly queuedEntries: () => number;
    /** Entries lost since the start. */
    readonly lostEntries: () => number;
    readonly isRecordHealthy: () => boolean;
    /** When the authority's certificate ends, in seconds since the epoch. */
    readonly caNotAfterSeconds: () => number;
  };
}

export interface Metrics {
  readonly contentType: string;
  /** The text that Prometheus reads. */
  render(): Promise<string>;
  /** Counts a decision. */
  decision(entry: DecisionEntry): void;
  /** Counts how an exchange ended. */
  outcome(entry: OutcomeEntry): void;
  error(code: ErrorCode): void;
  /** Counts a question to a detector outside. */
  asked(result: AskedResult, seconds: number): void;
}

/** What became of a question: answered, or how it failed. */
export type AskedResult = 'answered' | 'timeout' | 'unavailable' | 'invalid';

/** Exchanges whose labels are remembered until they end: beyond, the oldest are counted as `other`. */
const openAtMost = 10_000;
/** Seconds; from what nobody feels to what times out. */
const addedBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
const exchangeBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Every metric with its type, labels and meaning. The README's table is generated from it. */
export const metricTable = {
  sluice_build_info: { type: 'gauge', labels: ['version', 'node'], help: 'Always 1; says what runs' },
  sluice_exchanges_total: {
    type: 'counter',
    labels: ['provider', 'mode', 'outcome'],
    help: 'Exchanges that ended, by what became of them',
  },
  sluice_findings_total: { type: 'counter', labels: ['rule_family', 'action'], help: 'Findings, by category' },
  sluice_redactions_total: { type: 'counter', labels: ['provider'], help: 'Findings that were masked' },
  sluice_blocked_total: { type: 'counter', labels: ['provider'], help: 'Exchanges that were blocked' },
  sluice_restored_total: {
    type: 'counter',
    labels: ['result'],
    help: 'Placeholders in replies: restored, held_back, unresolved',
  },
  sluice_exchange_duration_seconds: {
    type: 'histogram',
    labels: ['provider'],
    help: 'From the decision to the end of the reply',
  },
  sluice_added_latency_seconds: {
    type: 'histogram',
    labels: [],
    help: 'What Sluice itself added before the first byte of a request could leave',
  },
  sluice_body_bytes_total: { type: 'counter', labels: ['direction'], help: 'Body bytes: request, response' },
  sluice_active_exchanges: { type: 'gauge', labels: [], help: 'Exchanges under way' },
  sluice_errors_total: { type: 'counter', labels: ['code'], help: 'Errors, by code' },
  sluice_detector_questions_total: {
    type: 'counter',
    labels: ['result'],
    help: 'Questions to the detector: answered, timeout, unavailable, invalid',
  },
  sluice_detector_question_seconds: {
    type: 'histogram',
    labels: [],
    help: 'From a question to the detector to its answer, or to its failure',
  },
  sluice_store_queue_depth: { type: 'gauge', labels: [], help: 'Entries waiting to become durable' },
  sluice_store_lost_total: { type: 'counter', labels: [], help: 'Entries that the record could not take' },
  sluice_store_healthy: { type: 'gauge', labels: [], help: '1 while the record can be written' },
  sluice_ca_not_after_timestamp_seconds: {
    type: 'gauge',
    labels: [],
    help: "When the authority's certificate ends, in seconds since the epoch",
  },
  sluice_process_resident_memory_bytes: { type: 'gauge', labels: [], help: 'Resident memory of the process' },
  sluice_process_cpu_seconds_total: { type: 'counter', labels: [], help: 'CPU time of the process, user and system' },
} as const satisfies Record<string, { type: string; labels: readonly string[]; help: string }>;

type MetricName = keyof typeof metricTable;

/** Makes the metrics of one process. */
export function createMetrics({ version, isNamed, read }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const described = <Name extends MetricName>(name: Name) => {
    const { help, labels } = metricTable[name];
    return { name, help, labelNames: [...labels], registers };
  };
  const counter = (name: MetricName) => new Counter<string>(described(name));
  const histogram = (name: MetricName, buckets: readonly number[]) =>
    new Histogram<string>({ ...described(name), buckets: [...buckets] });
  /** A gauge, or a counter kept elsewhere, that is read when it is asked for. */
  const gauge = (name: MetricName, value: () => number) =>
    new Gauge<string>({
      ...described(name),
      collect() {
        this.set(value());
      },
    });
  const readCounter = (name: MetricName, value: () => number) =>
    new Counter<string>({
      ...described(name),
      collect() {
        this.reset();
        this.inc(value());
      },
    });

  const exchanges = counter('sluice_exchanges_total');
  const findings = counter('sluice_findings_total');
  const redactions = counter('sluice_redactions_total');
  const blocked = counter('sluice_blocked_total');
  const restored = counter('sluice_restored_total');
  const bodyBytes = counter('sluice_body_bytes_total');
  const errors = counter('sluice_errors_total');
  const duration = histogram('sluice_exchange_duration_seconds', exchangeBuckets);
  const questions = counter('sluice_detector_questions_total');
  const questionSeconds = histogram('sluice_detector_question_seconds', addedBuckets);
  const added = histogram('sluice_added_latency_seconds', addedBuckets);
  new Gauge<string>(described('sluice_build_info')).set({ version, node: process.version }, 1);
  gauge('sluice_active_exchanges', read.activeExchanges);
  gauge('sluice_store_queue_depth', read.queuedEntries);
  readCounter('sluice_store_lost_total', read.lostEntries);
  gauge('sluice_store_healthy', () => (read.isRecordHealthy() ? 1 : 0));
  gauge('sluice_ca_not_after_timestamp_seconds', read.caNotAfterSeconds);
  gauge('sluice_process_resident_memory_bytes', () => process.memoryUsage.rss());
  readCounter('sluice_process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });

  const open = new Map<string, Begun>();

  const countFindings = (entry: Pick<OutcomeEntry, 'findings' | 'unlisted'>, provider: string): void => {
    const count = (category: Category, action: Action, by: number): void => {
      findings.inc({ rule_family: category, action }, by);
      if (action === 'mask') redactions.inc({ provider }, by);
    };
    for (const { category, action } of entry.findings ?? []) count(category, action, 1);
    for (const { category, action, count: by } of entry.unlisted ?? []) count(category, action, by);
  };

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    decision(entry) {
      const { id, time, destination, action, request } = entry;
      const provider = isNamed(destination.vendor) ? destination.vendor : 'other';
      countFindings(entry, provider);
      open.set(id, { provider, action, startedMs: Date.parse(time), bytes: request.bytes });
      if (open.size > openAtMost) {
        const [oldest] = open.keys();
        if (oldest !== undefined) open.delete(oldest);
      }
    },
    outcome(entry) {
      const begun = open.get(entry.id) ?? { provider: 'other', action: 'error', startedMs: Number.NaN, bytes: 0 };
      open.delete(entry.id);
      const { provider } = begun;
      const outcome = entry.action ?? begun.action;
      exchanges.inc({ provider, mode: read.mode(), outcome });
      if (outcome === 'block') blocked.inc({ provider });
      countFindings(entry, provider);
      bodyBytes.inc({ direction: 'request' }, entry.requestBytes ?? begun.bytes);
      bodyBytes.inc({ direction: 'response' }, entry.response.bytes);
      added.observe(entry.addedMs / 1000);
      const lasted = (Date.parse(entry.time) - begun.startedMs) / 1000;
      if (lasted >= 0) duration.observe({ provider }, lasted);
      if (entry.restored !== undefined) {
        restored.inc({ result: 'restored' }, entry.restored.restored);
        restored.inc({ result: 'held_back' }, entry.restored.heldBack);
        restored.inc({ result: 'unresolved' }, entry.restored.unresolved);
      }
    },
    error: (code) => errors.inc({ code }),
    asked(result, seconds) {
      questions.inc({ result });
      questionSeconds.observe(seconds);
    },
  };
}

interface Begun {
  readonly provider: string;
  readonly action: DecisionEntry['action'];
  readonly startedMs: number;
  readonly bytes: number;
}

/** A recorder that counts what passes through it, durable or not, and what could not be made durable. */
export function countedRecorder(
  recorder: Recorder,
  metrics: Pick<Metrics, 'decision' | 'outcome' | 'error'>,
): Recorder {
  const failed = (error: unknown): never => {
    metrics.error(error instanceof AppError ? error.code : 'ERR_INTERNAL');
    throw error;
  };
  return {
    get isHealthy() {
      return recorder.isHealthy;
    },
    decision(entry) {
      metrics.decision(entry);
      return recorder.decision(entry).catch(failed);
    },
    outcome(entry) {
      metrics.outcome(entry);
      return recorder.outcome(entry).catch(failed);
    },
  };
}
