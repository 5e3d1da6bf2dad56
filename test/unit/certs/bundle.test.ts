import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import {
  createAuthority,
  leafLifeMs,
  loadAuthority,
  rotateAuthority,
  type Authority,
} from '../../../src/certs/authority.ts';
import {
  currentSettings,
  machineTrust,
  publishAuthority,
  writeBundle,
  writeClientFiles,
} from '../../../src/certs/bundle.ts';
import type { UserSettings } from '../../../src/certs/named-roots.ts';
import { readCertificates } from '../../../src/certs/pem.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const nowMs = Date.UTC(2026, 5, 1);
const [rootOne = '', rootTwo = ''] = tls.rootCertificates;
const hosts = ['api.vendor.example'];
const makeAuthority = () => createAuthority(temporaryFolder(), { hosts, nowMs });
const system = (...pems: string[]) => ({ certificates: readCertificates(pems.join('\n')), origin: '/system.pem' });
const settings = (environment: Record<string, string> = {}): UserSettings => {
  const homeFolder = temporaryFolder();
  const own = { HOME: homeFolder, GIT_CONFIG_SYSTEM: join(homeFolder, 'none'), ...environment };
  return {
    environment: own,
    platform: 'linux',
    homeFolder,
    machineFolder: homeFolder,
    execPath: join(homeFolder, 'bin', 'node'),
  };
};
/** Another authority, standing for a company's. */
function corporate(): { pem: string; path: string; fingerprint: string } {
  const { certificatePem, certificate, paths } = makeAuthority();
  return { pem: certificatePem, path: paths.certificate, fingerprint: certificate.fingerprint256 };
}
const fingerprints = (path: string) =>
  readCertificates(readFileSync(path, 'utf8')).map((entry) => entry.fingerprint256);
const own = (authority: Authority) => authority.certificate.fingerprint256;

describe('the machine’s trust', () => {
  it('is the system’s roots and what the user had named, each once', () => {
    const corp = corporate();

    const trust = machineTrust(
      makeAuthority(),
      settings({ SSL_CERT_FILE: corp.path, CURL_CA_BUNDLE: corp.path }),
      system(rootOne, rootTwo),
    );

    expect(trust.certificates).toHaveLength(3);
    expect(trust.certificates.map((entry) => entry.fingerprint256)).toContain(corp.fingerprint);
    expect(trust.sources).toEqual([
      { by: 'system', path: '/system.pem', certificates: 2 },
      { by: 'SSL_CERT_FILE', path: corp.path, certificates: 1 },
    ]);
  });

  it('takes certificates that npm’s settings hold as text', () => {
    const own = settings();
    const corp = corporate();
    writeFileSync(join(own.homeFolder, '.npmrc'), `ca="${corp.pem.replaceAll('\n', String.raw`\n`)}"`);

    expect(machineTrust(makeAuthority(), own, system()).certificates.map((entry) => entry.fingerprint256)).toEqual([
      corp.fingerprint,
    ]);
  });

  it('never lets an authority of this home vouch for an upstream', () => {
    const home = temporaryFolder();
    const first = createAuthority(home, { hosts, nowMs });
    const second = rotateAuthority(home, { hosts, nowMs });
    const copy = join(temporaryFolder(), 'copy.pem');
    writeFileSync(copy, first.certificatePem + second.certificatePem);

    const trust = machineTrust(
      second,
      settings({ SSL_CERT_FILE: copy }),
      system(rootOne, first.certificatePem, second.certificatePem),
    );

    expect(trust.certificates).toHaveLength(1);
  });

  it('does not read this home’s own bundles back, by whatever path', () => {
    const authority = makeAuthority();
    writeFileSync(authority.paths.bundle, rootTwo);
    const link = join(temporaryFolder(), 'link.pem');
    symlinkSync(authority.paths.bundle, link);

    const trust = machineTrust(
      authority,
      settings({ SSL_CERT_FILE: authority.paths.bundle, PIP_CERT: link }),
      system(rootOne),
    );

    expect(trust.certificates).toHaveLength(1);
    expect(trust.sources).toHaveLength(1);
  });

  it('names what could not be read, and goes on', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'empty.pem'), 'nothing');
    writeFileSync(join(folder, 'huge.pem'), Buffer.alloc(8 * 1024 * 1024 + 1));
    const environment = {
      SSL_CERT_FILE: join(folder, 'gone.pem'),
      PIP_CERT: join(folder, 'empty.pem'),
      DENO_CERT: join(folder, 'huge.pem'),
      AWS_CA_BUNDLE: folder,
    };

    const { sources, certificates } = machineTrust(makeAuthority(), settings(environment), system(rootOne));

    expect(certificates).toHaveLength(1);
    expect(sources.map(({ by, problem }) => [by, problem])).toEqual([
      ['system', undefined],
      ['SSL_CERT_FILE', 'cannot be read (ENOENT)'],
      ['PIP_CERT', 'holds no certificate'],
      ['AWS_CA_BUNDLE', 'not a file'],
      ['DENO_CERT', 'larger than 8 MiB'],
    ]);
  });
});

describe('the settings of this process', () => {
  it('are its user’s, with the environment given or its own', () => {
    const { homeFolder, execPath, environment } = currentSettings();

    expect({ homeFolder, execPath, environment }).toEqual({
      homeFolder: homedir(),
      execPath: process.execPath,
      environment: process.env,
    });
    expect(currentSettings({ A: 'b' }).environment).toEqual({ A: 'b' });
  });
});

describe('the bundle', () => {
  it('is public and holds the authority and the machine’s trust', () => {
    const authority = makeAuthority();

    const count = writeBundle(authority, machineTrust(authority, settings(), system(rootOne, rootTwo)), nowMs);

    expect(count).toBe(3);
    expect(fingerprints(authority.paths.bundle)).toHaveLength(3);
    expect(fingerprints(authority.paths.bundle)).toContain(own(authority));
    expect(statSync(authority.paths.bundle).mode & 0o777).toBe(0o644);
    expect(readFileSync(authority.paths.bundle, 'utf8')).not.toContain('PRIVATE');
  });

  it('keeps a replaced authority until its leaves have expired', () => {
    const home = temporaryFolder();
    const first = createAuthority(home, { hosts, nowMs });
    const second = rotateAuthority(home, { hosts, nowMs });
    const trust = machineTrust(second, settings(), system(rootOne));

    writeBundle(second, trust, nowMs + leafLifeMs - 1);
    expect(fingerprints(second.paths.bundle)).toContain(own(first));

    writeBundle(second, trust, nowMs + leafLifeMs);
    expect(fingerprints(second.paths.bundle)).not.toContain(own(first));
    expect(fingerprints(second.paths.bundle)).toContain(own(second));
  });

  it('is published with the certificate, for others to read, without the key', () => {
    const authority = makeAuthority();
    const folder = join(temporaryFolder(), 'a', 'public');

    const published = publishAuthority(authority, folder, machineTrust(authority, settings(), system(rootOne)), nowMs);

    expect(published.exported).toBe(true);
    expect(loadAuthority(authority.home, { nowMs }).exported).toBe(true);
    expect(statSync(folder).mode & 0o055).toBe(0o055);
    expect(fingerprints(join(folder, 'ca.crt'))).toEqual([own(authority)]);
    expect(fingerprints(join(folder, 'bundle.pem'))).toHaveLength(2);
    expect(statSync(join(folder, 'ca.crt')).mode & 0o777).toBe(0o644);
  });

  it('cannot be published where no folder can be made', () => {
    const authority = makeAuthority();
    const plain = join(temporaryFolder(), 'plain');
    writeFileSync(plain, '');

    expect(() => {
      publishAuthority(authority, join(plain, 'x'), machineTrust(authority, settings(), system(rootOne)), nowMs);
    }).toThrowError(expect.objectContaining({ code: 'ERR_CANNOT_CREATE' }));
  });
});

describe('the files of a client', () => {
  it('are the home’s own for a caller who names nothing', () => {
    const authority = makeAuthority();

    const files = writeClientFiles(authority, nowMs, settings(), system(rootOne));

    expect(files).toMatchObject({ bundle: authority.paths.bundle, extra: authority.paths.certificate });
    expect(fingerprints(files.bundle)).toHaveLength(2);
  });

  it('keep what each caller had named, without disturbing other callers', () => {
    const authority = makeAuthority();
    const [one, two] = [corporate(), corporate()];

    const first = writeClientFiles(authority, nowMs, settings({ SSL_CERT_FILE: one.path }), system(rootOne));
    const second = writeClientFiles(authority, nowMs, settings({ SSL_CERT_FILE: two.path }), system(rootOne));

    expect(first.bundle).not.toBe(second.bundle);
    expect(fingerprints(first.bundle)).toContain(one.fingerprint);
    expect(fingerprints(first.bundle)).not.toContain(two.fingerprint);
    expect(fingerprints(second.bundle)).toContain(two.fingerprint);
  });

  it('add what NODE_EXTRA_CA_CERTS named before, and no system roots', () => {
    const authority = makeAuthority();
    const corp = corporate();

    const { extra } = writeClientFiles(authority, nowMs, settings({ NODE_EXTRA_CA_CERTS: corp.path }), system(rootOne));

    expect(fingerprints(extra)).toEqual([own(authority), corp.fingerprint]);
    expect(statSync(extra).mode & 0o777).toBe(0o644);
  });

  it('are the home’s own for a caller who has them set already', () => {
    const authority = makeAuthority();
    const { bundle, extra } = writeClientFiles(authority, nowMs, settings(), system(rootOne));

    const again = settings({ SSL_CERT_FILE: bundle, NODE_EXTRA_CA_CERTS: extra });

    expect(writeClientFiles(authority, nowMs, again, system(rootOne))).toMatchObject({ bundle, extra });
  });

  it('are the home’s own for a caller who names the system’s bundle', () => {
    const authority = makeAuthority();
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'etc'));
    const path = join(folder, 'etc', 'roots.pem');
    writeFileSync(path, rootOne);

    const files = writeClientFiles(authority, nowMs, settings({ SSL_CERT_FILE: path }), {
      certificates: readCertificates(rootOne),
      origin: path,
    });

    expect(files.bundle).toBe(authority.paths.bundle);
  });

  it('make Node trust the leaves of a replaced authority too', () => {
    const home = temporaryFolder();
    const first = createAuthority(home, { hosts, nowMs });
    const second = rotateAuthority(home, { hosts, nowMs });

    const { extra } = writeClientFiles(second, nowMs, settings(), system(rootOne));

    expect(fingerprints(extra)).toEqual([own(second), own(first)]);
  });
});
