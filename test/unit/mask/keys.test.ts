import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { deriveKey, keyIdOf } from '../../../src/mask/keys.ts';

const installation = new Uint8Array(32).fill(9);
const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex');

describe('deriving keys', () => {
  it('gives each purpose and user a key of its own, always the same', () => {
    const keys = [
      deriveKey(installation, 'placeholder'),
      deriveKey(installation, 'fingerprint'),
      deriveKey(installation, 'placeholder', 'ann'),
      deriveKey(installation, 'placeholder', 'bob'),
      deriveKey(new Uint8Array(32), 'placeholder'),
    ].map(hex);

    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toBe(hex(deriveKey(installation, 'placeholder')));
    expect(keys[0]).toHaveLength(64);
  });

  it('refuses an installation key that is too short', () => {
    expect(() => deriveKey(new Uint8Array(31), 'placeholder')).toThrow(AppError);
  });

  it('names a key by eight digits that do not tell it', () => {
    expect(keyIdOf(installation)).toMatch(/^[0-9a-f]{8}$/);
    expect(keyIdOf(installation)).not.toBe(keyIdOf(new Uint8Array(32)));
    expect(hex(installation)).not.toContain(keyIdOf(installation));
  });
});
