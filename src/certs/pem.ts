/** PEM files of certificates: taken apart, checked, joined without duplicates. */
import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificates of a PEM text, in order, each once; what does not parse as a certificate is left out. */
export function readCertificates(text: string): X509Certificate[] {
  const seen = new Set<string>();
  const certificates: X509Certificate[] = [];
  for (const [pem] of text.matchAll(block)) {
    const certificate = parseCertificate(pem);
    if (certificate === undefined || seen.has(certificate.fingerprint256)) continue;
    seen.add(certificate.fingerprint256);
    certificates.push(certificate);
  }
  return certificates;
}

/** Joins lists of certificates, keeping the first of each and none whose SHA-256 fingerprint is excluded. */
export function mergeCertificates(
  lists: readonly (readonly X509Certificate[])[],
  excluded: ReadonlySet<string> = new Set(),
): X509Certificate[] {
  const byFingerprint = new Map<string, X509Certificate>();
  for (const certificate of lists.flat()) {
    const { fingerprint256 } = certificate;
    if (!excluded.has(fingerprint256) && !byFingerprint.has(fingerprint256)) {
      byFingerprint.set(fingerprint256, certificate);
    }
  }
  return [...byFingerprint.values()];
}

/** Writes certificates as one PEM text, lines of 64, with a final line end. */
export function toPem(certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => pemOf(certificate.raw)).join('');
}

/** One certificate (DER) as PEM. */
export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Parses one certificate (PEM or DER); undefined when it is none. */
export function parseCertificate(source: string | Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(source);
  } catch {
    // OpenSSL's words for it help nobody: the callers know which file they read.
    return undefined;
  }
}
