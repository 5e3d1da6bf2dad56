/** The law of layers: no organisation's or project's file, and no project's exception, makes anything laxer. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions, categories, confidences, severities } from '../../src/core/finding.ts';
import { createPolicy } from '../../src/policy/create-policy.ts';
import { strictness, type PolicyLayer } from '../../src/policy/layer.ts';
import type { ExchangeFacts, FindingFacts, Policy } from '../../src/policy/policy.ts';
import {
  allowSchema,
  destinationSchema,
  pathEntrySchema,
  policyEntrySchema,
  routeSchema,
} from '../../src/policy/schema.ts';

const ruleIds = ['alpha-key', 'beta-key'];
const hosts = ['api.one.test', 'api.two.test', 'x.test'];
const pattern = fc.constantFrom(...hosts, '*.one.test', '*');
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

const conditions = {
  rule: fc.constantFrom('alpha-key', '*-key'),
  category: fc.constantFrom(...categories),
  severity: fc.constantFrom(...severities),
  confidence: fc.constantFrom(...confidences),
  source: fc.constantFrom('**/src/**', '**/test/**'),
  vendor: fc.constantFrom('one', 'unknown'),
  client: fc.constantFrom('claude*', 'codex*'),
  jurisdiction: fc.constantFrom('US', 'unknown'),
};
const when = fc.record({ ...conditions, not: fc.record(conditions, { requiredKeys: [] }) }, { requiredKeys: [] });
const entry = fc
  .record(
    {
      when,
      action: fc.constantFrom(...actions),
      as: fc.constantFrom('placeholder', 'lookalike', 'withheld'),
      exceptions: fc.boolean(),
    },
    { requiredKeys: ['when', 'action'] },
  )
  .map((value) => policyEntrySchema.parse(value));
const destination = fc
  .record(
    {
      hosts: fc.array(pattern, { minLength: 1, maxLength: 2 }),
      action: fc.constantFrom('inspect', 'tunnel', 'block'),
      release: fc.constantFrom('verdict', 'stream'),
      framing: fc.constantFrom('exact', 'any'),
      accounts: fc.subarray(['hmac:k:a', 'hmac:k:b']),
    },
    { requiredKeys: ['hosts', 'action'] },
  )
  .map((value) => destinationSchema.parse(value));
const route = fc
  .record({
    hosts: fc.tuple(pattern),
    paths: fc.constant(['/log/**']),
    action: fc.constantFrom('answer', 'block', 'forward'),
  })
  .map((value) => routeSchema.parse(value));
const exception = fc
  .record(
    { rule: fc.constantFrom('alpha-key', '*'), host: pattern, reason: fc.constant('because') },
    { requiredKeys: ['rule', 'reason'] },
  )
  .map((value) => allowSchema.parse(value));
const path = fc
  .record({ globs: fc.constant(['**/src/**']), action: fc.constantFrom(...actions) })
  .map((value) => pathEntrySchema.parse(value));

/** A layer of a name, with anything in it. */
function layerOf(name: string): fc.Arbitrary<PolicyLayer> {
  return fc
    .record({
      mode: maybe(fc.constantFrom('enforce' as const, 'observe' as const)),
      preset: maybe(fc.constantFrom('recommended' as const, 'strict' as const, 'canary' as const)),
      release: maybe(fc.constantFrom('verdict' as const, 'stream' as const)),
      onUnreadable: maybe(fc.constantFrom('block' as const, 'forward' as const)),
      onAuditFailure: maybe(fc.constantFrom('block' as const, 'forward' as const)),
      unknownHosts: maybe(fc.constantFrom('inspect' as const, 'tunnel' as const, 'block' as const)),
      policy: fc.array(entry, { maxLength: 4 }),
      destinations: fc.array(destination, { maxLength: 3 }),
      routes: fc.array(route, { maxLength: 2 }),
      paths: fc.array(path, { maxLength: 2 }),
      allow: fc.array(exception, { maxLength: 2 }),
    })
    .map((fields) => {
      const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      return { name, ...said };
    });
}

const finding: fc.Arbitrary<FindingFacts> = fc.record({
  rule: fc.constantFrom(...ruleIds),
  category: fc.constantFrom(...categories),
  severity: fc.constantFrom(...severities),
  regimes: fc.constant([]),
  confidence: fc.constantFrom(...confidences),
  ruleAction: fc.constantFrom(...actions),
  fingerprint: fc.constant('hmac:k:x'),
  source: fc.constantFrom('/r/src/a', '/r/test/a'),
  where: fc.constant('body' as const),
});
const exchange: fc.Arbitrary<ExchangeFacts> = fc.record({
  host: fc.constantFrom(...hosts),
  path: fc.constant('/v1'),
  vendor: fc.constantFrom('one', 'unknown'),
  jurisdiction: fc.constantFrom('US', 'unknown'),
  client: fc.constantFrom('claude-cli', 'codex'),
  nowMs: fc.constant(0),
});
const builtInDestinations = [
  { hosts: ['api.one.test'], vendor: 'one', jurisdiction: 'US', action: 'inspect' as const },
];

/** Lists what is laxer after than before. */
function laxer(before: Policy, after: Policy, facts: FindingFacts, where: ExchangeFacts): readonly string[] {
  const problems: string[] = [];
  const check = (name: string, holds: boolean): void => {
    if (!holds) problems.push(name);
  };
  const isAtLeast = <Value extends string>(name: string, order: readonly Value[], from: Value, to: Value): void => {
    check(`${name}: ${from} became ${to}`, order.indexOf(to) >= order.indexOf(from));
  };
  isAtLeast('mode', strictness.mode, before.mode, after.mode);
  isAtLeast('onUnreadable', strictness.onUnreadable, before.onUnreadable, after.onUnreadable);
  isAtLeast('onAuditFailure', strictness.onAuditFailure, before.onAuditFailure, after.onAuditFailure);
  check('blocksByContent', after.blocksByContent || !before.blocksByContent);
  isAtLeast('action', actions, before.judge(facts, where).action, after.judge(facts, where).action);

  const [from, to] = [before.destination(where.host, 443), after.destination(where.host, 443)];
  isAtLeast('destination', strictness.destination, from.action, to.action);
  isAtLeast('release', strictness.release, from.release, to.release);
  isAtLeast('framing', strictness.framing, from.framing, to.framing);
  // An empty list admits anybody.
  const isNarrower = to.accounts.length > 0 && to.accounts.every((account) => from.accounts.includes(account));
  check('accounts', from.accounts.length === 0 || to.action === 'block' || isNarrower);

  const side = (policy: Policy) => policy.sideRoute(where.host, '/log/x')?.action ?? 'forward';
  isAtLeast('side route', strictness.sideRoute, side(before), side(after));
  const hidden = (policy: Policy) => policy.pathRule('/r/src/a')?.action ?? 'forward';
  isAtLeast('path', actions, hidden(before), hidden(after));
  return problems;
}

describe('layers', () => {
  it('only ever tighten', () => {
    const stack = fc.record({
      user: layerOf('user'),
      organisation: fc.array(layerOf('organisation'), { maxLength: 2 }),
      project: fc.array(layerOf('project'), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(stack, finding, exchange, ({ user, organisation, project }, facts, where) => {
        const common = { user, builtInDestinations, ruleIds };

        const alone = createPolicy(common);
        const governed = createPolicy({ ...common, organisation });
        const both = createPolicy({ ...common, organisation, project });

        expect(laxer(alone, governed, facts, where)).toEqual([]);
        expect(laxer(governed, both, facts, where)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
