import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../src/detect/known-values-forms.ts';

const texts = (value: string) => formsOf(Buffer.from(value)).map(({ bytes }) => Buffer.from(bytes).toString());

describe('the forms of a value', () => {
  it('are few for a token that has nothing to escape', () => {
    // As it is, percent-encoded (2), base64 and base64url (up to 6), hex (2).
    expect(texts('token-1_2.3~4').length).toBeLessThanOrEqual(11);
  });

  it('are each listed once', () => {
    const listed = texts('a/b "c" <d> é\n');

    expect(new Set(listed).size).toBe(listed.length);
  });

  it('leave out encodings of values so short that they would be found by chance', () => {
    expect(texts('abc')).toEqual(['abc', '%61%62%63']);
  });

  it('leave out escapes of bytes that are not text', () => {
    const forms = formsOf(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x81, 0x82, 0x83]));

    expect(forms.map(({ encoding }) => encoding[0])).toEqual([
      undefined,
      'base64',
      'base64url',
      'base64',
      'base64url',
      'base64',
      'base64url',
      'hex',
      'hex',
    ]);
  });
});
