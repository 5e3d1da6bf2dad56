import { describe, expect, it } from 'vitest';
import { authorityNeed } from '../../../src/app/authority-need.ts';
import { constraintsFor } from '../../../src/certs/constraints.ts';
import type { Config } from '../../../src/config/schema.ts';

type Destination = Config['destinations'][number];
const need = (destinations: Destination[], unknownHosts: Config['unknownHosts'] = 'tunnel') =>
  authorityNeed({ destinations, unknownHosts });

describe('the hosts an authority must speak for', () => {
  it('are the built-in vendors’, and a certificate can express them all', () => {
    const { hosts, isUnconstrained } = need([]);

    expect(hosts).toContain('api.deepseek.com');
    expect(isUnconstrained).toBe(false);
    expect(constraintsFor(hosts).dns).toContain('anthropic.com');
  });

  it('are the destinations’ that are inspected or blocked', () => {
    const { hosts } = need([
      { hosts: ['*.corp.example', 'one.example'], action: 'inspect' },
      { hosts: ['bad.example'], action: 'block' },
      { hosts: ['passed.example'], action: 'tunnel' },
    ]);

    expect(hosts).toEqual(expect.arrayContaining(['*.corp.example', 'one.example', 'bad.example']));
    expect(hosts).not.toContain('passed.example');
  });

  it.each([
    ['api.deepseek.com', 'api.deepseek.com', false],
    ['*.deepseek.com', 'api.deepseek.com', false],
    ['deepseek.com', 'api.deepseek.com', true],
    ['*.api.deepseek.com', 'api.deepseek.com', true],
  ])('leave out a vendor’s host that a tunnelled %s takes in whole: %s stays %s', (pattern, host, expected) => {
    expect(need([{ hosts: [pattern], action: 'tunnel' }]).hosts.includes(host)).toBe(expected);
  });

  it('leave out what is blocked by a pattern too wide for a certificate', () => {
    const { hosts } = need([{ hosts: ['*', '*.zz', 'bad.example'], action: 'block' }]);

    expect(hosts).not.toContain('*.zz');
    expect(() => constraintsFor(hosts)).not.toThrow();
    expect(hosts).toContain('bad.example');
  });

  it.each([
    [[], 'inspect', true],
    [[{ hosts: ['*'], action: 'inspect' }], 'tunnel', true],
    [[{ hosts: ['*'], action: 'block' }], 'block', false],
  ] as const)('are all hosts for %j with unknown hosts %s: %s', (destinations, unknownHosts, expected) => {
    const mutable = destinations.map((entry) => ({ ...entry, hosts: [...entry.hosts] }));

    expect(need(mutable, unknownHosts).isUnconstrained).toBe(expected);
  });
});
