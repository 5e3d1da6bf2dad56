import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shellEnvironment, type ShellEnvironmentInput } from '../../../src/app/shell-environment.ts';
import { createAuthority, loadAuthority } from '../../../src/certs/authority.ts';
import { readCertificates } from '../../../src/certs/pem.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const nowMs = Date.now();
const input = (over: Partial<ShellEnvironmentInput> = {}): ShellEnvironmentInput => ({
  home: temporaryFolder(),
  need: { hosts: ['api.vendor.example'], isUnconstrained: false },
  isRunning: false,
  proxyUrl: 'http://127.0.0.1:1',
  environment: { PATH: process.env['PATH'], NO_PROXY: 'api.vendor.example,intra.example' },
  nowMs,
  ...over,
});

describe('the environment of a shell', () => {
  it('names files that hold the authority, made where there was none', () => {
    const given = input();

    const { variables } = shellEnvironment(given);

    const own = loadAuthority(given.home, { nowMs }).certificate.fingerprint256;
    for (const name of ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) {
      const certificates = readCertificates(readFileSync(variables[name] ?? '', 'utf8'));
      expect(certificates.map((entry) => entry.fingerprint256)).toContain(own);
    }
    expect(variables['NO_PROXY']).toBe('intra.example,localhost,127.0.0.1,::1');
  });

  it('replaces an authority that does not fit only while no proxy uses it', () => {
    const given = input();
    const old = createAuthority(given.home, { hosts: ['other.example'], nowMs }).certificate.fingerprint256;
    const current = () => loadAuthority(given.home, { nowMs }).certificate.fingerprint256;

    shellEnvironment({ ...given, isRunning: true });
    expect(current()).toBe(old);

    shellEnvironment(given);
    expect(current()).not.toBe(old);
  });

  it('lets nothing but loopback past a proxy that inspects every host', () => {
    const { variables } = shellEnvironment(input({ need: { hosts: [], isUnconstrained: true } }));

    expect(variables['NO_PROXY']).toBe('localhost,127.0.0.1,::1');
  });

  it('cannot be made for a proxy that runs without an authority', () => {
    expect(() => shellEnvironment(input({ isRunning: true }))).toThrowError(
      expect.objectContaining({ code: 'ERR_CA_MISSING' }),
    );
  });
});
