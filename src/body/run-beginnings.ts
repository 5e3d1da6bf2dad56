/** Tells by its first characters whether base64 may hold a text, before any of it is decoded. */
import { isTextByte } from './text-bytes.ts';

/** The six bits that each character of base64 stands for, of either alphabet. */
export const sextets = new Uint8Array(256);
{
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let index = 0; index < 64; index += 1) sextets[alphabet.charCodeAt(index)] = index;
  sextets['-'.charCodeAt(0)] = 62;
  sextets['_'.charCodeAt(0)] = 63;
}

/** The character of base64 that stands for six zeros. */
export const letterA = 0x41;
/** Looks at the first 16 characters only: random bytes pass one time in 10^4 here, and then fail {@link isText}. */
export function beginsAsText(text: Uint8Array, start: number): boolean {
  for (let at = start; at < start + 16; at += 4) {
    const bits =
      ((sextets[text[at] ?? 0] ?? 0) << 18) |
      ((sextets[text[at + 1] ?? 0] ?? 0) << 12) |
      ((sextets[text[at + 2] ?? 0] ?? 0) << 6) |
      (sextets[text[at + 3] ?? 0] ?? 0);
    if (!isTextByte(bits >> 16) || !isTextByte((bits >> 8) & 0xff) || !isTextByte(bits & 0xff)) return false;
  }
  return true;
}

/** Bytes that {@link mayBeText} looks at. */
const probe = new Uint8Array(12);

/** Decodes 16 characters. */
function fillProbe(text: Uint8Array, start: number): void {
  for (let from = start, to = 0; to < 12; from += 4, to += 3) {
    const second = sextets[text[from + 1] ?? 0] ?? 0;
    const third = sextets[text[from + 2] ?? 0] ?? 0;
    probe[to] = ((sextets[text[from] ?? 0] ?? 0) << 2) | (second >> 4);
    probe[to + 1] = (second << 4) | (third >> 2);
    probe[to + 2] = (third << 6) | (sextets[text[from + 3] ?? 0] ?? 0);
  }
}

/** Whether 16 characters begin UTF-16 of Latin text, with a byte order mark or without. */
export function mayBeWide(text: Uint8Array, start: number): boolean {
  // The third or the fourth byte is zero.
  if (text[start + 3] !== letterA && text[start + 4] !== letterA) return false;
  fillProbe(text, start);
  let even = 0;
  let odd = 0;
  let plain = 0;
  for (let at = 0; at < 12; at += 2) {
    const [first = 0, second = 0] = [probe[at], probe[at + 1]];
    if (first === 0) even += 1;
    if (second === 0) odd += 1;
    if (first !== 0 && second !== 0) continue;
    const unit = first | second;
    // Of the controls beyond ASCII only the end of a line stands in text.
    if (!isTextByte(unit) || (unit >= 0x80 && unit < 0xa0 && unit !== 0x85)) return false;
    if (unit < 0x80) plain += 1;
  }
  // Two bits further on, the same characters are others: mostly beyond ASCII.
  return Math.max(even, odd) >= 5 && Math.min(even, odd) === 0 && plain >= 3;
}

/** As {@link beginsAsText}, and whether what they decode to can be UTF-8: most names in program text are not. */
export function mayBeText(text: Uint8Array, start: number): boolean {
  if (!beginsAsText(text, start)) return false;
  fillProbe(text, start);
  // A lead byte is followed by as many continuations as it says, and nothing else is: the last sequence may be cut.
  let left = 0;
  for (const byte of probe) {
    if ((byte & 0xc0) === 0x80) {
      if (left === 0) return false;
      left -= 1;
    } else if (left > 0) return false;
    else left = byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
  return true;
}
