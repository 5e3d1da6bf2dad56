import type { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthority, leafLifeMs } from '../../../src/certs/authority.ts';
import { createLeafIssuer } from '../../../src/certs/leaf.ts';
import { leafOf } from '../../helpers/leaf-of.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const startMs = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;

function issuer(options: { hosts?: string[] | null; maxContexts?: number; lateMs?: number } = {}) {
  const { hosts = ['*.vendor.example', '127.0.0.1'], lateMs = 0 } = options;
  const authority = createAuthority(temporaryFolder(), { hosts, nowMs: startMs });
  const clock = { nowMs: startMs + lateMs };
  const { maxContexts } = options;
  const leaves = createLeafIssuer(authority, {
    nowMs: () => clock.nowMs,
    ...(maxContexts === undefined ? {} : { maxContexts }),
  });
  return { authority, clock, leaves };
}

describe('leaf certificates', () => {
  it('are made once a host, whatever its spelling', () => {
    const { leaves } = issuer();

    const context = leaves.secureContextFor('api.vendor.example');

    expect(leaves.secureContextFor('API.Vendor.Example.')).toBe(context);
    expect(leaves.secureContextFor('b.vendor.example')).not.toBe(context);
    expect(leaves.size).toBe(2);
  });

  it('hold from an hour ago for a week', async () => {
    const { leaves, authority } = issuer({ lateMs: 30 * dayMs });

    const leaf = await leafOf(leaves.secureContextFor('a.vendor.example'));

    expect(leaf.checkIssued(authority.certificate)).toBe(true);
    expect(Date.parse(leaf.validFrom)).toBe(startMs + 30 * dayMs - 3_600_000);
    expect(Date.parse(leaf.validTo)).toBe(startMs + 30 * dayMs + leafLifeMs);
  });

  it('never outlive the authority', async () => {
    const { leaves, authority } = issuer({ lateMs: 729 * dayMs });

    const leaf = await leafOf(leaves.secureContextFor('a.vendor.example'));

    expect(Date.parse(leaf.validTo)).toBe(authority.notAfterMs);
  });

  it('share one key, which is not the authority’s', async () => {
    const { leaves, authority } = issuer();

    const one = await leafOf(leaves.secureContextFor('a.vendor.example'));
    const two = await leafOf(leaves.secureContextFor('b.vendor.example'));

    const spki = (certificate: X509Certificate) => certificate.publicKey.export({ type: 'spki', format: 'der' });
    expect(spki(one)).toEqual(spki(two));
    expect(spki(one)).not.toEqual(spki(authority.certificate));
  });

  it.each(['bank.example', 'vendor.example.evil.example', 'xvendor.example', '127.0.0.2', '::1'])(
    'refuses a host outside the constraints: %s',
    (host) => {
      const { leaves } = issuer();

      expect(() => leaves.secureContextFor(host)).toThrowError(
        expect.objectContaining({ code: 'ERR_CA_HOST_OUTSIDE' }),
      );
      expect(leaves.size).toBe(0);
    },
  );

  it('are made for any host by an unconstrained authority, also for prototype names', () => {
    const { leaves } = issuer({ hosts: null });

    for (const host of ['bank.example', '192.0.2.1', '::1', 'constructor', '__proto__', 'toString'.toLowerCase()]) {
      expect(leaves.secureContextFor(host)).toBeDefined();
    }
    expect(leaves.size).toBe(6);
  });

  it.each(['', '../../etc/passwd', 'a b', 'a:443', '*.vendor.example'])('refuses %j, which is no host', (host) => {
    expect(() => issuer({ hosts: null }).leaves.secureContextFor(host)).toThrowError(
      expect.objectContaining({ code: 'ERR_CONNECT_TARGET' }),
    );
  });

  it('are renewed when half their life has passed', () => {
    const { leaves, clock } = issuer();
    const first = leaves.secureContextFor('a.vendor.example');

    clock.nowMs += leafLifeMs / 2 - 1;
    expect(leaves.secureContextFor('a.vendor.example')).toBe(first);
    clock.nowMs += 1;
    expect(leaves.secureContextFor('a.vendor.example')).not.toBe(first);
    expect(leaves.size).toBe(1);
  });

  it('are refused once the authority has expired, also those held', () => {
    const { leaves, clock } = issuer();
    leaves.secureContextFor('a.vendor.example');

    clock.nowMs += 730 * dayMs;

    expect(() => leaves.secureContextFor('a.vendor.example')).toThrowError(
      expect.objectContaining({ code: 'ERR_CA_INVALID' }),
    );
  });

  it('are forgotten least recently used first, beyond the bound', () => {
    const { leaves } = issuer({ maxContexts: 2 });
    const a = leaves.secureContextFor('a.vendor.example');
    const b = leaves.secureContextFor('b.vendor.example');
    leaves.secureContextFor('a.vendor.example');

    leaves.secureContextFor('c.vendor.example');

    expect(leaves.size).toBe(2);
    expect(leaves.secureContextFor('a.vendor.example')).toBe(a);
    expect(leaves.secureContextFor('b.vendor.example')).not.toBe(b);
  });
});
