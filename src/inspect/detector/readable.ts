/** Bytes of any kind as text of the same length, so that places in one are places in the other. */
import { isUtf8 } from 'node:buffer';

/** What stands for a byte that is no part of a character: a control character that no text holds, one byte long. */
const standIn = 0x7f;

/** How many bytes the character at `at` takes; 0 when there is none (RFC 3629 §4). */
function characterBytes(text: Uint8Array, at: number): number {
  const lead = text[at] ?? 0xff;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const second = text[at + 1] ?? 0;
  // Overlong forms, surrogates, and what lies beyond the last code point, show in the second byte.
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = at + 2; next < at + size; next += 1) if (((text[next] ?? 0) & 0xc0) !== 0x80) return 0;
  return size;
}

/** Returns the text itself where it is UTF-8, else a copy with a stand-in for each byte that is part of no character. */
export function readable(text: Uint8Array): Uint8Array {
  if (isUtf8(text)) return text;
  // Not `slice`: of a Buffer it is no copy.
  const copy = new Uint8Array(text);
  for (let at = 0; at < text.length;) {
    const size = characterBytes(text, at);
    if (size === 0) copy[at] = standIn;
    at += size === 0 ? 1 : size;
  }
  return copy;
}

/** Control characters that are no white space, in bytes. */
function controls(text: Uint8Array): number {
  let count = 0;
  for (const byte of text) if (byte === standIn || (byte < 0x20 && (byte < 0x09 || byte > 0x0d))) count += 1;
  return count;
}

/** Whether a byte may be part of a word: a letter or digit, or of a character beyond ASCII. */
export function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte >= 0x80
  );
}

/** Whether a byte may stand in base64 of either alphabet, or between its lines. */
function isCodedByte(byte: number): boolean {
  const isSign = byte === 0x2b || byte === 0x2f || byte === 0x2d || byte === 0x5f || byte === 0x3d;
  return (byte < 0x80 && isWordByte(byte)) || isSign || byte === 0x0a || byte === 0x0d;
}

/** Longer texts without a single blank or sign are encoded data. */
const longestWord = 256;

/** Whether a text can hold a name: not signs alone, binary data, or a long run of base64. */
export function hasReadableWords(text: Uint8Array): boolean {
  if (!text.some(isWordByte)) return false;
  if (controls(text) * 4 > text.length) return false;
  return text.length <= longestWord || !text.every(isCodedByte);
}
