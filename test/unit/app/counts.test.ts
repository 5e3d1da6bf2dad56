import { describe, expect, it } from 'vitest';
import type { DecisionEntry, ExchangeAction } from '../../../src/core/decision.ts';
import type { Finding } from '../../../src/core/finding.ts';
import type { Recorder } from '../../../src/core/ports.ts';
import { createCounter, summaryLines } from '../../../src/app/counts.ts';

const finding = (rule: string, action: Finding['action']): Finding => ({
  rule,
  category: 'secret',
  severity: 'high',
  start: 0,
  end: 1,
  fingerprint: 'hmac:k:d',
  action,
  confidence: 'certain',
});

const decision = (id: string, action: ExchangeAction, run?: string, findings: Finding[] = []): DecisionEntry => ({
  id,
  time: '2026-01-01T00:00:00.000Z',
  client: { app: 'c', version: '1' },
  destination: { host: 'api.vendor.example', vendor: 'v', jurisdiction: 'US' },
  request: { method: 'POST', path: '/', protocol: 'http/1.1', coding: 'identity', bytes: 1 },
  action,
  findings,
  sources: [],
  coverage: { read: 1, opaque: 0, unread: 0 },
  policyVersion: 'p',
  ...(run === undefined ? {} : { run }),
});

const silent: Recorder = { isHealthy: true, decision: () => Promise.resolve(), outcome: () => Promise.resolve() };

describe('counts', () => {
  it('keeps the counts of each run apart and adds them up', async () => {
    const counter = createCounter();
    const recorder = counter.counting(silent);
    await recorder.decision(decision('1', 'mask', 'a', [finding('github-pat', 'mask'), finding('email', 'forward')]));
    await recorder.decision(decision('2', 'block', 'b', [finding('aws-key', 'block')]));
    await recorder.decision(decision('3', 'tunnel'));
    await recorder.outcome({
      id: '1',
      time: '',
      response: { status: 200, bytes: 1 },
      addedMs: 0,
      restored: { restored: 2, heldBack: 1, unresolved: 0 },
    });

    expect(counter.ofRun('a')).toMatchObject({ exchanges: 1, masked: { 'github-pat': 1 }, restored: 2, heldBack: 1 });
    expect(counter.ofRun('b')).toMatchObject({ exchanges: 1, blocked: { 'aws-key': 1 }, lastBlocked: ['2'] });
    expect(counter.total()).toMatchObject({ exchanges: 3, unreadHosts: ['api.vendor.example'] });
    expect(counter.ofRun('c').exchanges).toBe(0);
  });

  it('says in words what was masked and why the last request was blocked', async () => {
    const counter = createCounter();
    await counter.counting(silent).decision(decision('9', 'block', 'a', [finding('aws-key', 'block')]));

    expect(summaryLines(counter.ofRun('a'))).toEqual([
      'sluice: 1 exchanges: 0 forwarded, 0 masked, 1 blocked',
      '  blocked: aws-key',
      '  why the last one was blocked: sluice log show 9',
    ]);
  });

  it('warns when nothing went through', () => {
    expect(summaryLines(createCounter().total())[0]).toContain('no exchange went through');
  });
});
