/**
 * Finds what terminals and writers of JSON, programs and HTML put into a text: colour codes, as they are and as program
 * text spells them, and what stands for plain characters: the escapes of JSON (`\/`, `\u003d`) and of programs (`\x3d`),
 * at any depth of quoting, the numbers of HTML (`&#61;`) and the codes and line ends of
 * quoted-printable (`=3D`); the zeros of UTF-16 that is read as bytes, too.
 */
import { isAscii } from 'node:buffer';
import { latin1, noBytes } from '../core/bytes.ts';
import { isHexDigit } from './base64-runs.ts';
import type { Escape } from './escape.ts';
import { characterAt, printable } from './character-escapes.ts';
import { jointAt, jointMarks } from './joints.ts';
import { looks, type Look } from './look-alikes.ts';
import { mayBeQuoted, quotedEscapes } from './quoted-printable.ts';

/** What a terminal's controls begin with. */
export const control = 0x1b;
const bell = 0x07;
const bracket = 0x5b;
const closingBracket = 0x5d;
const backslash = 0x5c;
const ampersand = 0x26;
const equals = 0x3d;
const plus = 0x2b;

/** Parameters of a control sequence: 256 colours take eleven characters, 24 bits nineteen. */
const longestSequence = 48;
/** The text of a command to the terminal: URLs are the longest. */
const longestCommand = 2083;

const none: readonly Escape[] = [];

/** The end of a control sequence whose parameters begin at `at` (ECMA-48 §5.4), or -1. */
function sequenceEnd(text: Uint8Array, at: number): number {
  let end = at;
  while (end - at < longestSequence && (text[end] ?? 0) >= 0x20 && (text[end] ?? 0) < 0x40) end += 1;
  const final = text[end] ?? 0;
  return final >= 0x40 && final < 0x7f ? end + 1 : -1;
}

/** The end of a command to the terminal (a hyperlink's URL, a title) whose text begins at `at` (ECMA-48 §8.3.89), or -1. */
function commandEnd(text: Uint8Array, at: number): number {
  let end = at;
  while (end - at < longestCommand && (text[end] ?? 0) >= 0x20) end += 1;
  if (text[end] === bell) return end + 1;
  return text[end] === control && text[end + 1] === backslash ? end + 2 : -1;
}

/** The end of what a terminal takes for a control: a sequence, a command, or the choice of a character set; or -1. */
function controlEnd(text: Uint8Array, at: number): number {
  const next = text[at + 1] ?? 0;
  if (next === bracket) return sequenceEnd(text, at + 2);
  if (next === closingBracket) return commandEnd(text, at + 2);
  return next >= 0x28 && next < 0x2c && (text[at + 2] ?? 0) >= 0x30 && (text[at + 2] ?? 0) < 0x7f ? at + 3 : -1;
}

/** How program text goes on behind a backslash for the escape character, and the bracket that begins a sequence. */
const spellings = ['e[', 'E[', '033[', '33[', 'x1b[', 'x1B[', 'u001b[', 'u001B[', 'u{1b}[', 'u{1B}['].map((spelling) =>
  Buffer.from(spelling, 'latin1'),
);

/** As {@link sequenceEnd}, of a sequence that is spelled out: only digits and semicolons, and then a letter. */
function spelledEnd(text: Uint8Array, at: number): number {
  const spelling = spellings.find((one) => one.every((byte, index) => text[at + index] === byte));
  if (spelling === undefined) return -1;
  let end = at + spelling.length;
  const last = end + longestSequence;
  while (end < last && (isDigit(text[end]) || text[end] === 0x3b || text[end] === 0x3f)) end += 1;
  const final = (text[end] ?? 0) | 0x20;
  return final >= 0x61 && final <= 0x7a ? end + 1 : -1;
}

/** A numeric character reference of HTML: `&#45;`, `&#x2d;`, with zeros before it or not. */
const reference = /^&#(?:0{0,5}([0-9]{2,3})|[xX]0{0,5}([0-9A-Fa-f]{2}));/;
const longestReference = 12;

/** What names stand for that writers of HTML and XML put into every attribute; an ampersand in a value is none of theirs. */
const named: Readonly<Record<string, Uint8Array>> = {
  '&quot;': Uint8Array.of(0x22),
  '&lt;': Uint8Array.of(0x3c),
  '&gt;': Uint8Array.of(0x3e),
};

/** The character reference that begins at `start`. */
function referenceAt(text: Buffer, start: number): Escape | undefined {
  const found = reference.exec(text.toString('latin1', start, start + longestReference));
  if (found === null) return undefined;
  const [{ length }, decimal, hex] = found;
  const means = printable(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
  return means === undefined ? undefined : { start, end: start + length, means };
}

/** Fewer zeros in a row, one for each character, are no UTF-16. */
const leastWide = 8;

/** Where a row of zeros ends of which every second byte is one, and the others are characters. */
export function wideEnd(text: Uint8Array, at: number): number {
  let end = at;
  while (text[end] === 0 && (text[end + 1] ?? 0) !== 0 && text[end + 2] === 0) end += 2;
  return end;
}

/** Adds the zeros of UTF-16, of either byte order, that begin at `at`. Returns where to look on. */
function addZeros(text: Uint8Array, at: number, escapes: Escape[]): number {
  const end = wideEnd(text, at);
  if ((end - at) / 2 + 1 < leastWide) {
    let next = end + 1;
    while (text[next] === 0) next += 1;
    return next;
  }
  for (let zero = at; zero <= end; zero += 2) escapes.push({ start: zero, end: zero + 1, means: noBytes });
  return end + 1;
}

function isDigit(byte: number | undefined): boolean {
  return isHexDigit(byte) && (byte ?? 0) <= 0x39;
}

/** A bit for each byte that an escape begins with. */
const bits = new Uint16Array(256);
for (const [index, mark] of [0, control, backslash, ampersand, plus, 0xc2, 0xe2, 0xef, equals].entries()) {
  bits[mark] = 1 << index;
}
/** In shorter texts a loop finds bytes sooner than a native call for each. */
const leastForNative = 2048;

/** The bits of the bytes that stand in a short text. */
function bitsIn(text: Uint8Array): number {
  let found = 0;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte !== equals || mayBeQuoted(text, at)) found |= bits[byte] ?? 0;
  }
  return found;
}

/**
 * How many of so many backslashes in a row are the escape's own. Each depth of quoting doubles them: an escape has a power
 * of two, and a backslash of the text before it, at the same depth, twice as many.
 */
function ownBackslashes(count: number): number {
  return count & -count;
}

/** Adds what a terminal takes for a control, as the byte itself. Returns where to look on, as the others do. */
function addControl(text: Uint8Array, at: number, escapes: Escape[]): number {
  const end = controlEnd(text, at);
  if (end === -1) return at + 1;
  escapes.push({ start: at, end, means: noBytes });
  return end;
}

/** Adds what begins with a backslash, of as many as stand in a row. */
function addSpelled(text: Uint8Array, at: number, escapes: Escape[]): number {
  let from = at + 1;
  while (text[from] === backslash) from += 1;
  const start = from - ownBackslashes(from - at);
  const end = spelledEnd(text, from);
  const escape = end === -1 ? characterAt(text, start, from) : { start, end, means: noBytes };
  if (escape === undefined) return from;
  escapes.push(escape);
  return escape.end;
}

function addReference(text: Buffer, at: number, escapes: Escape[]): number {
  const escape = referenceAt(text, at);
  if (escape === undefined) return at + 1;
  escapes.push(escape);
  return escape.end;
}

/** What some escapes begin with, and what reads them. */
interface Reader {
  /** Of the byte that its mark begins with. */
  readonly bit: number;
  /** Where something is to be read from an offset on, or -1. */
  readonly find: (text: Buffer, from: number) => number;
  readonly add: (text: Buffer, at: number, escapes: Escape[]) => number;
}

/** A reader of what begins with a mark. */
function marked(mark: number | string, add: Reader['add']): Reader {
  const first = typeof mark === 'number' ? mark : (Buffer.from(mark)[0] ?? 0);
  return { bit: bits[first] ?? 0, find: (text, from) => text.indexOf(mark, from), add };
}

/** A reader of what stands for something at some of its marks only. */
function looking(find: Look['find'], read: Look['read'], byte: number): Reader {
  return {
    bit: bits[byte] ?? 0,
    find(text, from) {
      let at = find(text, from);
      while (at !== -1 && read(text, at) === undefined) at = find(text, at + 1);
      return at;
    },
    add(text, at, escapes) {
      const escape = read(text, at);
      if (escape !== undefined) escapes.push(escape);
      return escape?.end ?? at + 1;
    },
  };
}

/** What an ampersand that is escaped itself begins: HTML inside HTML or XML, as feeds and sitemaps have it. */
const escapedTwice = /^&amp;(?=#|(?:amp|quot|lt|gt);)/;
const ampersandOnly = Uint8Array.of(ampersand);

function addAmpersand(text: Buffer, at: number, escapes: Escape[]): number {
  const end = at + '&amp;'.length;
  if (!escapedTwice.test(latin1(text, at, Math.min(text.length, end + longestReference)))) return at + 1;
  escapes.push({ start: at, end, means: ampersandOnly });
  return end;
}

const readers: readonly Reader[] = [
  marked(control, addControl),
  marked(backslash, addSpelled),
  marked(0, addZeros),
  marked('&#', addReference),
  marked('&amp;', addAmpersand),
  ...Object.entries(named).map(([name, means]) =>
    marked(name, (_text, start, escapes) => {
      const end = start + name.length;
      escapes.push({ start, end, means });
      return end;
    }),
  ),
  ...jointMarks.map((mark) => looking((text, from) => text.indexOf(mark, from), jointAt, plus)),
];
/** In texts beyond ASCII these too. */
const wideReaders: readonly Reader[] = [...readers, ...looks.map(({ find, read, byte }) => looking(find, read, byte))];

/** Those of two lists, each in order, that begin behind those before them. */
function merged(some: readonly Escape[], others: readonly Escape[]): readonly Escape[] {
  if (some.length === 0 || others.length === 0) return some.length === 0 ? others : some;
  let end = 0;
  return [...some, ...others]
    .sort((a, b) => a.start - b.start)
    .filter((escape) => {
      const isApart = escape.start >= end;
      if (isApart) end = escape.end;
      return isApart;
    });
}

/** The escapes of a text, in order. */
export function escapesIn(bytes: Uint8Array): readonly Escape[] {
  const found = bytes.length < leastForNative ? bitsIn(bytes) : -1;
  if (found === 0) return none;
  // A Buffer's search for a byte takes a thirtieth of a plain array's.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return merged(markedEscapes(text, found), (found & (bits[equals] ?? 0)) === 0 ? none : quotedEscapes(text));
}

/** Those that begin with a mark of their own. @param found bits of the bytes that they may begin with */
function markedEscapes(text: Buffer, found: number): readonly Escape[] {
  const escapes: Escape[] = [];
  const waiting: { readonly reader: Reader; at: number }[] = [];
  for (const one of isAscii(text) ? readers : wideReaders) {
    if ((found & one.bit) === 0) continue;
    const at = one.find(text, 0);
    if (at !== -1) waiting.push({ reader: one, at });
  }
  for (;;) {
    let nearest: (typeof waiting)[number] | undefined;
    for (const one of waiting) if (one.at !== -1 && (nearest === undefined || one.at < nearest.at)) nearest = one;
    if (nearest === undefined) return escapes;
    const next = nearest.reader.add(text, nearest.at, escapes);
    for (const one of waiting) if (one.at !== -1 && one.at < next) one.at = one.reader.find(text, next);
  }
}
