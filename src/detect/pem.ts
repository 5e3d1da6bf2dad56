/** Reads the lines of a private key, whatever a program, a log or a listing has put around each of them. */
import { latin1 } from '../core/bytes.ts';
import { csiEnd, escapedCode } from './escapes.ts';

/**
 * How far behind its opening line a key is read: far enough for OpenPGP keys with pictures. One that goes on beyond is
 * longer than any value that is masked.
 */
export const pemReach = 1_056_768;
/** So much behind the opening line tells whether a key begins there. */
const pemTold = 16_384;
/** How far beyond the place where reading ends it may have looked. */
const peek = 128;
/** How much of what stands before a line of a key tells its shape. */
const longestLead = 200;
/** How far behind one of its lines the next one may begin. */
const mostApart = 1024;
/** How many lines of other text may stand between two of them: what was left out, or what others wrote to the log. */
const mostBetween = 8;
/** A run of base64 that may be a line of a key, and one that hardly is anything else. */
const leastLine = 16;
const leastWide = 40;
/** Behind a line or two of other text the first line must be as wide as this. */
const leastFar = 60;

/** A stretch of base64. */
interface PemLine {
  readonly start: number;
  readonly end: number;
}

/** What stands behind the opening line of a key. */
export interface PemBody {
  /** Behind the closing line, or else behind the last line of the key. */
  readonly end: number;
  /** Its lines without what stands around them. */
  readonly lines: readonly PemLine[];
  /** Whether the closing line was found. */
  readonly isClosed: boolean;
  /** Whether all of this was told well before the text ended: more text changes nothing. */
  readonly isSettled: boolean;
}

/** The share of characters of base64 behind which another kind stands: two thirds by chance, 0.4 in what begins a key. */
const leastTurns = 0.25;

const base64 = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=') base64[char.charCodeAt(0)] = 1;

const backslash = 0x5c;
const closing = /^-{4,8} ?END [A-Z0-9 ]{3,40}-{4,5}/;
const opening = /^-{4,8} ?BEGIN /;
/** What a closing line takes at most. */
const longestArmour = 64;
/** `Proc-Type: 4,ENCRYPTED` and its like, wherever it begins. */
const header = /[A-Z][A-Za-z-]{2,20}: \S/;
/** A line's end as HTML and XML write it, then any tag or character reference. */
const htmlBreak = /^(?:<br ?\/?>|&#(?:1[03]|x0?[AaDd]);)/;
const html = /^(?:<\/?[a-z][^<>\n]{0,80}>|&#?[A-Za-z0-9]{1,8};)/;

/** How many bytes behind an opening line tell whether a key begins there. */
export const pemLooks = pemTold + peek;

/** Reads the body of a key from behind its opening line. */
export function readPem(text: Uint8Array, from: number): PemBody {
  return new PemReader(text, from, pemReach).read();
}

/** As {@link readPem}, only as far as tells whether it is a key. */
export function readPemBegin(text: Uint8Array, from: number): PemBody {
  return new PemReader(text, from, pemTold).read();
}

class PemReader {
  private readonly text: Uint8Array;
  private readonly limit: number;
  private readonly lines: PemLine[] = [];
  private at: number;
  private end: number;
  private isClosed = false;
  /** How wide the key's lines are; 0 before the first. */
  private width = 0;
  private lineStart: number;
  /** What stood before the key's last line on its line. */
  private lead = '';
  /** Of the line that is read: whether it holds one of the key's, and whether it holds letters or digits besides. */
  private isOurs = false;
  private hasWords = false;
  /** A run that is a line of the key if nothing more follows on its line. */
  private candidate: PemLine | undefined;
  /** What may be the last line of a key whose closing line is missing. */
  private last: PemLine | undefined;
  /** Lines of other text since the key's last line. */
  private between = 0;

  constructor(text: Uint8Array, from: number, reach: number) {
    this.text = text;
    this.limit = Math.min(text.length, from + reach);
    this.at = from;
    this.end = from;
    this.lineStart = from;
  }

  read(): PemBody {
    while (this.step());
    this.confirm();
    if (!this.isClosed && this.last !== undefined && this.last.end > this.end) this.accept(this.last);
    const isSettled = this.text.length - this.at >= peek;
    return { end: this.end, lines: this.lines, isClosed: this.isClosed, isSettled };
  }

  /** Reads on; whether there may be more. */
  private step(): boolean {
    const { text, at } = this;
    if (at >= this.limit || at - this.end > mostApart) return false;
    const byte = text[at] ?? 0;
    if (base64[byte] === 1) {
      this.readRun();
      return true;
    }
    if (byte === 0x2d && text[at + 1] === 0x2d) return this.readDashes();
    const length = this.markAt(byte);
    this.at += Math.abs(length);
    return length < 0 ? this.endLine() : true;
  }

  /** How long what stands here is: negative where it ends a line. */
  private markAt(byte: number): number {
    const { text, at } = this;
    if (byte === 0x0a || byte === 0x0d) return -1;
    if (byte === backslash) return this.escapeAt();
    if (byte === 0x1b) return Math.max(1, csiEnd(text, at + 1) - at);
    if (byte !== 0x3c && byte !== 0x26) return 1;
    const piece = this.latin1(at, at + 90);
    const lineEnd = htmlBreak.exec(piece);
    if (lineEnd !== null) return -lineEnd[0].length;
    return html.exec(piece)?.[0].length ?? 1;
  }

  /** As {@link markAt}, for an escape of any depth. */
  private escapeAt(): number {
    const { text, at } = this;
    let last = at;
    while (text[last + 1] === backslash && last - at < 8) last++;
    const escape = escapedCode(text, last);
    if (escape === undefined) return last + 1 - at;
    if (escape.code === 0x0a || escape.code === 0x0d) return at - escape.end;
    return (escape.code === 0x1b ? Math.max(escape.end, csiEnd(text, escape.end)) : escape.end) - at;
  }

  private readRun(): void {
    const { text, limit } = this;
    const start = this.at;
    let end = start;
    // JSON may write a slash as `\/`.
    while (end < limit && (base64[text[end] ?? 0] === 1 || (text[end] === backslash && text[end + 1] === 0x2f))) end++;
    this.at = end;
    if (end - start < leastLine && text[end - 1] !== 0x3d) {
      this.leave();
      return;
    }
    const run = { start, end };
    if (end - start >= leastLine && this.isLine(run)) {
      this.candidate = undefined;
      this.accept(run);
      return;
    }
    this.leave();
    this.candidate = run;
  }

  /** There is more on the line than the run that stood last. */
  private leave(): void {
    if (this.candidate !== undefined) this.hasWords = true;
    this.candidate = undefined;
    this.hasWords = true;
  }

  /** Whether a run is a line of the key for its width alone. */
  private isLine({ start, end }: PemLine): boolean {
    const length = end - start;
    if (this.width === 0) {
      if (this.between === 0) return length >= leastWide;
      return this.between <= 2 && length >= leastFar && isMixed(this.latin1(start, end));
    }
    if (this.isMistaken(length)) return true;
    if (Math.abs(length - this.width) > 1) return false;
    if (this.width < leastWide) return this.between === 0 && this.isLike(start);
    return this.between === 0 || isMixed(this.latin1(start, end));
  }

  /** Whether what stood before the first line was taken for it: a path on its line, a number in a header. */
  private isMistaken(length: number): boolean {
    if (this.lines.length !== 1 || length < leastWide || length <= this.width) return false;
    return this.isOurs || this.width < leastWide;
  }

  /** Whether what stands before a run on its line is what stood before the key's last line. */
  private isLike(start: number): boolean {
    return this.shapeBefore(start) === this.lead;
  }

  /** What stands before a place on its line, whatever its words, numbers and widths are. */
  private shapeBefore(start: number): string {
    const before = this.latin1(Math.max(this.lineStart, start - longestLead), start);
    return before.replaceAll(/[A-Za-z0-9]+/g, 'a').replaceAll(/[ \t]+/g, ' ');
  }

  private accept(line: PemLine): void {
    const length = line.end - line.start;
    if (this.isMistaken(length)) this.lines.length = 0;
    if (this.lines.length === 0) this.width = length;
    this.lines.push(line);
    this.lead = this.shapeBefore(line.start);
    this.end = line.end;
    this.isOurs = true;
    this.between = 0;
  }

  /** The line is over: what stood last on it is told now. */
  private confirm(): void {
    const { candidate } = this;
    this.candidate = undefined;
    if (candidate === undefined || this.isOurs || this.between > 0) return;
    const length = candidate.end - candidate.start;
    if (this.width === 0) {
      if (length >= leastLine) this.accept(candidate);
      return;
    }
    if (!this.isLike(candidate.start)) return;
    if (length >= leastWide) this.accept(candidate);
    else if (this.last === undefined || this.last.end <= this.end) {
      const value = this.latin1(candidate.start, candidate.end);
      if (length < leastLine ? length % 4 === 0 : isMixed(value)) this.last = candidate;
    }
  }

  private endLine(): boolean {
    this.confirm();
    const isLast = this.last !== undefined && this.last.start >= this.lineStart;
    if (!this.isOurs && !isLast && this.hasWords && !this.isHeader()) this.between++;
    this.isOurs = false;
    this.hasWords = false;
    this.lineStart = this.at;
    return this.between <= mostBetween;
  }

  /** Whether the line is one of those that may stand before the first of the key. */
  private isHeader(): boolean {
    return this.width === 0 && header.test(this.latin1(this.lineStart, Math.min(this.at, this.lineStart + 200)));
  }

  /** Reads what may be the closing line, or the opening one of another block; whether there may be more. */
  private readDashes(): boolean {
    const { text, at, limit } = this;
    const piece = this.latin1(at, at + longestArmour);
    if (opening.test(piece)) return false;
    const closed = closing.exec(piece);
    if (closed === null) {
      while (this.at < limit && text[this.at] === 0x2d) this.at++;
      return true;
    }
    this.confirm();
    if (this.lines.length === 0) return false;
    if (this.last !== undefined && this.last.end > this.end) this.lines.push(this.last);
    this.isClosed = true;
    this.at = this.end = at + closed[0].length;
    return false;
  }

  private latin1(start: number, end: number): string {
    const { text } = this;
    const length = Math.max(0, Math.min(end, this.limit) - start);
    return latin1(text, start, start + length);
  }
}

/** Whether letters of both cases and digits take turns, as they do in base64 and not in words and paths. */
export function isMixed(value: string): boolean {
  if (!/[A-Z]/.test(value) || !/[a-z]/.test(value) || !/[0-9]/.test(value)) return false;
  const turns = value.match(/[A-Z](?![A-Z])|[a-z](?![a-z])|[0-9](?![0-9])/g)?.length ?? 0;
  return turns >= value.length * leastTurns;
}
