import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/policy/create-policy.ts';
import type { BuiltInDestination, PolicyLayer } from '../../../src/policy/layer.ts';
import { destinationSchema } from '../../../src/policy/schema.ts';

const builtIns: BuiltInDestination[] = [
  { hosts: ['api.anthropic.com'], vendor: 'anthropic', jurisdiction: 'US', action: 'inspect' },
  { hosts: ['*.deepseek.com'], vendor: 'deepseek', jurisdiction: 'CN', action: 'inspect' },
  { hosts: ['github.com'], vendor: 'github', jurisdiction: 'US', action: 'tunnel' },
];
const to = (hosts: string[], more: object = {}) => destinationSchema.parse({ hosts, ...more });
const organisation = (layer: Partial<PolicyLayer>): PolicyLayer[] => [{ name: 'organisation', ...layer }];
const policyOf = (user: Partial<PolicyLayer>, others: PolicyLayer[] = []) =>
  createPolicy({
    user: { name: 'user', unknownHosts: 'tunnel', ...user },
    organisation: others,
    builtInDestinations: builtIns,
    ruleIds: [],
  });

describe('destinations', () => {
  it.each<[string, Partial<PolicyLayer>, PolicyLayer[], string, object]>([
    [
      'a built-in vendor',
      {},
      [],
      'api.anthropic.com',
      {
        action: 'inspect',
        vendor: 'anthropic',
        jurisdiction: 'US',
        by: 'built-in anthropic',
        release: 'verdict',
        framing: 'any',
        accounts: [],
      },
    ],
    [
      'a host nobody lists',
      {},
      [],
      'x.test',
      { action: 'tunnel', vendor: 'unknown', jurisdiction: 'unknown', by: 'unknownHosts' },
    ],
    ['unknownHosts: block', { unknownHosts: 'block' }, [], 'x.test', { action: 'block' }],
    [
      "the user's entry before a built-in one",
      { destinations: [to(['*.deepseek.com'], { action: 'block' })] },
      [],
      'api.deepseek.com',
      { action: 'block', vendor: 'deepseek', jurisdiction: 'CN', by: 'destinations[0]' },
    ],
    [
      'the first match',
      { destinations: [to(['a.test'], { vendor: 'one' }), to(['*'], { action: 'block' })] },
      [],
      'A.test.',
      { vendor: 'one', action: 'inspect', by: 'destinations[0]' },
    ],
    [
      'release and framing',
      { release: 'stream', destinations: [to(['a.test'], { framing: 'exact', release: 'verdict' })] },
      [],
      'a.test',
      { release: 'verdict', framing: 'exact' },
    ],
    [
      "the organisation's block",
      {},
      organisation({ destinations: [to(['api.anthropic.com'], { action: 'block' })] }),
      'api.anthropic.com',
      { action: 'block', vendor: 'anthropic', by: 'organisation destinations[0]' },
    ],
    [
      "no weakening by the organisation's tunnel",
      {},
      organisation({ destinations: [to(['api.anthropic.com'], { action: 'tunnel' })] }),
      'api.anthropic.com',
      { action: 'inspect' },
    ],
    [
      "the organisation's unknownHosts over a user's entry",
      { destinations: [to(['x.test'], { action: 'tunnel' })] },
      organisation({ unknownHosts: 'block' }),
      'x.test',
      { action: 'block', by: 'organisation unknownHosts' },
    ],
    [
      'a vendor is not unknown to the organisation',
      {},
      organisation({ unknownHosts: 'block' }),
      'api.anthropic.com',
      { action: 'inspect' },
    ],
    [
      'accounts of both',
      { destinations: [to(['a.test'], { accounts: ['hmac:k:a', 'hmac:k:b'] })] },
      organisation({ destinations: [to(['a.test'], { accounts: ['hmac:k:b'] })] }),
      'a.test',
      { accounts: ['hmac:k:b'], action: 'inspect' },
    ],
    [
      'no account in common',
      { destinations: [to(['a.test'], { accounts: ['hmac:k:a'] })] },
      organisation({ destinations: [to(['a.test'], { accounts: ['hmac:k:b'] })] }),
      'a.test',
      { action: 'block' },
    ],
    [
      'observe mode at a listed host',
      { mode: 'observe', destinations: [to(['a.test'], { action: 'block' })] },
      [],
      'a.test',
      { action: 'inspect', by: 'observe: would block (destinations[0])' },
    ],
    [
      'observe mode at an unknown host',
      { mode: 'observe', unknownHosts: 'block' },
      [],
      'x.test',
      { action: 'tunnel', by: 'observe: would block (unknownHosts)' },
    ],
  ])('%s', (_, user, others, host, expected) => {
    expect(policyOf(user, others).destination(host, 443)).toMatchObject(expected);
  });

  it('blocks an unknown host where no layer says what becomes of it', () => {
    const policy = createPolicy({ user: { name: 'user' }, ruleIds: [] });

    expect(policy.destination('x.test', 443).action).toBe('block');
  });
});
