import { describe, expect, it } from 'vitest';
import tls from 'node:tls';
import { mergeCertificates, parseCertificate, readBundle, readCertificates, toPem } from '../../../src/certs/pem.ts';

const [first = '', second = ''] = tls.rootCertificates;

describe('PEM files of certificates', () => {
  it('reads each certificate once, in order, whatever stands between', () => {
    const text = `# a comment\r\n${first}\n\nnoise ${second.replaceAll('\n', '\r\n')}\n${first}`;

    const fingerprints = readCertificates(text).map((certificate) => certificate.fingerprint256);

    expect(fingerprints).toEqual([first, second].map((pem) => parseCertificate(pem)?.fingerprint256));
  });

  it('leaves out what is no certificate', () => {
    const broken = first.replace(/[A-Za-z0-9+/]{40}/, 'A'.repeat(40));

    expect(readCertificates(`${broken}\n-----BEGIN CERTIFICATE-----\n${second}`)).toHaveLength(1);
    expect(readCertificates('nothing')).toEqual([]);
  });

  it('writes what it reads', () => {
    const certificates = readCertificates(`${first}\n${second}`);

    const text = toPem(certificates);

    expect(readCertificates(text)).toHaveLength(2);
    expect(text.split('\n').every((line) => line.length <= 64)).toBe(true);
    expect(toPem(readCertificates(text))).toBe(text);
  });

  it('merges lists without duplicates and without the excluded', () => {
    const [one] = readCertificates(first);
    const [two] = readCertificates(second);
    if (one === undefined || two === undefined) throw new Error('node has no roots');

    expect(
      mergeCertificates([
        [one, two],
        [two, one],
      ]),
    ).toEqual([one, two]);
    expect(mergeCertificates([[one, two]], new Set([one.fingerprint256]))).toEqual([two]);
  });

  it('reads the same of a system bundle without parsing it', () => {
    const text = `${tls.rootCertificates.join('\n')}\n${first}`;

    const bundle = readBundle(text);

    expect(bundle.map(({ fingerprint256 }) => fingerprint256)).toEqual(
      readCertificates(text).map(({ fingerprint256 }) => fingerprint256),
    );
    expect(toPem(bundle)).toBe(toPem(readCertificates(text)));
  });

  it('parses those of a bundle that are more than a certificate, and leaves out what is none', () => {
    const der = Buffer.from(first.replaceAll(/-----[^-]+-----/g, ''), 'base64');
    const block = (kind: string, bytes: Buffer): string =>
      `-----BEGIN ${kind}-----\n${bytes.toString('base64')}\n-----END ${kind}-----\n`;
    // Trust settings stand behind the certificate (openssl-x509, -trustout): here that there are none.
    const trusted = block('TRUSTED CERTIFICATE', Buffer.concat([der, Buffer.from([0x30, 0x00])]));
    const none = block('CERTIFICATE', Buffer.from([0x30, 0x82, 0x01]));

    const [one, ...others] = readBundle(trusted + none);

    expect(one?.fingerprint256).toBe(parseCertificate(first)?.fingerprint256);
    expect(others).toEqual([]);
  });
});
