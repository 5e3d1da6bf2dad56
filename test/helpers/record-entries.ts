/** Entries of the record as the inspection would make them, with what a test cares about changed. */
import type { DecisionEntry, OutcomeEntry } from '../../src/core/decision.ts';
import type { Finding } from '../../src/core/finding.ts';

/** A point in time that tests count from. */
export const startMs = Date.UTC(2026, 10, 20, 9);

export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: 'github-pat',
    category: 'secret',
    severity: 'high',
    start: 120,
    end: 160,
    where: '/messages/0/content',
    fingerprint: 'hmac:k1:9f86d081884c7d65',
    action: 'mask',
    confidence: 'certain',
    ...changes,
  };
}

export function sampleDecision(id: string, changes: Partial<DecisionEntry> = {}): DecisionEntry {
  return {
    id,
    time: rfc3339(startMs),
    client: { app: 'claude-cli', version: '2.1.329' },
    destination: { host: 'api.anthropic.com', vendor: 'anthropic', jurisdiction: 'US' },
    credential: { kind: 'api-key', fingerprint: 'hmac:k1:aa55', plan: 'unknown' },
    request: { method: 'POST', path: '/v1/messages', protocol: 'http/1.1', coding: 'identity', bytes: 2048 },
    action: 'mask',
    findings: [sampleFinding()],
    sources: [{ path: 'src/config.ts', fingerprint: 'hmac:k1:bb66', bytes: 512, action: 'forward' }],
    coverage: { read: 2048, opaque: 0, unread: 0 },
    policyVersion: 'p-1',
    ...changes,
  };
}

export function sampleOutcome(id: string, changes: Partial<OutcomeEntry> = {}): OutcomeEntry {
  return {
    id,
    time: rfc3339(startMs + 900),
    response: { status: 200, bytes: 4096 },
    addedMs: 3.25,
    restored: { restored: 1, heldBack: 0, unresolved: 0 },
    ...changes,
  };
}
