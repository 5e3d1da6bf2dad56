import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utf8Guard } from '../../../src/body/utf8-guard.ts';

/** Passes chunks through a guard; returns what came out and whether all of it was valid. */
function pass(chunks: readonly Uint8Array[]): { readonly out: Buffer; readonly isValid: boolean } {
  const guard = new Utf8Guard();
  const out: Uint8Array[] = [];
  for (const chunk of chunks) {
    const { valid, isValid } = guard.push(chunk);
    out.push(...valid);
    if (!isValid) return { out: Buffer.concat(out), isValid };
  }
  return { out: Buffer.concat(out), isValid: !guard.isCut };
}

describe('utf-8 guard', () => {
  it.each([
    ['a stray continuation', [0x61, 0x80, 0x62], 1],
    ['an overlong form', [0x61, 0xc0, 0xaf], 1],
    ['a surrogate', [0x61, 0x62, 0xed, 0xa0, 0x80], 2],
    ['beyond the last plane', [0xf5, 0x80, 0x80, 0x80], 0],
    ['a cut sequence before a letter', [0x61, 0xe2, 0x82, 0x41], 1],
    ['a cut sequence at the end', [0x61, 0xe2, 0x82], 1],
  ])('refuses %s, after what is valid', (_what, bytes, valid) => {
    const whole = Uint8Array.from(bytes);
    const single = bytes.map((byte) => Uint8Array.of(byte));

    expect(pass([whole])).toEqual({ out: Buffer.from(bytes.slice(0, valid)), isValid: false });
    expect(pass(single)).toEqual({ out: Buffer.from(bytes.slice(0, valid)), isValid: false });
  });

  it('judges any bytes as the whole is judged, however they are cut', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 2000 }).map((text) => Buffer.from(text)),
      fc
        .tuple(fc.string({ unit: 'binary', maxLength: 2000 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
        .map(([text, at, byte]) => {
          const changed = Buffer.from(`${text}x`);
          changed[at % changed.length] = byte;
          return changed;
        }),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 9 }), (all, size) => {
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < all.length; at += size) chunks.push(all.subarray(at, at + size));
        const whole = pass([all]);

        expect(whole.isValid).toBe(isUtf8(all));
        expect(pass(chunks)).toEqual(whole);
        expect(whole.out.equals(all.subarray(0, whole.out.length))).toBe(true);
        expect(whole.isValid && whole.out.length < all.length).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
