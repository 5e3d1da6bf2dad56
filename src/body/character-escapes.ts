/** Characters that program text, JSON, settings and Markdown spell behind a backslash. */
import { latin1, utf8 } from '../core/bytes.ts';
import { isHexDigit } from './base64-runs.ts';
import type { Escape } from './escape.ts';
import { continuedAt } from './joints.ts';
import { isAlphanumeric } from './look-alikes.ts';

const solidus = 0x2f;
const backslash = 0x5c;

/** The code unit that `uXXXX` at `at` stands for, or -1. */
function codeUnit(text: Uint8Array, at: number): number {
  if (text[at] !== 0x75) return -1;
  for (let index = at + 1; index < at + 5; index += 1) if (!isHexDigit(text[index])) return -1;
  return Number.parseInt(String.fromCharCode(...text.subarray(at + 1, at + 5)), 16);
}

/** The printable character of ASCII that a code names; undefined for others, which are bytes more often than text. */
export function printable(code: number): Uint8Array | undefined {
  return code >= 0x20 && code < 0x7f ? Uint8Array.of(code) : undefined;
}

/** What `xXX` at `at` stands for. */
function byteEscape(text: Uint8Array, start: number, at: number): Escape | undefined {
  if (!isHexDigit(text[at + 1]) || !isHexDigit(text[at + 2])) return undefined;
  const means = printable(Number.parseInt(String.fromCharCode(text[at + 1] ?? 0, text[at + 2] ?? 0), 16));
  return means === undefined ? undefined : { start, end: at + 3, means };
}

/** Marks that writers of settings, Markdown and commands put a backslash before, whatever the next reader makes of it. */
const escapedMarks = new Set(Buffer.from('=:_-@+#!%~,'));

/** A mark behind a backslash, in the middle of a word: elsewhere it is a pattern's, as often as not. */
function markAt(text: Uint8Array, start: number, from: number): Escape | undefined {
  const [mark = 0, next] = [text[from], text[from + 1]];
  if (!escapedMarks.has(mark) || !isAlphanumeric(text[start - 1])) return undefined;
  const goesOn = isAlphanumeric(next) || (mark === 0x3a && next === solidus);
  return goesOn ? { start, end: from + 1, means: text.subarray(from, from + 1) } : undefined;
}

/** A character by its whole number: `\\u{67}` of JavaScript, Rust and PHP, `\\U00000067` of Python, C and Go. */
const pointPattern = /^(?:u\{([0-9A-Fa-f]{1,6})\}|U([0-9A-Fa-f]{8}))/;
/** A byte by three octal digits, as C, shells and `git` write it. */
const octalPattern = /^[01][0-7]{2}/;
const longestCode = 9;

/** What a number of a character, or octal digits, stand for behind backslashes that end at `from`. */
function numberedAt(text: Uint8Array, start: number, from: number): Escape | undefined {
  const code = latin1(text, from, Math.min(text.length, from + longestCode));
  const octal = octalPattern.exec(code);
  if (octal !== null) {
    const means = printable(Number.parseInt(octal[0], 8));
    return means === undefined ? undefined : { start, end: from + octal[0].length, means };
  }
  const [all = '', braced, long] = pointPattern.exec(code) ?? [];
  const point = Number.parseInt(braced ?? long ?? '0', 16);
  const isShown = (point >= 0x20 && point < 0x7f) || (point >= 0xa0 && point <= 0x10ffff);
  if (!isShown || (point >= 0xd800 && point < 0xe000)) return undefined;
  return { start, end: from + all.length, means: utf8(String.fromCodePoint(point)) };
}

/** The escape whose backslashes begin at `start` and end at `from`: a solidus, or a character by its code. */
export function characterAt(text: Uint8Array, start: number, from: number): Escape | undefined {
  if (text[from] === solidus) return { start, end: from + 1, means: text.subarray(from, from + 1) };
  if (text[from] === 0x78) return byteEscape(text, start, from);
  const unit = codeUnit(text, from);
  if (unit < 0) {
    const next = text[from] ?? 0;
    // A letter or digit that begins a number: of the others most are no escapes.
    const isNumber = next === 0x55 || next === 0x75 || next === 0x30 || next === 0x31;
    return isNumber ? numberedAt(text, start, from) : (markAt(text, start, from) ?? continuedAt(text, start, from));
  }
  const end = from + 5;
  if (unit < 0xd800 || unit > 0xdfff) return { start, end, means: utf8(String.fromCharCode(unit)) };
  let next = end;
  while (text[next] === backslash) next += 1;
  const low = next > end ? codeUnit(text, next) : -1;
  if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) return undefined;
  return { start, end: next + 5, means: utf8(String.fromCharCode(unit, low)) };
}
