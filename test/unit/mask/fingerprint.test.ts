import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createFingerprinter } from '../../../src/mask/fingerprint.ts';

describe('fingerprints', () => {
  const key = new Uint8Array(32).fill(3);

  it('name the key and a digest, equal for equal values only', () => {
    const fingerprint = createFingerprinter({ key, keyId: 'k1' });

    expect(fingerprint(utf8('a'))).toMatch(/^hmac:k1:[0-9a-f]{32}$/);
    expect(fingerprint(utf8('a'))).toBe(fingerprint(utf8('a')));
    expect(fingerprint(utf8('a'))).not.toBe(fingerprint(utf8('b')));
  });

  it('differ under another key', () => {
    const digest = (made: string): string | undefined => made.split(':')[2];

    expect(digest(createFingerprinter({ key })(utf8('a')))).not.toBe(
      digest(createFingerprinter({ key: new Uint8Array(32) })(utf8('a'))),
    );
  });
});
