/** Finds what quoted-printable (RFC 2045 §6.7) puts into a text, as saved mails and web pages have it: `=3D`, and lines that go on. */
import { latin1, noBytes } from '../core/bytes.ts';
import type { Escape } from './escape.ts';

const equals = 0x3d;
/** In no text by itself, and in every one that is quoted-printable and holds an equals sign. */
const quotedEquals = '=3D';
/** A line is broken before its 77th character; writers break it there or a little earlier. */
const leastBroken = 56;
const mostBroken = 76;
/** What stands before a line where it is numbered, or quoted in a mail. */
const longestLead = 24;
const lead = /^(?:[ \t]{0,8}\d{1,7}(?:\t|\\+t|: ?| ?\| ?|\xe2\x86\x92)|(?:> ?){1,3})/;
/** The end of a line that goes on: blanks may have been added to it; a literal escape where the text is in a string. */
const softBreak = /^=[ \t]{0,8}(?:\r?\n|(?:\\+r)?\\+n)/;
const code = /^=(?:[0-9A-F]{2}|[0-9a-f]{2})/;
/** What a soft break takes, with what stands before the next line. */
const longestBreak = 16 + longestLead;
const none: readonly Escape[] = [];

/** Where the line of an offset begins: behind a line's end, raw or a literal escape; -1 when that is too far. */
function lineStart(text: Uint8Array, at: number): number {
  const least = Math.max(0, at - mostBroken - longestLead);
  for (let start = at; start > least; start -= 1) {
    const before = text[start - 1];
    if (before === 0x0a || before === 0x0d || (before === 0x6e && text[start - 2] === 0x5c)) return start;
  }
  return least === 0 ? 0 : -1;
}

/** The soft break at an equals sign, with what stands before the next line where the same stands before its own. */
function breakAt(text: Uint8Array, at: number): Escape | undefined {
  const piece = latin1(text, at, Math.min(text.length, at + longestBreak));
  const [end] = softBreak.exec(piece) ?? [];
  if (end === undefined) return undefined;
  const start = lineStart(text, at);
  const isLed = start !== -1 && lead.test(latin1(text, start, at));
  const next = isLed ? (lead.exec(piece.slice(end.length))?.[0].length ?? 0) : 0;
  return { start: at, end: at + end.length + next, means: noBytes };
}

/** A line that ends with base64 and its padding, as keys do in files of settings. */
function endsPadded(line: string): boolean {
  const [run = ''] = /[A-Za-z0-9+/_-]*=?$/.exec(line) ?? [];
  return run.length >= 15 && (run.length + 1) % 4 === 0;
}

/** Whether a line is as long where it goes on as only quoted-printable makes lines, and no closing line of a key follows. */
function isEvident(text: Uint8Array, { start, end }: Escape): boolean {
  const from = lineStart(text, start);
  if (from === -1) return false;
  const line = latin1(text, from, start);
  const length = line.length - (lead.exec(line)?.[0].length ?? 0);
  const [before = 0x20, next = 0x20, after] = [text[start - 1], text[end], text[end + 1]];
  // Behind a blank it is an assignment that goes on, as often as not.
  const goesOn = before > 0x20 && next > 0x20 && !(next === 0x2d && after === 0x2d);
  return length >= leastBroken && length < mostBroken && goesOn && !endsPadded(line);
}

/** Whether a text is quoted-printable: it holds a quoted equals sign, or a line that is broken as only that breaks lines. */
function isQuoted(text: Buffer): boolean {
  // Each search takes 0.15 ms for a megabyte of code: what ends lines in strings is not looked for by itself.
  if (text.includes(quotedEquals)) return true;
  const ends = text.includes(0x0d) ? ['=\n', '=\r\n'] : ['=\n'];
  return ends.some((end) => {
    for (let at = text.indexOf(end); at !== -1; at = text.indexOf(end, at + 1)) {
      const found = breakAt(text, at);
      if (found !== undefined && isEvident(text, found)) return true;
    }
    return false;
  });
}

/** The character or byte that the code at an equals sign stands for; none for control characters. */
function codeAt(text: Uint8Array, at: number): Escape | undefined {
  const [found] = code.exec(latin1(text, at, Math.min(text.length, at + 3))) ?? [];
  const byte = found === undefined ? 0 : Number.parseInt(found.slice(1), 16);
  if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) return undefined;
  return { start: at, end: at + 3, means: Uint8Array.of(byte) };
}

/** Whether a short text may be quoted-printable: most hold no equals sign with such a character behind it. */
export function mayBeQuoted(text: Uint8Array, at: number): boolean {
  const next = text[at + 1];
  return text[at] === equals && (next === 0x33 || next === 0x0a || next === 0x0d || next === 0x20);
}

/** The codes and soft breaks of a text, in order; none when it is not quoted-printable. */
export function quotedEscapes(text: Buffer): readonly Escape[] {
  if (!isQuoted(text)) return none;
  const escapes: Escape[] = [];
  for (let at = text.indexOf(equals); at !== -1;) {
    const escape = codeAt(text, at) ?? breakAt(text, at);
    if (escape !== undefined) escapes.push(escape);
    at = text.indexOf(equals, escape?.end ?? at + 1);
  }
  return escapes;
}
