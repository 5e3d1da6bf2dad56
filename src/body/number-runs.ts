/** Tells, byte by byte, where enough numbers follow one another that each may be a byte of a text. */
import { isHexDigit } from './base64-runs.ts';
import type { Range } from './range.ts';

/** A number may be a byte in decimal digits, in two hex digits, or in hex digits behind `0x`. */
const decimal = 1;
const pair = 2;
const prefixed = 4;

/** The marks between numbers: a comma, a colon, a hyphen. */
const isMark = (byte: number): boolean => byte === 0x2c || byte === 0x3a || byte === 0x2d;
const isLineEnd = (byte: number): boolean => byte === 0x0a || byte === 0x0d;
/** A tab, or an arrow's first byte: what stands behind a line's number. */
const endsLead = (byte: number): boolean => byte === 0x09 || byte === 0xe2;

/** Whether a number stands in text as a byte. */
function isTextual(value: number): boolean {
  return (value >= 0x20 && value !== 0x7f && value < 0xf5) || value === 0x0a || value === 0x0d || value === 0x09;
}

function digitOf(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}

/** A walk over the numbers of a region. */
class Walk {
  /** How the number that was read last may be a byte, and where it begins. */
  forms = 0;
  start = 0;
  /** The mark before it, and whether it begins a line. */
  mark = 0;
  isFirst = false;
  private readonly text: Uint8Array;
  private readonly end: number;
  private at: number;

  constructor(text: Uint8Array, { start, end }: Range) {
    this.text = text;
    this.end = end;
    this.at = start;
  }

  /** Moves to the next number. Returns whether there is one. */
  next(): boolean {
    this.mark = 0;
    this.isFirst = false;
    while (this.at < this.end && !isHexDigit(this.text[this.at])) {
      const byte = this.text[this.at] ?? 0;
      if (isLineEnd(byte)) this.isFirst = true;
      else if (!this.isFirst && isMark(byte)) this.mark = byte;
      this.at += 1;
    }
    this.start = this.at;
    if (this.at >= this.end) return false;
    this.readNumber();
    return true;
  }

  /** Whether the number that was read last is that of a line, and none of a list. */
  get isLead(): boolean {
    return this.isFirst && endsLead(this.text[this.at] ?? 0);
  }

  private readNumber(): void {
    const { text } = this;
    const isPrefixed = text[this.at] === 0x30 && ((text[this.at + 1] ?? 0) | 0x20) === 0x78;
    if (isPrefixed) this.at += 2;
    const from = this.at;
    let hex = 0;
    let ten = 0;
    for (let byte = text[this.at] ?? 0; this.at < this.end && isHexDigit(byte); byte = text[this.at] ?? 0) {
      const digit = digitOf(byte);
      if (this.at - from < 4) {
        hex = hex * 16 + digit;
        ten = digit > 9 ? 4096 : ten * 10 + digit;
      }
      this.at += 1;
    }
    const length = this.at - from;
    if (isPrefixed) this.forms = length > 0 && length < 3 && isTextual(hex) ? prefixed : 0;
    else {
      this.forms = length < 4 && isTextual(ten) ? decimal : 0;
      if (length === 2 && isTextual(hex)) this.forms |= pair;
    }
  }
}

/**
 * Where runs of at least so many such numbers begin in a region, in order: a list that is read begins at one of them. Most
 * tables of numbers have none.
 */
export function numberRuns(text: Uint8Array, region: Range, least: number): readonly number[] {
  const runs: number[] = [];
  let start = -1;
  let forms = 0;
  let mark = -1;
  let count = 0;
  // The mark before a line's end, where the line's number was read since.
  let before = 0;
  for (const walk = new Walk(text, region); walk.next();) {
    const own = walk.mark === 0 ? before : walk.mark;
    before = walk.isLead ? walk.mark : 0;
    if (walk.isLead) continue;
    const isAlike = (forms & walk.forms) !== 0 && (mark === -1 || mark === own);
    if (isAlike) {
      mark = own;
      forms &= walk.forms;
      count += 1;
      if (count === least) runs.push(start);
      continue;
    }
    // The number before may begin another run, with this one.
    ({ start, forms } = walk);
    mark = -1;
    count = 1;
  }
  return runs;
}
