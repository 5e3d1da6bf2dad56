import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  covers,
  createAuthority,
  leafLifeMs,
  loadAuthority,
  markAuthority,
  ownFingerprints,
  rotateAuthority,
  trustedByClients,
  trustedRetired,
  untrustRetired,
  type Authority,
} from '../../../src/certs/authority.ts';
import { authorityPaths, retiredPath } from '../../../src/certs/authority-files.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const nowMs = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;
const hosts = ['api.vendor.example', '*.other.example'];
const create = (home: string): Authority => createAuthority(home, { hosts, nowMs });
const fails = (code: string) => expect.objectContaining({ code });

describe('an authority', () => {
  it('is made once, with a private key, a public certificate and its constraints', () => {
    const home = temporaryFolder();

    const authority = create(home);

    const { key, certificate, meta } = authority.paths;
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(statSync(certificate).mode & 0o777).toBe(0o644);
    expect(statSync(authority.paths.folder).mode & 0o777).toBe(0o700);
    expect(authority.certificate.ca).toBe(true);
    expect(authority.constraints).toEqual({ dns: ['api.vendor.example', 'other.example'], ip: [] });
    expect(JSON.parse(readFileSync(meta, 'utf8'))).toMatchObject({ schemaVersion: 1, trusted: false, exported: false });
    expect(() => create(home)).toThrowError(fails('ERR_CANNOT_CREATE'));
    expect(loadAuthority(home, { nowMs }).certificate.fingerprint256).toBe(authority.certificate.fingerprint256);
  });

  it('is a P-256 key signed for two years, from an hour ago', () => {
    const { key, certificate, notBeforeMs, notAfterMs } = create(temporaryFolder());

    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(notBeforeMs).toBe(nowMs - 3_600_000);
    expect(notAfterMs).toBe(nowMs + 730 * dayMs);
  });

  it('has a subject of its own, so that no store confuses two', () => {
    expect(create(temporaryFolder()).certificate.subject).not.toBe(create(temporaryFolder()).certificate.subject);
  });

  it('covers the hosts it was made for and no others', () => {
    const constrained = create(temporaryFolder());
    const unconstrained = createAuthority(temporaryFolder(), { hosts: null, nowMs });

    expect(covers(constrained, 'api.vendor.example')).toBe(true);
    expect(covers(constrained, 'bank.example')).toBe(false);
    expect(covers(unconstrained, 'bank.example')).toBe(true);
  });

  it('leaves nothing behind when a host cannot be certified for', () => {
    const home = temporaryFolder();

    expect(() => createAuthority(home, { hosts: ['*'], nowMs })).toThrowError(fails('ERR_CONFIG_INVALID'));
    expect(() => loadAuthority(home, { nowMs })).toThrowError(fails('ERR_CA_MISSING'));
  });
});

describe('an authority on disk', () => {
  it('is missing where there is none', () => {
    expect(() => loadAuthority(temporaryFolder(), { nowMs })).toThrowError(fails('ERR_CA_MISSING'));
  });

  it.each<[string, (authority: Authority) => void]>([
    [
      'without its key',
      ({ paths }) => {
        rmSync(paths.key);
      },
    ],
    [
      'without its certificate',
      ({ paths }) => {
        rmSync(paths.certificate);
      },
    ],
    [
      'without its metadata',
      ({ paths }) => {
        rmSync(paths.meta);
      },
    ],
    [
      'with a cut certificate',
      ({ paths, certificatePem }) => {
        writeFileSync(paths.certificate, certificatePem.slice(0, 200));
      },
    ],
    [
      'with an empty key',
      ({ paths }) => {
        writeFileSync(paths.key, '');
      },
    ],
    [
      'with broken metadata',
      ({ paths }) => {
        writeFileSync(paths.meta, '{');
      },
    ],
    [
      'with metadata of another shape',
      ({ paths }) => {
        writeFileSync(paths.meta, '{}');
      },
    ],
    [
      'with another authority’s key',
      ({ paths }) => {
        writeFileSync(paths.key, readFileSync(create(temporaryFolder()).paths.key));
      },
    ],
    [
      'with another authority’s metadata',
      ({ paths }) => {
        writeFileSync(paths.meta, readFileSync(create(temporaryFolder()).paths.meta));
      },
    ],
  ])('is refused %s, and rotating heals it', (_, damage) => {
    const home = temporaryFolder();
    damage(create(home));

    expect(() => loadAuthority(home, { nowMs })).toThrowError(fails('ERR_CA_INVALID'));

    rotateAuthority(home, { hosts, nowMs });
    expect(loadAuthority(home, { nowMs }).constraints?.dns).toContain('other.example');
  });

  it('is refused before its time and after it', () => {
    const home = temporaryFolder();
    create(home);

    expect(() => loadAuthority(home, { nowMs: nowMs - dayMs })).toThrowError(fails('ERR_CA_INVALID'));
    expect(() => loadAuthority(home, { nowMs: nowMs + 730 * dayMs })).toThrowError(fails('ERR_CA_INVALID'));
    expect(loadAuthority(home, { nowMs: nowMs + 729 * dayMs }).home).toBe(home);
  });

  it.runIf(process.platform !== 'win32')('is refused with a key that the group or others can read', () => {
    const home = temporaryFolder();
    chmodSync(create(home).paths.key, 0o640);

    expect(() => loadAuthority(home, { nowMs })).toThrowError(fails('ERR_CA_KEY_READABLE'));
  });

  it('says nothing of the key in its errors', () => {
    const home = temporaryFolder();
    const { paths } = create(home);
    const secret = readFileSync(paths.key, 'utf8').split('\n')[1] ?? '';
    writeFileSync(paths.key, readFileSync(paths.key, 'utf8').replace('PRIVATE', 'PIRATE'));

    let thrown: unknown;
    try {
      loadAuthority(home, { nowMs });
    } catch (error: unknown) {
      thrown = error;
    }

    expect(secret).not.toBe('');
    expect(thrown).toBeInstanceOf(Error);
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toContain(secret);
  });

  it('remembers that it was trusted and exported', () => {
    const home = temporaryFolder();

    markAuthority(markAuthority(create(home), { trusted: true }), { exported: true });
    expect(loadAuthority(home, { nowMs })).toMatchObject({ trusted: true, exported: true });

    markAuthority(loadAuthority(home, { nowMs }), { trusted: false });
    expect(loadAuthority(home, { nowMs })).toMatchObject({ trusted: false, exported: true });
  });
});

describe('rotating an authority', () => {
  it('keeps the old certificate for clients until its leaves have expired', () => {
    const home = temporaryFolder();
    const old = markAuthority(create(home), { trusted: true });

    const next = rotateAuthority(home, { hosts: ['new.example'], nowMs });

    const fingerprints = (atMs: number) => trustedByClients(next, atMs).map((entry) => entry.fingerprint256);
    expect(next.certificate.fingerprint256).not.toBe(old.certificate.fingerprint256);
    expect(next).toMatchObject({ trusted: false, constraints: { dns: ['new.example'] } });
    expect(next.retired).toEqual([
      {
        fingerprint256: old.certificate.fingerprint256,
        trusted: true,
        exported: false,
        lastLeafMs: nowMs + leafLifeMs,
      },
    ]);
    expect(fingerprints(nowMs)).toEqual([next.certificate.fingerprint256, old.certificate.fingerprint256]);
    expect(fingerprints(nowMs + leafLifeMs)).toEqual([next.certificate.fingerprint256]);
    expect(ownFingerprints(next)).toEqual(new Set([next.certificate.fingerprint256, old.certificate.fingerprint256]));
  });

  it('replaces a key that others could read', () => {
    const home = temporaryFolder();
    chmodSync(create(home).paths.key, 0o644);

    const next = rotateAuthority(home, { hosts, nowMs });

    expect(statSync(next.paths.key).mode & 0o777).toBe(0o600);
  });

  it('makes one where there was none', () => {
    expect(rotateAuthority(temporaryFolder(), { hosts, nowMs }).retired).toEqual([]);
  });

  it('takes a certificate whose metadata is lost for one that may be anywhere', () => {
    const home = temporaryFolder();
    rmSync(create(home).paths.meta);

    expect(rotateAuthority(home, { hosts, nowMs }).retired).toMatchObject([{ trusted: true, exported: true }]);
  });

  it('remembers which old ones trust stores may hold, until told otherwise', () => {
    const home = temporaryFolder();
    const { certificate } = markAuthority(create(home), { trusted: true });
    const next = rotateAuthority(home, { hosts, nowMs });

    expect(trustedRetired(next).map((entry) => entry.fingerprint256)).toEqual([certificate.fingerprint256]);
    expect(trustedRetired(untrustRetired(next, certificate.fingerprint256))).toEqual([]);
    expect(loadAuthority(home, { nowMs }).retired).toMatchObject([{ trusted: false }]);
  });

  it('trusts no file that was put in an old certificate’s place', () => {
    const home = temporaryFolder();
    const { certificate } = create(home);
    const next = rotateAuthority(home, { hosts, nowMs });
    writeFileSync(retiredPath(home, certificate.fingerprint256), create(temporaryFolder()).certificatePem);

    expect(trustedByClients(next, nowMs)).toEqual([next.certificate]);
    expect(authorityPaths(home)).toEqual(next.paths);
  });
});
