/** Keys for one purpose each, derived from the installation key. */
import { createHash, hkdfSync } from 'node:crypto';
import { AppError } from '../core/errors.ts';

/** What a derived key is for; one never serves two purposes. */
export type KeyPurpose = 'placeholder' | 'fingerprint';

/** The least an installation key may hold, in bytes. */
const minKeyBytes = 32;

/**
 * Derives the 32-byte key of a purpose (HKDF-SHA-256, RFC 5869), on a gateway also per user.
 *
 * @throws AppError `ERR_CONFIG_INVALID` when the installation key is shorter than {@link minKeyBytes}.
 */
export function deriveKey(installationKey: Uint8Array, purpose: KeyPurpose, user?: string): Uint8Array {
  if (installationKey.byteLength < minKeyBytes) {
    throw new AppError('ERR_CONFIG_INVALID', `the installation key holds fewer than ${minKeyBytes} bytes`, {
      hint: 'give a key file of 32 random bytes or more, or remove it so that one is made',
    });
  }
  const info = user === undefined ? `sluice/1/${purpose}` : `sluice/1/${purpose}/user/${user}`;
  return new Uint8Array(hkdfSync('sha256', installationKey, new Uint8Array(0), info, 32));
}

/** Names a key in records without telling it: eight hex digits of a digest over the key. */
export function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update('sluice/1/key-id').update(key).digest('hex').slice(0, 8);
}
