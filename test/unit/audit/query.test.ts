import { describe, expect, it } from 'vitest';
import { matcherOf, mergeRow, parseSince, type DecisionFilter, type DecisionRow } from '../../../src/audit/query.ts';
import type { DecisionEntry, OutcomeEntry } from '../../../src/core/decision.ts';
import { sampleDecision, sampleFinding, sampleOutcome, startMs } from '../../helpers/record-entries.ts';

function rowOf(decision: DecisionEntry, outcome?: OutcomeEntry): DecisionRow {
  return {
    seq: 1,
    hash: 'ab',
    decision: JSON.stringify({ entry: decision }),
    outcome: outcome === undefined ? null : JSON.stringify({ entry: outcome }),
  };
}

describe('a point in time', () => {
  it.each([
    ['30s', startMs - 30_000],
    ['15m', startMs - 15 * 60_000],
    ['24h', startMs - 24 * 3_600_000],
    ['7d', startMs - 7 * 86_400_000],
    ['2w', startMs - 14 * 86_400_000],
    ['2026-11-01', Date.UTC(2026, 10, 1)],
    ['2026-11-01T10:00:00Z', Date.UTC(2026, 10, 1, 10)],
    ['2026-11-01T10:00:00.5+02:00', Date.UTC(2026, 10, 1, 8, 0, 0, 500)],
  ])('reads %s', (text, ms) => {
    expect(parseSince(text, startMs)).toBe(new Date(ms).toISOString());
  });

  it.each(['', '24', 'h', '1y', '-1h', 'yesterday', '2026-13-01', '2026-11-01T25:00:00Z', '1.5h'])(
    'refuses %j',
    (text) => {
      expect(() => parseSince(text, startMs)).toThrowError(expect.objectContaining({ code: 'ERR_USAGE' }));
    },
  );
});

describe('merging a decision with its outcome', () => {
  it('keeps the order of fields that the contract shows, and nothing internal', () => {
    const { decision, run } = mergeRow(rowOf(sampleDecision('a', { run: 'r1', reason: 'why' }), sampleOutcome('a')));

    expect(Object.keys(decision)).toEqual([
      'id',
      'time',
      'client',
      'destination',
      'credential',
      'request',
      'response',
      'action',
      'reason',
      'findings',
      'restored',
      'sources',
      'coverage',
      'policyVersion',
      'addedMs',
      'chain',
    ]);
    expect(run).toBe('r1');
    expect(decision.chain).toBe('ab');
  });

  it('lets the end have the last word', () => {
    const late = sampleFinding({ rule: 'late', action: 'block' });
    const outcome = sampleOutcome('a', {
      action: 'error',
      reason: 'client gone',
      requestBytes: 99,
      findings: [late],
      coverage: { read: 1, opaque: 2, unread: 3 },
    });

    expect(mergeRow(rowOf(sampleDecision('a', { reason: 'was' }), outcome))).toMatchObject({
      hasEnded: true,
      decision: {
        action: 'error',
        reason: 'client gone',
        request: { bytes: 99, path: '/v1/messages' },
        findings: [sampleFinding(), late],
        coverage: { read: 1, opaque: 2, unread: 3 },
        response: { status: 200, bytes: 4096 },
        addedMs: 3.25,
        restored: { restored: 1 },
      },
    });
  });

  it('shows an exchange that has not ended with status 0', () => {
    expect(mergeRow(rowOf(sampleDecision('a')))).toMatchObject({
      hasEnded: false,
      decision: { action: 'mask', response: { status: 0, bytes: 0 }, addedMs: 0 },
    });
  });

  it.each(['{', 'null', '{}', '{"entry":null}', '{"entry":{"id":"x"}}', '{"entry":{"findings":1}}'])(
    'says which entry cannot be read: %s',
    (decision) => {
      expect(() => mergeRow({ seq: 1, hash: 'ab', decision, outcome: '{"entry":{"findings":[]}}' })).toThrowError(
        expect.objectContaining({ code: 'ERR_AUDIT_OPEN', message: expect.stringContaining('entry 1') }),
      );
    },
  );
});

describe('a filter', () => {
  const recorded = mergeRow(rowOf(sampleDecision('a', { run: 'r1' }), sampleOutcome('a')));

  it.each<[DecisionFilter, boolean]>([
    [{}, true],
    [{ since: new Date(startMs).toISOString() }, true],
    [{ since: new Date(startMs + 1).toISOString() }, false],
    [{ action: 'mask' }, true],
    [{ action: 'forward' }, false],
    [{ rule: 'github-pat' }, true],
    [{ rule: 'github-*' }, true],
    [{ rule: 'aws-*' }, false],
    [{ client: 'CLAUDE-*' }, true],
    [{ client: 'codex' }, false],
    [{ host: '*.anthropic.com' }, true],
    [{ host: 'anthropic.com' }, false],
    [{ run: 'r1' }, true],
    [{ run: 'r2' }, false],
    [{ action: 'mask', host: 'other' }, false],
  ])('%j gives %s', (filter, expected) => {
    expect(matcherOf(filter)(recorded)).toBe(expected);
  });
});
