/** Keyed fingerprints: they prove that two values are equal without telling either. */
import { createHmac } from 'node:crypto';
import { keyIdOf } from './keys.ts';

/** How many hex digits of the digest are kept: 128 bits. */
const digestLength = 32;

interface FingerprinterOptions {
  /** Of purpose `fingerprint`, see `deriveKey`. */
  readonly key: Uint8Array;
  /** Names the key in records; by default `keyIdOf(key)`. */
  readonly keyId?: string;
}

/** Makes the function value → `hmac:<key id>:<digest>` (HMAC-SHA-256, 32 hex digits). */
export function createFingerprinter({
  key,
  keyId = keyIdOf(key),
}: FingerprinterOptions): (value: Uint8Array) => string {
  return (value) => `hmac:${keyId}:${createHmac('sha256', key).update(value).digest('hex').slice(0, digestLength)}`;
}
