import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority, loadAuthority, markAuthority } from '../../../../src/certs/authority.ts';
import { readCertificates } from '../../../../src/certs/pem.ts';
import { registerCa } from '../../../../src/cli/commands/ca.ts';
import { runCommand } from '../../../helpers/command-line.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const load = (home: string) => loadAuthority(home, { nowMs: Date.now() });

/** A home with a configuration of its own, so that the user's does not take part. */
function place(config = '') {
  const home = temporaryFolder();
  const file = join(temporaryFolder(), 'config.yaml');
  writeFileSync(file, config, { mode: 0o600 });
  const env = { HOME: home, SLUICE_HOME: home, PATH: process.env['PATH'] };
  const ca = (...argv: string[]) => runCommand(registerCa, ['ca', ...argv, '--config', file], env, home);
  return { home, ca };
}

describe('sluice ca', () => {
  it('makes an authority for what the configuration inspects or blocks, and its bundle', async () => {
    const { home, ca } = place(
      'destinations:\n  - hosts: ["*.llm.corp.example"]\n  - { hosts: [bad.example], action: block }\n  - { hosts: [api.deepseek.com], action: tunnel }\n',
    );

    const { code, stdout } = await ca('init', '--json');

    const { authority } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(authority.constraints.dns).toEqual(
      expect.arrayContaining(['anthropic.com', 'llm.corp.example', 'bad.example']),
    );
    expect(authority.constraints.dns).not.toContain('api.deepseek.com');
    expect(readCertificates(readFileSync(join(home, 'ca', 'bundle.pem'), 'utf8')).length).toBeGreaterThan(100);
    await expect(ca('init')).rejects.toMatchObject({ code: 'ERR_CANNOT_CREATE' });
  });

  it('makes one without constraints where every host is inspected', async () => {
    const { home, ca } = place('unknownHosts: inspect\n');

    await ca('init');

    expect(load(home).constraints).toBeNull();
  });

  it('shows the authority in the contract’s shape, without its key', async () => {
    const { home, ca } = place();
    await ca('init');

    const { stdout } = await ca('show', '--json');
    const shown = JSON.parse(stdout);

    const { certificate, paths } = load(home);
    expect(shown).toMatchObject({
      schemaVersion: 1,
      authority: { fingerprint256: certificate.fingerprint256, path: paths.certificate, constraints: { ip: [] } },
    });
    expect(shown.authority.subject).toMatch(/^O=Sluice, CN=Sluice local authority [0-9a-f]{8}$/);
    expect(Date.parse(shown.authority.notAfter)).toBe(Date.parse(certificate.validTo));
    expect(Date.parse(shown.authority.notBefore)).toBe(Date.parse(certificate.validFrom));
    expect((await ca('show')).stdout).toContain(certificate.fingerprint256);
    expect(stdout + (await ca('show')).stdout).not.toContain('PRIVATE');
  });

  it.each([['show'], ['export'], ['trust', '--dry-run'], ['untrust', '--dry-run']])(
    'says what to do where there is none: %s',
    async (...argv) => {
      await expect(place().ca(...argv)).rejects.toMatchObject({ code: 'ERR_CA_MISSING' });
    },
  );

  it('exports the certificate to stdout, or with the bundle to a folder, and remembers it', async () => {
    const { home, ca } = place();
    await ca('init');
    const folder = join(temporaryFolder(), 'public');

    const { stdout } = await ca('export');

    expect(stdout).toBe(load(home).certificatePem);
    expect(load(home).exported).toBe(true);
    await ca('export', '--out', folder);
    expect(readFileSync(join(folder, 'ca.crt'), 'utf8')).toBe(stdout);
    expect(statSync(join(folder, 'bundle.pem')).mode & 0o777).toBe(0o644);
    expect(existsSync(join(folder, 'ca.key'))).toBe(false);
  });

  it.each(['debian', 'rhel', 'macos', 'windows', 'nss'])('prints the plan for %s and runs nothing', async (store) => {
    const { home, ca } = place();
    await ca('init');

    const { stdout } = await ca('trust', '--dry-run', '--store', store);

    expect(stdout).toMatch(new RegExp(`^${store}: `));
    expect(load(home).trusted).toBe(false);
    const { plans, ran } = JSON.parse((await ca('untrust', '--dry-run', '--store', store, '--json')).stdout);
    expect(plans).toMatchObject([{ store }]);
    expect(ran).toBeNull();
  });

  it('plans to take those it replaced out of trust stores too', async () => {
    const { home, ca } = place();
    await ca('init');
    const old = markAuthority(load(home), { trusted: true });

    const { stderr } = await ca('rotate');

    expect(stderr).toContain('sluice ca untrust');
    const { plans } = JSON.parse((await ca('untrust', '--dry-run', '--store', 'debian', '--json')).stdout);
    expect(plans).toHaveLength(2);
    expect(JSON.stringify(plans)).toContain(
      old.certificate.fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase(),
    );
  });

  it('rotates to what the configuration needs now, also an authority that cannot be read', async () => {
    const { home, ca } = place('destinations:\n  - hosts: [new.example]\n');
    const old = createAuthority(home, { hosts: ['old.example'], nowMs: Date.now() });
    writeFileSync(old.paths.key, '');

    const { stdout } = await ca('rotate', '--json');

    expect(JSON.parse(stdout).authority.constraints.dns).toContain('new.example');
    const bundle = readCertificates(readFileSync(old.paths.bundle, 'utf8')).map((entry) => entry.fingerprint256);
    expect(bundle).toEqual(
      expect.arrayContaining([load(home).certificate.fingerprint256, old.certificate.fingerprint256]),
    );
  });
});
