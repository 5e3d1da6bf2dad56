import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAuthority, markAuthority, trustedByClients } from '../../../src/certs/authority.ts';
import { ensureAuthority } from '../../../src/certs/ensure.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const nowMs = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;
const hosts = ['a.example', '*.b.example'];

describe('the authority that a configuration needs', () => {
  it('is made where there is none', () => {
    const { authority, outcome } = ensureAuthority(temporaryFolder(), { hosts, nowMs });

    expect(outcome).toBe('created');
    expect(authority.constraints?.dns).toEqual(['a.example', 'b.example']);
  });

  it('is the home’s own while it fits, also where it covers more', () => {
    const home = temporaryFolder();
    const { certificate } = createAuthority(home, { hosts, nowMs });

    const ensured = ensureAuthority(home, { hosts: ['x.b.example'], nowMs });

    expect(ensured).toMatchObject({ outcome: 'loaded', uncovered: [] });
    expect(ensured.authority.certificate.fingerprint256).toBe(certificate.fingerprint256);
  });

  it.each([
    ['a host is outside', hosts, ['c.example'], nowMs],
    ['every host is to be inspected', hosts, null, nowMs],
    ['it could speak for every host and need not', null, hosts, nowMs],
    ['it expires within a month', hosts, hosts, nowMs + 701 * dayMs],
  ])('is replaced when %s and nobody else has it, keeping the old one for its clients', (_, before, after, later) => {
    const home = temporaryFolder();
    const old = createAuthority(home, { hosts: before, nowMs });

    const { authority, outcome } = ensureAuthority(home, { hosts: after, nowMs: later });

    expect(outcome).toBe('replaced');
    expect(authority.constraints === null).toBe(after === null);
    expect(trustedByClients(authority, later).map((entry) => entry.fingerprint256)).toEqual([
      authority.certificate.fingerprint256,
      old.certificate.fingerprint256,
    ]);
  });

  it.each([{ trusted: true }, { exported: true }])(
    'is kept once others have it (%j), naming what it cannot do',
    (use) => {
      const home = temporaryFolder();
      const old = markAuthority(createAuthority(home, { hosts, nowMs }), use);

      const ensured = ensureAuthority(home, { hosts: [...hosts, 'c.example'], nowMs });

      expect(ensured).toMatchObject({ outcome: 'kept', uncovered: ['c.example'] });
      expect(ensured.authority.certificate.fingerprint256).toBe(old.certificate.fingerprint256);
    },
  );

  it('stops where every host is to be inspected and others have a constrained one', () => {
    const home = temporaryFolder();
    markAuthority(createAuthority(home, { hosts, nowMs }), { exported: true });

    expect(() => ensureAuthority(home, { hosts: null, nowMs })).toThrowError(
      expect.objectContaining({ code: 'ERR_CA_HOST_OUTSIDE' }),
    );
  });

  it('is never replaced silently when it is damaged or expired', () => {
    const home = temporaryFolder();
    const { paths } = createAuthority(home, { hosts, nowMs });

    expect(() => ensureAuthority(home, { hosts, nowMs: nowMs + 731 * dayMs })).toThrowError(
      expect.objectContaining({ code: 'ERR_CA_INVALID' }),
    );
    writeFileSync(paths.key, '');
    expect(() => ensureAuthority(home, { hosts, nowMs })).toThrowError(
      expect.objectContaining({ code: 'ERR_CA_INVALID' }),
    );
  });
});
