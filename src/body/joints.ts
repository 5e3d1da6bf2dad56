/** Where program text breaks a long string in two: literals added up over lines, and lines that go on behind a backslash. */
import { noBytes } from '../core/bytes.ts';
import type { Escape } from './escape.ts';

/** A plus sign at a line's end, or before a literal. */
export const jointMarks: readonly string[] = ['+\n', '+\r', '+ "', "+ '"];
/** The most that stands on either side of the sign. */
const longestSide = 80;
/** So much of a token stands before a break: shorter pieces are words. */
const leastPiece = 12;
/** A line's end, and what stands before the next line: blanks, its number where a tool shows a file, the sign of a diff. */
const lineBreak = '\\r?\\n(?:[ \\t]*\\d{1,7}(?:\\t|: |\\xe2\\x86\\x92)|[-+>](?=[ \\t]))?[ \\t]*';
/** The quote that ends a literal before a sign. */
const closing = new RegExp(`(["'])[ \\t]*(?:${lineBreak})?$`);
/** The quote that begins one behind it. */
const opening = new RegExp(`^\\+[ \\t]*(?:${lineBreak})?(["'])(?=[A-Za-z0-9+/_=.-])`);
/** From a backslash at a line's end to the first character of the next line. */
const continued = new RegExp(`^\\\\${lineBreak}(?=[A-Za-z0-9+/_=.-])`);

const isToken = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_=.-') {
  isToken[char.charCodeAt(0)] = 1;
}

/** Whether a piece of a token ends before an offset. */
function endsPiece(text: Uint8Array, at: number): boolean {
  for (let index = at - leastPiece; index < at; index += 1) if (isToken[text[index] ?? 0] !== 1) return false;
  return true;
}

/** The joint of two literals of the same quotes, on two lines, whose sign stands at `at`. */
export function jointAt(text: Buffer, at: number): Escape | undefined {
  const before = closing.exec(text.toString('latin1', Math.max(0, at - longestSide), at));
  const behind = opening.exec(text.toString('latin1', at, at + longestSide));
  if (before === null || behind === null || before[1] !== behind[1]) return undefined;
  if (!before[0].includes('\n') && !behind[0].includes('\n')) return undefined;
  const start = at - before[0].length;
  return endsPiece(text, start) ? { start, end: at + behind[0].length, means: noBytes } : undefined;
}

/**
 * The end of a line that goes on, at its only backslash, where a token is broken by it.
 * @param from behind the backslashes
 */
export function continuedAt(text: Uint8Array, start: number, from: number): Escape | undefined {
  if (from - start !== 1 || (text[from] !== 0x0a && text[from] !== 0x0d) || !endsPiece(text, start)) return undefined;
  const behind = Buffer.from(text.buffer, text.byteOffset, text.length).toString('latin1', start, start + longestSide);
  const [found] = continued.exec(behind) ?? [];
  return found === undefined ? undefined : { start, end: start + found.length, means: noBytes };
}
