import { describe, expect, it } from 'vitest';
import { createFindingCounts } from '../../../src/policy/counter.ts';
import { createPolicy, type PolicyOptions } from '../../../src/policy/create-policy.ts';
import type { PolicyLayer } from '../../../src/policy/layer.ts';
import type { ExchangeFacts, FindingFacts } from '../../../src/policy/policy.ts';
import { allowSchema, pathEntrySchema, policyEntrySchema, type PolicyEntry } from '../../../src/policy/schema.ts';

const finding: FindingFacts = {
  rule: 'github-pat',
  category: 'secret',
  severity: 'high',
  regimes: ['GDPR', 'PCI-DSS'],
  confidence: 'probable',
  ruleAction: 'mask',
  fingerprint: 'hmac:k1:abc',
  label: 'pricing',
  source: '/repo/src/app.ts',
  where: 'body',
};
const exchange: ExchangeFacts = {
  host: 'API.Anthropic.com',
  path: '/v1/messages',
  vendor: 'anthropic',
  jurisdiction: 'US',
  client: 'claude-cli',
  user: 'alice',
  nowMs: Date.parse('2026-06-15T12:00:00Z'),
};
const ruleIds = ['github-pat', 'email-address', 'card-number'];

const entry = (action: PolicyEntry['action'], when: object = {}, more: object = {}): PolicyEntry =>
  policyEntrySchema.parse({ when, action, ...more });
const allow = (keys: object) => allowSchema.parse({ reason: 'a test', ...keys });
const policyOf = (user: Partial<PolicyLayer>, more: Partial<PolicyOptions> = {}) =>
  createPolicy({ user: { name: 'user', ...user }, ruleIds, ...more });
const organisation = (layer: Partial<PolicyLayer>) => ({ organisation: [{ name: 'organisation', ...layer }] });
const project = (layer: Partial<PolicyLayer>) => ({ project: [{ name: 'project', ...layer }] });

describe('conditions', () => {
  it.each<[object, boolean]>([
    [{}, true],
    [{ rule: 'github-pat' }, true],
    [{ rule: 'github-*' }, true],
    [{ rule: ['card-number', 'email-*'] }, false],
    [{ category: 'secret' }, true],
    [{ category: ['regulated', 'secret'] }, true],
    [{ category: 'regulated' }, false],
    [{ regime: 'PCI-DSS' }, true],
    [{ regime: 'pci-*' }, true],
    [{ regime: 'HIPAA' }, false],
    [{ severity: 'high' }, true],
    [{ severity: 'medium' }, true],
    [{ severity: 'critical' }, false],
    [{ confidence: 'possible' }, true],
    [{ confidence: 'certain' }, false],
    [{ label: 'pric*' }, true],
    [{ label: 'other' }, false],
    [{ source: '**/src/**' }, true],
    [{ source: '**/test/**' }, false],
    [{ where: ['header', 'body'] }, true],
    [{ where: 'header' }, false],
    [{ coverage: 'read' }, true],
    [{ coverage: 'opaque' }, false],
    [{ vendor: 'anthropic' }, true],
    [{ host: '*.anthropic.com' }, true],
    [{ host: '*.openai.com' }, false],
    [{ jurisdiction: ['CN', 'US'] }, true],
    [{ jurisdiction: 'CN' }, false],
    [{ client: 'claude*' }, true],
    [{ client: 'codex*' }, false],
    [{ user: 'alice' }, true],
    [{ user: 'bob' }, false],
    [{ category: 'secret', vendor: 'openai' }, false],
    [{ category: 'secret', not: { vendor: 'anthropic' } }, false],
    [{ category: 'secret', not: { vendor: 'openai' } }, true],
    [{ not: { category: 'secret', vendor: 'openai' } }, true],
  ])('%j: %s', (when, matches) => {
    expect(policyOf({ policy: [entry('block', when)] }).judge(finding, exchange).action).toBe(
      matches ? 'block' : 'mask',
    );
  });

  it('do not match what is absent', () => {
    const { label: _label, source: _source, ...bare } = finding;
    const { user: _user, ...anonymous } = exchange;

    for (const when of [{ label: '*' }, { source: '**' }, { user: '*' }]) {
      expect(policyOf({ policy: [entry('block', when)] }).judge(bare, anonymous).action).toBe('mask');
    }
  });

  it('count different values in a request and in an hour', () => {
    const counts = createFindingCounts();
    const inRequest = policyOf({ policy: [entry('block', { count: { atLeast: 2, per: 'request' } })] });
    const inHour = policyOf({ policy: [entry('block', { count: { atLeast: 3, per: 'hour' } })] });
    const first = { ...exchange, counter: counts.forRequest(exchange.nowMs) };
    const second = { ...exchange, counter: counts.forRequest(exchange.nowMs + 60_000) };
    const late = { ...exchange, counter: counts.forRequest(exchange.nowMs + 3 * 3_600_000) };
    const seen = (policy: typeof inHour, facts: ExchangeFacts, id: string) =>
      policy.judge({ ...finding, fingerprint: `hmac:k:${id}` }, facts).action;

    expect([seen(inRequest, first, 'a'), seen(inRequest, first, 'a'), seen(inRequest, first, 'b')]).toEqual([
      'mask',
      'mask',
      'block',
    ]);
    expect([seen(inHour, first, 'a'), seen(inHour, second, 'b'), seen(inHour, second, 'c')]).toEqual([
      'mask',
      'mask',
      'block',
    ]);
    expect(seen(inHour, late, 'd')).toBe('mask');
  });

  it('take a count as reached where nothing counts', () => {
    const policy = policyOf({ policy: [entry('block', { count: { atLeast: 99, per: 'hour' } })] });

    expect(policy.judge(finding, exchange).action).toBe('block');
  });

  it.each([
    [{ policy: [entry('mask', { rule: 'github-pta' })] }, /user policy\[0\].*github-pta.*did you mean github-pat/],
    [{ policy: [entry('mask', { not: { rule: 'nothing-*' } })] }, /nothing-\*/],
    [{ allow: [allow({ rule: 'gone' })] }, /allow\[0\].*gone/],
    [{ policy: [entry('mask'), entry('mask', { source: '[x' })] }, /policy\[1\]/],
    [{ destinations: [{ hosts: ['a.*.b'], action: 'block' as const }] }, /destinations\[0\]/],
  ])('name the line of what cannot be meant', (layer, message) => {
    expect(() => policyOf(layer)).toThrow(message);
  });

  it("know the detector's own rules", () => {
    expect(() => policyOf({ policy: [entry('block', { rule: 'protected-value' })] })).not.toThrow();
  });
});

describe('the action of a finding', () => {
  it.each<[string, Partial<PolicyLayer>, Partial<PolicyOptions>, string, string]>([
    ["is the rule's own where nothing matches", {}, {}, 'mask', 'rule'],
    ['is lowered by the user', { policy: [entry('forward')] }, {}, 'forward', 'user policy[0]'],
    [
      'is the most severe of the user',
      { policy: [entry('forward'), entry('block'), entry('mask')] },
      {},
      'block',
      'user policy[1]',
    ],
    [
      'is raised by the organisation',
      { policy: [entry('forward')] },
      organisation({ policy: [entry('block')] }),
      'block',
      'organisation policy[0]',
    ],
    ['is raised by a project', {}, project({ policy: [entry('block')] }), 'block', 'project policy[0]'],
    ['is not lowered by the organisation', {}, organisation({ policy: [entry('forward')] }), 'mask', 'rule'],
    ['is not lowered by a project', {}, project({ policy: [entry('forward')] }), 'mask', 'rule'],
    [
      'is not lowered by what the wire claims',
      { policy: [entry('forward', { source: '**' }), entry('forward', { client: '*' })] },
      {},
      'mask',
      'rule',
    ],
    [
      'is raised by what the wire claims',
      { policy: [entry('block', { label: 'pricing' })] },
      {},
      'block',
      'user policy[0]',
    ],
    ['is undone by an exception', { allow: [allow({ rule: 'github-*' })] }, {}, 'forward', 'allow[0]'],
    [
      'keeps what takes no exceptions',
      { allow: [allow({ rule: '*' })] },
      organisation({ policy: [entry('block', {}, { exceptions: false })] }),
      'block',
      'organisation policy[0]',
    ],
    [
      'is undone though the organisation raised it',
      { allow: [allow({ rule: '*' })] },
      organisation({ policy: [entry('block')] }),
      'forward',
      'allow[0]',
    ],
    ["is not undone by a project's exception", {}, project({ allow: [allow({ rule: '*' })] }), 'mask', 'rule'],
    [
      "is not undone by the organisation's exception",
      {},
      organisation({ allow: [allow({ rule: '*' })] }),
      'mask',
      'rule',
    ],
    [
      "is raised by the organisation's preset",
      { policy: [entry('forward')] },
      organisation({ preset: 'strict' }),
      'mask',
      'organisation preset strict',
    ],
    [
      'is recorded only in observe mode',
      { mode: 'observe', policy: [entry('block')] },
      {},
      'forward',
      'observe: would block (user policy[0])',
    ],
    [
      'is enforced where the organisation says so',
      { mode: 'observe' },
      organisation({ mode: 'enforce' }),
      'mask',
      'rule',
    ],
    ['is enforced though the organisation observes', {}, organisation({ mode: 'observe' }), 'mask', 'rule'],
  ])('%s', (_, user, more, action, by) => {
    expect(policyOf(user, more).judge(finding, exchange)).toMatchObject({ action, by });
  });

  it('acts under preset strict where a rule only records', () => {
    const recorded = { ...finding, ruleAction: 'forward' as const };

    expect(policyOf({}).judge(recorded, exchange).action).toBe('forward');
    expect(policyOf({ preset: 'strict' }).judge(recorded, exchange)).toMatchObject({
      action: 'mask',
      by: 'preset strict',
    });
    expect(policyOf({ preset: 'strict', policy: [entry('forward')] }).judge(recorded, exchange).action).toBe('forward');
  });

  it('keeps the strictest kind of mask', () => {
    const masks = (...kinds: string[]) =>
      policyOf({ policy: kinds.map((as) => entry('mask', {}, as === '' ? {} : { as })) }).judge(finding, exchange).as;

    expect(masks('')).toBe('placeholder');
    expect(masks('lookalike')).toBe('lookalike');
    expect(masks('lookalike', 'placeholder')).toBe('placeholder');
    expect(masks('', 'withheld', 'lookalike')).toBe('withheld');
    expect(
      policyOf({ policy: [entry('mask')] }, organisation({ policy: [entry('mask', {}, { as: 'withheld' })] })).judge(
        finding,
        exchange,
      ).as,
    ).toBe('withheld');
  });

  it.each<[object, boolean]>([
    [{ fingerprint: 'hmac:k1:abc' }, true],
    [{ fingerprint: 'hmac:k1:abd' }, false],
    [{ host: '*.anthropic.com' }, true],
    [{ host: 'api.openai.com' }, false],
    [{ path: '**/app.ts' }, true],
    [{ path: '**/other.ts' }, false],
    [{ rule: 'github-pat', host: 'api.openai.com' }, false],
    [{ rule: 'github-pat', expires: '2026-06-15' }, true],
    [{ rule: 'github-pat', expires: '2026-06-14' }, false],
    [{ rule: 'github-pat', expires: '2026-06-15T12:00Z' }, false],
    [{ rule: 'github-pat', expires: '2026-06-15T12:01Z' }, true],
  ])('an exception for %j counts: %s', (keys, counts) => {
    expect(policyOf({ allow: [allow(keys)] }).judge(finding, exchange).action).toBe(counts ? 'forward' : 'mask');
  });
});

describe('the policy as a whole', () => {
  it('says whether it blocks by content', () => {
    const blocks = [entry('block')];

    expect(policyOf({}).blocksByContent).toBe(false);
    expect(policyOf({ policy: blocks }).blocksByContent).toBe(true);
    expect(policyOf({}, { rulesBlock: true }).blocksByContent).toBe(true);
    expect(policyOf({}, project({ policy: blocks })).blocksByContent).toBe(true);
    expect(policyOf({ paths: [pathEntrySchema.parse({ globs: ['x'], action: 'block' })] }).blocksByContent).toBe(true);
    expect(policyOf({ mode: 'observe', policy: blocks }).blocksByContent).toBe(false);
  });

  it('takes the stricter of what the layers say of failures', () => {
    const lax = { onUnreadable: 'forward', onAuditFailure: 'forward' } as const;

    expect(policyOf(lax)).toMatchObject(lax);
    expect(policyOf({})).toMatchObject({ onUnreadable: 'block', onAuditFailure: 'block' });
    expect(policyOf(lax, organisation({ onUnreadable: 'block', onAuditFailure: 'block' }))).toMatchObject({
      onUnreadable: 'block',
      onAuditFailure: 'block',
    });
    expect(policyOf({}, organisation(lax))).toMatchObject({ onUnreadable: 'block', onAuditFailure: 'block' });
    expect(policyOf({ mode: 'observe' }).onUnreadable).toBe('forward');
  });

  it('has a version that changes with whatever decides', () => {
    const versions = [
      policyOf({}),
      policyOf({ mode: 'observe' }),
      policyOf({ policy: [entry('block')] }),
      policyOf({}, project({ policy: [entry('block')] })),
      policyOf({}, { rulesVersion: 'other' }),
      policyOf({ allow: [allow({ rule: 'github-pat' })] }),
    ].map(({ version }) => version);

    expect(new Set(versions).size).toBe(versions.length);
    expect(policyOf({}).version).toBe(versions[0]);
    expect(versions[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('finds the most severe line of paths for a file', () => {
    const path = (globs: string[], action: string, label?: string) => pathEntrySchema.parse({ globs, action, label });
    const policy = policyOf(
      { paths: [path(['**/a/**'], 'mask', 'one'), path(['**/a/b/**'], 'forward')] },
      project({ paths: [path(['**/b/**'], 'block')] }),
    );

    expect(policy.pathRule('/r/a/x')).toEqual({ action: 'mask', label: 'one', hide: ['content'], by: 'user paths[0]' });
    expect(policy.pathRule('/r/a/b/x')).toMatchObject({ action: 'block', by: 'project paths[0]' });
    expect(policy.pathRule('/r/c')).toBeUndefined();
  });
});
