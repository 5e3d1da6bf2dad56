/** PEM files of certificates: taken apart, checked, joined without duplicates. */
import { createHash, X509Certificate } from 'node:crypto';

/** What joining needs of a certificate: its DER, and the SHA-256 of that as `AB:CD:…`. An X509Certificate has both. */
export interface Certificate {
  readonly raw: Uint8Array;
  readonly fingerprint256: string;
}

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

/**
 * As {@link readCertificates}, for a bundle that this system keeps for its own programs: certificates are known by their
 * bytes alone, since OpenSSL takes a tenth of a second for the hundred and more that stand in one.
 */
export function readBundle(text: string): Certificate[] {
  const found = Array.from(text.matchAll(block), ([pem]) => certificateIn(pem) ?? parseCertificate(pem));
  return mergeCertificates([found.filter((certificate) => certificate !== undefined)]);
}

/** The certificate in a PEM block; undefined where its bytes are not just one, as in a block with trust settings. */
function certificateIn(pem: string): Certificate | undefined {
  const raw = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
  if (!isOneSequence(raw)) return undefined;
  const digest = createHash('sha256').update(raw).digest('hex').toUpperCase();
  return { raw, fingerprint256: digest.replaceAll(/..(?!$)/g, '$&:') };
}

/** Whether bytes are one DER sequence of 256 to 65,535 bytes (X.690 §8.1): no certificate is shorter. */
function isOneSequence(der: Buffer): boolean {
  return der.length > 4 && der[0] === 0x30 && der[1] === 0x82 && der.readUInt16BE(2) === der.length - 4;
}

/** Joins lists of certificates, keeping the first of each and none whose SHA-256 fingerprint is excluded. */
export function mergeCertificates(
  lists: readonly (readonly Certificate[])[],
  excluded: ReadonlySet<string> = new Set(),
): Certificate[] {
  const byFingerprint = new Map<string, Certificate>();
  for (const certificate of lists.flat()) {
    const { fingerprint256 } = certificate;
    if (!excluded.has(fingerprint256) && !byFingerprint.has(fingerprint256)) {
      byFingerprint.set(fingerprint256, certificate);
    }
  }
  return [...byFingerprint.values()];
}

/** Writes certificates as one PEM text, lines of 64, with a final line end. */
export function toPem(certificates: readonly Certificate[]): string {
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
