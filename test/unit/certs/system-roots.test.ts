import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../../../src/certs/authority.ts';
import { pemOf } from '../../../src/certs/pem.ts';
import { systemRoots } from '../../../src/certs/system-roots.ts';
import { buildLeaf, issuerOf, subjectKeyOf } from '../../../src/certs/x509.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const [one = '', two = ''] = tls.rootCertificates;
const readers = (bundles: string[], keychains?: string) => ({ bundles, keychains: () => keychains });

/** Gives node the function that later releases have (or takes it away), for one test. */
function replaceNodeReader(reader: unknown): void {
  const before = Reflect.getOwnPropertyDescriptor(tls, 'getCACertificates');
  Reflect.defineProperty(tls, 'getCACertificates', { value: reader, configurable: true });
  onTestFinished(() => {
    Reflect.deleteProperty(tls, 'getCACertificates');
    if (before !== undefined) Reflect.defineProperty(tls, 'getCACertificates', before);
  });
}

describe('system roots', () => {
  it('are those of the first bundle that is there and holds any', () => {
    const folder = temporaryFolder();
    const paths = ['none.pem', 'empty.pem', 'good.pem', 'late.pem'].map((name) => join(folder, name));
    writeFileSync(join(folder, 'empty.pem'), '');
    writeFileSync(join(folder, 'good.pem'), `${one}\n${two}`);
    writeFileSync(join(folder, 'late.pem'), one);

    const roots = systemRoots('linux', readers(paths));

    expect(roots.origin).toBe(join(folder, 'good.pem'));
    expect(roots.certificates).toHaveLength(2);
  });

  it('are node’s own where the distribution has none', () => {
    const roots = systemRoots('linux', readers([]));

    expect(roots.origin).toBe('node');
    expect(roots.certificates.length).toBeGreaterThan(100);
  });

  it.each(['win32', 'darwin'] as const)('are what node reads from the system on %s', (platform) => {
    replaceNodeReader((kind: string) => (kind === 'system' ? [one] : []));

    const roots = systemRoots(platform);

    expect(roots.origin).toBe('tls.getCACertificates');
    expect(roots.certificates).toHaveLength(1);
  });

  it('are what the keychains hold on macOS where node cannot read them, but for what is no authority', () => {
    replaceNodeReader(undefined);
    const nowMs = Date.now();
    const { certificate } = createAuthority(temporaryFolder(), { hosts: null, nowMs });
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const leaf = buildLeaf({
      host: { kind: 'dns', name: 'mac.example' },
      subjectKey: subjectKeyOf(publicKey),
      issuer: issuerOf(certificate.raw, privateKey),
      notBeforeMs: nowMs,
      notAfterMs: nowMs + 1000,
    });

    const roots = systemRoots('darwin', readers([], pemOf(leaf) + pemOf(certificate.raw)));

    expect(roots.origin).toBe('security find-certificate');
    expect(roots.certificates.map((entry) => entry.fingerprint256)).toEqual([certificate.fingerprint256]);
  });

  it.runIf(process.platform !== 'darwin')('are node’s own on a macOS whose tool fails', () => {
    replaceNodeReader(undefined);

    expect(systemRoots('darwin').origin).toBe('node');
  });

  it('are never read by node on Linux, because it would follow SSL_CERT_FILE', () => {
    replaceNodeReader(() => [one]);

    expect(systemRoots('linux', readers([])).origin).toBe('node');
  });

  it.each([undefined, () => []])('are node’s own on Windows where it cannot read the system’s', (reader) => {
    replaceNodeReader(reader);

    expect(systemRoots('win32').origin).toBe('node');
  });
});
