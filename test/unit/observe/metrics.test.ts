import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import type { Recorder } from '../../../src/core/ports.ts';
import { countedRecorder, createMetrics, metricTable, type Metrics } from '../../../src/observe/metrics.ts';
import { rfc3339, sampleDecision, sampleFinding, sampleOutcome, startMs } from '../../helpers/record-entries.ts';

function metricsOf(): Metrics {
  return createMetrics({
    version: '1.2.3',
    isNamed: (vendor) => ['anthropic', 'openai'].includes(vendor),
    read: {
      mode: () => 'enforce',
      activeExchanges: () => 3,
      queuedEntries: () => 4,
      lostEntries: () => 5,
      isRecordHealthy: () => false,
      caNotAfterSeconds: () => 1_900_000_000,
    },
  });
}

async function sample(metrics: Metrics, line: string): Promise<string | undefined> {
  const lines = (await metrics.render()).split('\n');
  return lines.find((text) => text.startsWith(`${line} `))?.slice(line.length + 1);
}

describe('metrics', () => {
  it('count an exchange by vendor, mode and what became of it', async () => {
    const metrics = metricsOf();
    metrics.decision(sampleDecision('a'));
    metrics.outcome(sampleOutcome('a'));
    metrics.decision(sampleDecision('b', { action: 'forward', findings: [] }));
    metrics.outcome(
      sampleOutcome('b', { action: 'block', findings: [sampleFinding({ action: 'block' })], requestBytes: 10 }),
    );

    const expected: [string, string][] = [
      ['sluice_exchanges_total{provider="anthropic",mode="enforce",outcome="mask"}', '1'],
      ['sluice_exchanges_total{provider="anthropic",mode="enforce",outcome="block"}', '1'],
      ['sluice_findings_total{rule_family="secret",action="mask"}', '1'],
      ['sluice_findings_total{rule_family="secret",action="block"}', '1'],
      ['sluice_redactions_total{provider="anthropic"}', '1'],
      ['sluice_blocked_total{provider="anthropic"}', '1'],
      ['sluice_restored_total{result="restored"}', '2'],
      ['sluice_body_bytes_total{direction="request"}', '2058'],
      ['sluice_body_bytes_total{direction="response"}', '8192'],
      ['sluice_added_latency_seconds_count', '2'],
      ['sluice_added_latency_seconds_bucket{le="0.005"}', '2'],
      ['sluice_exchange_duration_seconds_sum{provider="anthropic"}', '1.8'],
    ];
    for (const [line, value] of expected) expect([line, await sample(metrics, line)]).toEqual([line, value]);
  });

  it('count questions to the detector, by what became of them', async () => {
    const metrics = metricsOf();
    metrics.asked('answered', 0.02);
    metrics.asked('answered', 0.03);
    metrics.asked('timeout', 2);

    expect(await sample(metrics, 'sluice_detector_questions_total{result="answered"}')).toBe('2');
    expect(await sample(metrics, 'sluice_detector_questions_total{result="timeout"}')).toBe('1');
    expect(await sample(metrics, 'sluice_detector_question_seconds_sum')).toBe('2.05');
  });

  it('never take a label from the wire', async () => {
    const metrics = metricsOf();
    const destination = { host: 'evil.example', vendor: 'evil"} 1', jurisdiction: 'unknown' };
    metrics.decision(sampleDecision('a', { destination, client: { app: 'evil-app', version: '1' } }));
    metrics.outcome(sampleOutcome('a'));
    metrics.outcome(sampleOutcome('never begun'));

    const text = await metrics.render();
    expect(text).not.toContain('evil');
    expect(text).toContain('provider="other",mode="enforce",outcome="mask"} 1');
    expect(text).toContain('provider="other",mode="enforce",outcome="error"} 1');
  });

  it('read what others keep when they are asked for', async () => {
    const metrics = metricsOf();
    metrics.error('ERR_UPSTREAM');

    const expected: [string, string][] = [
      ['sluice_active_exchanges', '3'],
      ['sluice_store_queue_depth', '4'],
      ['sluice_store_lost_total', '5'],
      ['sluice_store_healthy', '0'],
      ['sluice_ca_not_after_timestamp_seconds', '1900000000'],
      ['sluice_errors_total{code="ERR_UPSTREAM"}', '1'],
      [`sluice_build_info{version="1.2.3",node="${process.version}"}`, '1'],
    ];
    for (const [line, value] of expected) expect([line, await sample(metrics, line)]).toEqual([line, value]);
    expect(await sample(metrics, 'sluice_store_lost_total')).toBe('5');
    expect(Number(await sample(metrics, 'sluice_process_cpu_seconds_total'))).toBeGreaterThan(0);
    expect(Number(await sample(metrics, 'sluice_process_resident_memory_bytes'))).toBeGreaterThan(1e6);
  });

  it('are those of the table, with its types', async () => {
    const text = await metricsOf().render();
    const types = Object.fromEntries(
      [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]),
    );
    const table = Object.fromEntries(Object.entries(metricTable).map(([name, { type }]) => [name, type]));

    expect(types).toEqual(table);
  });

  it('remember a bounded number of exchanges that never end', async () => {
    const metrics = metricsOf();
    for (let n = 0; n <= 10_000; n += 1) metrics.decision(sampleDecision(`x${n}`, { findings: [] }));
    metrics.outcome(sampleOutcome('x0'));
    metrics.outcome(sampleOutcome('x1'));

    expect(await sample(metrics, 'sluice_exchanges_total{provider="other",mode="enforce",outcome="error"}')).toBe('1');
    expect(await sample(metrics, 'sluice_exchanges_total{provider="anthropic",mode="enforce",outcome="mask"}')).toBe(
      '1',
    );
  });

  it('do not count a duration of clocks that went back', async () => {
    const metrics = metricsOf();
    metrics.decision(sampleDecision('a'));
    metrics.outcome(sampleOutcome('a', { time: rfc3339(startMs - 1000) }));

    expect(await sample(metrics, 'sluice_exchange_duration_seconds_count{provider="anthropic"}')).toBeUndefined();
  });
});

describe('a counted recorder', () => {
  it('counts and passes on what it is given, failures and health too', async () => {
    const metrics = metricsOf();
    const passed: string[] = [];
    const inner: Recorder = {
      isHealthy: false,
      decision: async ({ id }) => void passed.push(id),
      outcome: () => Promise.reject(new AppError('ERR_AUDIT_WRITE', 'disk full')),
    };
    const recorder = countedRecorder(inner, metrics);

    await recorder.decision(sampleDecision('a'));
    await expect(recorder.outcome(sampleOutcome('a'))).rejects.toThrowError('disk full');

    expect(recorder.isHealthy).toBe(false);
    expect(passed).toEqual(['a']);
    expect(await sample(metrics, 'sluice_errors_total{code="ERR_AUDIT_WRITE"}')).toBe('1');
    expect(await sample(metrics, 'sluice_exchanges_total{provider="anthropic",mode="enforce",outcome="mask"}')).toBe(
      '1',
    );
  });
});
