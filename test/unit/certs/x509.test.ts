import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { requireHost } from '../../../src/certs/names.ts';
import { buildAuthority, buildLeaf, issuerOf, subjectKeyOf } from '../../../src/certs/x509.ts';

const authorityKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const leafKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const validity = { notBeforeMs: Date.UTC(2026, 0, 1, 12, 30, 15, 999), notAfterMs: Date.UTC(2027, 0, 1) };
const authority = new X509Certificate(
  buildAuthority({ commonName: 'Tést authority', key: authorityKey, constraints: null, ...validity }),
);
const leafFor = (host: string, over: Partial<typeof validity> = {}) =>
  new X509Certificate(
    buildLeaf({
      host: requireHost(host),
      subjectKey: subjectKeyOf(leafKeys.publicKey),
      issuer: issuerOf(authority.raw, authorityKey),
      ...validity,
      ...over,
    }),
  );

describe('certificates', () => {
  it('are issued under the authority’s name as it spells it, signed by its key', () => {
    const leaf = leafFor('a.example');

    expect(leaf.issuer).toBe(authority.subject);
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(leaf.checkIssued(authority)).toBe(true);
    expect(leaf.checkPrivateKey(leafKeys.privateKey)).toBe(true);
    expect(leaf.ca).toBe(false);
  });

  it.each([
    ['a.example', 'DNS:a.example'],
    ['127.0.0.1', 'IP Address:127.0.0.1'],
    ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'],
  ])('name %s in the alternative name only', (host, expected) => {
    const leaf = leafFor(host);

    expect(leaf.subjectAltName).toBe(expected);
    expect(leaf.subject).not.toContain(host);
  });

  it('are for TLS servers', () => {
    expect(leafFor('a.example').keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('have positive serials of 127 bits that do not repeat', () => {
    const serials = Array.from({ length: 300 }, () => leafFor('a.example').serialNumber);

    expect(new Set(serials).size).toBe(300);
    expect(serials.every((serial) => /^[4-7][0-9A-F]{31}$/.test(serial))).toBe(true);
  });

  it('hold in whole seconds, also past 2049', () => {
    const leaf = leafFor('a.example', { notAfterMs: Date.UTC(2051, 5, 1) });

    expect(Date.parse(leaf.validFrom)).toBe(Date.UTC(2026, 0, 1, 12, 30, 15));
    expect(Date.parse(leaf.validTo)).toBe(Date.UTC(2051, 5, 1));
  });

  it('cannot be issued from what is no certificate', () => {
    expect(() => issuerOf(Buffer.from([0x30, 0x00]), authorityKey)).toThrowError('unexpected structure');
  });
});
