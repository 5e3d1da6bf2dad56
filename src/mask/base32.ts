/** The alphabet of placeholder ids: lower-case base32 (RFC 4648 §6), five bits a character. */

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** Writes the first `length` five-bit groups of bytes. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = '';
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31] ?? '';
    }
    if (text.length === length) break;
  }
  return text;
}

/** Whether a character code belongs to the alphabet. */
export function isBase32Code(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x32 && code <= 0x37);
}
