/** Reads backward from a value what it is called: the name it is assigned to, or the word it stands behind. */
import { Buffer } from 'node:buffer';
import { latin1 } from '../../core/bytes.ts';
import { rangeSet, setOf, unionSet, wordSet, type ByteSet } from '../regex/syntax.ts';

/** How far before the value its name is looked for, in bytes. */
export const nameReach = 140;

/** How a value is tied to its name: `x = v` and `x: v`; `f("x", "v")`; or only beside it, as in `X v` and `x-v`. */
type Tie = 'assigned' | 'argument' | 'beside';

/** What stands before a value. */
export interface Assignment {
  /** As written, without quotes and brackets; empty where there is none. */
  readonly name: string;
  /** The word before it where only blanks lie between, as in `private key`. */
  readonly qualifier: string;
  readonly tie: Tie;
  /** The signs between name and value, without quotes and blanks. */
  readonly separator: string;
  /** Whether blanks stand between separator and value. */
  readonly isSpaced: boolean;
  readonly isQuoted: boolean;
}

/** A value where it stands; what it is assigned to stays with it once it is read. */
interface Placed {
  readonly text: Uint8Array;
  readonly start: number;
  assignment?: Assignment;
}

const bytesOf = (chars: string): ByteSet => setOf(...Buffer.from(chars, 'latin1'));
const space = bytesOf(' \t\n\r');
const blank = bytesOf(' ');
const quote = bytesOf('"\'`\\');
const quoteOrSpace = unionSet(space, quote);
const closing = unionSet(quoteOrSpace, bytesOf(']>?)*'));
const assigning = bytesOf('=:>|?!+.-~*');
const besides = bytesOf('-.,([{<');
/** What may stand between a name's colon and its type: `x: &str`, `x: *string`. */
const beforeType = bytesOf(' \t\n\r&*');
const prefixEnd = bytesOf(' =:(>,[');
const letter = unionSet(rangeSet(0x41, 0x5a), rangeSet(0x61, 0x7a));
const digit = rangeSet(0x30, 0x39);
const nameChar = unionSet(wordSet, bytesOf('$.-'));

/** The longest separator: `:::=`, `!==`. */
const maxSeparator = 4;

/** Words that stand between a name and `=` where a language writes types: `var x string = …`, `x: String = …`. */
const typeName = /^(?:string|str|text|char|varchar|bytes?|securestring|secretstr|final|const)$/i;

/** Names behind a colon that are no type: `//host/:_password=…`, `db:password=…`. */
const namedApart = /^_|(?:password|passwd|secret|token|key)$/;

/** The assignment of a value, read backward from it in linear time; once, though several checks ask about it. */
export function assignmentOf(candidate: Placed): Assignment {
  return (candidate.assignment ??= readAssignment(candidate));
}

function readAssignment({ text, start }: Placed): Assignment {
  const from = Math.max(0, start - nameReach);
  let at = skipBack(text, from, start, quoteOrSpace);
  const isQuoted = at < start && quote[text[start - 1] ?? 0] === 1;
  // A string's prefix: b"…", rb'…', f"…", @"…".
  if (isQuoted && text[at - 1] === 0x40) at--;
  const beforePrefix = skipBack(text, Math.max(from, at - 2), at, letter);
  if (beforePrefix < at && quote[text[at] ?? 0] === 1 && prefixEnd[text[beforePrefix - 1] ?? 0] === 1) {
    at = beforePrefix;
  }
  at = skipBack(text, from, at, quoteOrSpace);
  const afterSeparator = at;
  at = skipBack(text, Math.max(from, at - maxSeparator), at, assigning);
  const signs = latin1(text, at, afterSeparator);
  const tie = tieOf(signs, latin1(text, Math.max(from, afterSeparator - 1), afterSeparator));
  if (tie !== 'assigned') at = skipBack(text, Math.max(from, afterSeparator - maxSeparator), afterSeparator, besides);
  let word = wordBefore(text, from, at);
  // In prose a verb ties them: `the password is …`, `set TOKEN to …`.
  const isVerb =
    (tie === 'beside' && signs === '' && /^(?:is|was|to|as)$/.test(word.name)) ||
    (signs === ':' && /^(?:is|was)$/.test(word.name));
  if (isVerb) word = wordBefore(text, from, word.start);
  const beforeWord = skipBack(text, from, word.start, beforeType);
  const isTyped = typeName.test(word.name) && beforeWord > from && beforeWord < word.start;
  // `=>` assigns to what stands before it, also behind a colon: `:password => v`.
  const isAssigned = text[at] === 0x3d && text[at + 1] !== 0x3e;
  const isColonTyped = isAssigned && text[beforeWord - 1] === 0x3a && !namedApart.test(word.name);
  if (tie === 'assigned' && (isTyped || isColonTyped)) {
    const typed = wordBefore(text, from, text[beforeWord - 1] === 0x3a ? beforeWord - 1 : beforeWord);
    // What stands behind `$env:` is no type.
    if (!typed.name.startsWith('$')) word = typed;
  }
  const isEscaped = word.start > 0 && text[word.start - 1] === 0x5c && /^[nrt]/.test(word.name);
  const before = skipBack(text, from, word.start, blank);
  const qualifier = before < word.start ? latin1(text, skipBack(text, from, before, nameChar), before) : '';
  return {
    name: isEscaped ? word.name.slice(1) : word.name,
    qualifier,
    tie: isVerb ? 'assigned' : tie,
    separator: isVerb ? 'is' : signs,
    isSpaced: space[text[afterSeparator] ?? 0] === 1,
    isQuoted,
  };
}

function tieOf(signs: string, last: string): Tie {
  if (/[=:>]|\|\|/.test(signs)) return 'assigned';
  return last === ',' ? 'argument' : 'beside';
}

/** The word that ends before a position, past closing quotes, brackets, and the size of an array. */
function wordBefore(text: Uint8Array, from: number, at: number): { readonly name: string; readonly start: number } {
  let end = skipBack(text, from, at, closing);
  const index = skipBack(text, from, end, digit);
  if (text[index - 1] === 0x5b && text[end] === 0x5d) end = index - 1;
  const start = skipBack(text, from, end, nameChar);
  return { name: latin1(text, start, end).replace(/^[-.]+|[-.]+$/g, ''), start };
}

function skipBack(text: Uint8Array, from: number, at: number, accepts: ByteSet): number {
  let p = at;
  while (p > from && accepts[text[p - 1] ?? 0] === 1) p--;
  return p;
}
