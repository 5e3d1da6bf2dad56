import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { causeOf, planReason, reasonOf, reasonUnseen } from '../../../src/inspect/reasons.ts';
import type { RefusalCause } from '../../../src/policy/refusal.ts';
import { plainRule } from '../../helpers/rules.ts';

const finding: Finding = {
  rule: 'a-rule',
  category: 'secret',
  severity: 'high',
  start: 0,
  end: 4,
  where: '/messages/0',
  fingerprint: 'hmac:x:y',
  action: 'block',
  confidence: 'certain',
};

describe('reasons', () => {
  it.each<[RefusalCause, string]>([
    [{ kind: 'destination', host: 'h.test' }, 'destination: user entry 1'],
    [{ kind: 'account', host: 'h.test' }, 'this account is not listed'],
    [{ kind: 'redirect', host: 'h.test' }, 'redirect to h.test'],
    [{ kind: 'finding', rule: 'a-rule', ruleTitle: 'A rule' }, 'rule a-rule'],
    [{ kind: 'detector', reason: 'it is down' }, 'the detector has not seen all of it: it is down'],
    [{ kind: 'limit', reason: 'too large' }, 'too large'],
  ])('say in the record why %j refuses', (cause, expected) => {
    expect(reasonOf(cause, 'user entry 1')).toBe(expected);
  });

  it('say what a detector has not seen', () => {
    expect(reasonUnseen('stream', undefined)).toContain('the body streamed');
    expect(reasonUnseen('gather', 'it is slow')).toContain('it is slow');
    expect(reasonUnseen('gather', undefined)).toBeUndefined();
  });

  it('name the rule of a finding, and its place', () => {
    expect(causeOf(finding, () => plainRule('a-rule', '(?<value>x)'))).toEqual({
      kind: 'finding',
      rule: 'a-rule',
      ruleTitle: plainRule('a-rule', '(?<value>x)').title,
      where: '/messages/0',
    });
    expect(causeOf(finding, () => undefined)).toMatchObject({ ruleTitle: 'a protected value' });
  });

  it('say in the record why a request is not read', () => {
    const refused = { kind: 'refuse', cause: { kind: 'limit', reason: 'too large' } } as const;
    const passed = { kind: 'pass', reason: 'credential exchange', isUnread: true } as const;

    expect([refused, passed, { kind: 'upgrade' } as const].map((plan) => planReason(plan, 'by'))).toEqual([
      'too large',
      'credential exchange',
      'WebSocket is not inspected',
    ]);
  });
});
