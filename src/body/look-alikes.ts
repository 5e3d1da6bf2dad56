/** Characters that show as another or not at all: full-width letters and digits, spaces and hyphens that break no line, zero-width ones. */
import { noBytes } from '../core/bytes.ts';
import type { Escape } from './escape.ts';

/** Whether a byte is a letter or digit of ASCII. */
export function isAlphanumeric(byte: number | undefined): boolean {
  const code = byte ?? 0;
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** A character of ASCII that shows. */
function isShown(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte < 0x7f;
}

/** The character of ASCII that a full-width one at `at` stands for (U+FF01 to U+FF5E), or 0. */
function narrow(text: Uint8Array, at: number): number {
  if (text[at] !== 0xef) return 0;
  const [second, third = 0] = [text[at + 1], text[at + 2]];
  if (second === 0xbc && third >= 0x81 && third <= 0xbf) return third - 0x60;
  return second === 0xbd && third >= 0x80 && third <= 0x9e ? third - 0x20 : 0;
}

/** Letters and digits, and the marks beside them: others are the punctuation of Chinese and Japanese. */
function fullWidthAt(text: Uint8Array, start: number): Escape | undefined {
  const code = narrow(text, start);
  if (code === 0) return undefined;
  const isMeant =
    isAlphanumeric(code) || isAlphanumeric(narrow(text, start - 3)) || isAlphanumeric(narrow(text, start + 3));
  return isMeant ? { start, end: start + 3, means: Uint8Array.of(code) } : undefined;
}

/** Where a full-width character may begin: their first byte is too common in some texts for a native call each. */
function findFullWidth(text: Buffer, from: number): number {
  const first = from === 0 ? text.indexOf(0xef) : from;
  for (let at = first === -1 ? text.length : first; at < text.length; at += 1) {
    if (text[at] === 0xef && (text[at + 1] === 0xbc || text[at + 1] === 0xbd)) return at;
  }
  return -1;
}

/** What does not show at all, where it stands beside what does. */
const hidden =
  (size: number) =>
  (text: Uint8Array, start: number): Escape | undefined =>
    isShown(text[start - 1]) || isShown(text[start + size]) ? { start, end: start + size, means: noBytes } : undefined;

/** A space that breaks no line, beside what joins a name and its value. */
function spaceAt(text: Uint8Array, start: number): Escape | undefined {
  const isJoined = [text[start - 1], text[start + 2]].some((byte) => byte === 0x3a || byte === 0x3d);
  return isJoined ? { start, end: start + 2, means: Uint8Array.of(0x20) } : undefined;
}

/** A hyphen that breaks no line, within a word. */
function hyphenAt(text: Uint8Array, start: number): Escape | undefined {
  const isInside = isAlphanumeric(text[start - 1]) && isAlphanumeric(text[start + 3]);
  return isInside ? { start, end: start + 3, means: Uint8Array.of(0x2d) } : undefined;
}

/** How such characters are found and read. */
export interface Look {
  /** Their first byte. */
  readonly byte: number;
  /** Where one may stand from an offset on, or -1. */
  readonly find: (text: Buffer, from: number) => number;
  readonly read: (text: Buffer, start: number) => Escape | undefined;
}

function look(mark: string, read: Look['read']): Look {
  return { byte: Buffer.from(mark)[0] ?? 0, find: (text, from) => text.indexOf(mark, from), read };
}

export const looks: readonly Look[] = [
  { byte: 0xef, find: findFullWidth, read: fullWidthAt },
  look('\u00a0', spaceAt),
  look('\u00ad', hidden(2)),
  look('\u200b', hidden(3)),
  look('\u2060', hidden(3)),
  look('\ufeff', hidden(3)),
  look('\u2011', hyphenAt),
];
