/** The certificates that this machine trusts, with what its administrator added. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { readBundle, readCertificates, type Certificate } from './pem.ts';

export interface SystemRoots {
  readonly certificates: readonly Certificate[];
  /** Where they came from: a path, a command, or `node` for its built-in list. */
  readonly origin: string;
}

/** Where distributions keep the bundle that their `update-ca-…` command writes. The first that is there counts. */
const linuxBundles = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Arch, Alpine, distroless
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // Fedora, RHEL
  '/etc/pki/tls/certs/ca-bundle.crt', // older RHEL, Amazon Linux
  '/etc/ssl/ca-bundle.pem', // SUSE
  '/etc/ssl/cert.pem', // Alpine, BSD
  '/etc/ssl/certs/ca-bundle.crt', // NixOS
];

const macosKeychains = [
  '/System/Library/Keychains/SystemRootCertificates.keychain',
  '/Library/Keychains/System.keychain',
];

/** What is read; tests pass their own. */
interface Readers {
  readonly bundles: readonly string[];
  /** Prints the keychains' certificates as PEM; undefined when it fails. */
  readonly keychains: () => string | undefined;
}

/**
 * Reads them from the distribution's bundle on Linux (node's own reading follows SSL_CERT_FILE, which may be ours),
 * from the operating system elsewhere, and from node's built-in list where neither can be had.
 */
export function systemRoots(
  platform: NodeJS.Platform = process.platform,
  readers: Readers = { bundles: linuxBundles, keychains: readKeychains },
): SystemRoots {
  const found =
    platform === 'linux'
      ? fromBundle(readers.bundles)
      : (fromNode() ?? (platform === 'darwin' ? fromKeychains(readers.keychains()) : undefined));
  return found ?? { certificates: readBundle(tls.rootCertificates.join('\n')), origin: 'node' };
}

function fromBundle(bundles: readonly string[]): SystemRoots | undefined {
  for (const path of bundles) {
    try {
      const certificates = readBundle(readFileSync(path, 'utf8'));
      if (certificates.length > 0) return { certificates, origin: path };
    } catch {
      // Not this distribution, or not for us to read: try the next.
      continue;
    }
  }
  return undefined;
}

/** Node from 22.15 on asks the operating system, with its trust settings. */
function fromNode(): SystemRoots | undefined {
  const read: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof read !== 'function') return undefined;
  const pems: unknown = Reflect.apply(read, tls, ['system']);
  const certificates = Array.isArray(pems) ? readBundle(pems.join('\n')) : [];
  return certificates.length === 0 ? undefined : { certificates, origin: 'tls.getCACertificates' };
}

function fromKeychains(pems: string | undefined): SystemRoots | undefined {
  // A keychain also holds the machine's own identities, which vouch for nobody.
  const certificates = readCertificates(pems ?? '').filter((certificate) => certificate.ca);
  return certificates.length === 0 ? undefined : { certificates, origin: 'security find-certificate' };
}

function readKeychains(): string | undefined {
  const { stdout, status } = spawnSync('/usr/bin/security', ['find-certificate', '-a', '-p', ...macosKeychains], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
    timeout: 10_000,
  });
  return status === 0 ? stdout : undefined;
}
