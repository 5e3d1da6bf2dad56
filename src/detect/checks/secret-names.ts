/** Checks of the name that a value is assigned to: whether it says secret, and what value such a name needs. */
import { Buffer } from 'node:buffer';
import { entropyOf } from '../entropy.ts';
import { rangeSet, setOf, unionSet, wordSet, type ByteSet } from '../regex/syntax.ts';
import type { Candidate, Check } from './check.ts';
import { isRandom } from './plausibility.ts';

/** How far before the value its name is looked for. */
const nameReach = 140;

const password = String.raw`passw(?:or)?d|passphrase|passcode|passwort|(?:^|[_.-]|[a-z](?=P))pass|pwd|(?:^|[_.-])psk`;
const token =
  String.raw`secret|token|credential|(?:^|[_.-])pat|key[-_]?base|` +
  String.raw`(?:api|access|auth|private|encryption|encrypt|signing|master|account|app|storage|service|cookie|session|jwt|hmac|` +
  String.raw`webhook|crypto|security|shared|consumer|client|license|secret)[-_.]?key`;
/** What may follow without making the name one of something else (`token_type`, `password_field`). */
const suffix = String.raw`s?(?:[-_.]?(?:\d{1,4}|value|val|text|plain|raw|string|str|env|prod|production|dev|test|stage|staging|qa|old|new|live|default|root|admin|user|db|base64|b64|key))*$`;
const passwordName = new RegExp(`(?:${password})${suffix}`, 'i');
const secretName = new RegExp(`(?:${password}|${token})${suffix}`, 'i');

interface Assignment {
  readonly name: string;
  readonly separator: string;
  readonly isSpaced: boolean;
}

/** Reads the assignment backward from its value: opening quote, separator, optional type, name. Linear. */
function assignmentOf({ text, start }: Candidate): Assignment | undefined {
  const from = Math.max(0, start - nameReach);
  let at = skipBack(text, from, start, quoteOrSpace);
  // A string's prefix: b"…", rb'…', f"…".
  const beforePrefix = skipBack(text, Math.max(from, at - 2), at, letter);
  if (beforePrefix < at && quote[text[at] ?? 0] === 1 && prefixEnd[text[beforePrefix - 1] ?? 0] === 1) {
    at = skipBack(text, from, beforePrefix, quoteOrSpace);
  }
  const afterSeparator = at;
  at = skipBack(text, from, at, separatorSign);
  if (at === afterSeparator || afterSeparator - at > 3) return undefined;
  const separator = String.fromCharCode(...text.subarray(at, afterSeparator));
  let word = wordBefore(text, from, at);
  const beforeType = skipBack(text, from, word.start, space);
  if (text[at] === 0x3d && text[beforeType - 1] === 0x3a) word = wordBefore(text, from, beforeType - 1);
  const isEscaped = word.start > 0 && text[word.start - 1] === 0x5c && /^[nrt]/.test(word.name);
  const name = isEscaped ? word.name.slice(1) : word.name;
  return { name, separator, isSpaced: space[text[afterSeparator] ?? 0] === 1 };
}

/** The word that ends before a position, past a closing quote or bracket. */
function wordBefore(text: Uint8Array, from: number, at: number): { readonly name: string; readonly start: number } {
  const end = skipBack(text, from, at, closing);
  const start = skipBack(text, from, end, nameChar);
  return { name: String.fromCharCode(...text.subarray(start, end)), start };
}

function skipBack(text: Uint8Array, from: number, at: number, accepts: ByteSet): number {
  let p = at;
  while (p > from && accepts[text[p - 1] ?? 0] === 1) p--;
  return p;
}

const bytesOf = (chars: string): ByteSet => setOf(...Buffer.from(chars, 'latin1'));
const space = bytesOf(' \t\n\r');
const quote = bytesOf('"\'`\\');
const quoteOrSpace = unionSet(space, quote);
const closing = unionSet(quoteOrSpace, bytesOf(']>?'));
const separatorSign = bytesOf('=:>-+');
const prefixEnd = bytesOf(' =:(>,');
const letter = unionSet(rangeSet(0x41, 0x5a), rangeSet(0x61, 0x7a));
const nameChar = unionSet(wordSet, bytesOf('$.-'));

function endsLine({ text, end }: Candidate): boolean {
  const next = text[end];
  return next === undefined || next === 0x0a || next === 0x0d || next === 0x5c;
}

export const nameChecks: readonly Check[] = [
  {
    name: 'secret-name',
    about: 'the name it is assigned to says secret, and not something about one',
    back: nameReach,
    test: (candidate) => secretName.test(assignmentOf(candidate)?.name ?? ''),
  },
  {
    name: 'strong-for-name',
    about: 'it is as strong as a value of such a name is',
    back: nameReach,
    test: (candidate) => {
      const { value } = candidate;
      if (passwordName.test(assignmentOf(candidate)?.name ?? '')) return /[^a-z]/.test(value) && entropyOf(value) >= 2;
      return isRandom(value) || (value.length >= 16 && /\d/.test(value) && entropyOf(value) >= 3);
    },
  },
  {
    name: 'bare-assignment',
    about: 'without quotes, it stands where configuration has a value and not where a program has a name',
    back: nameReach,
    ahead: 1,
    test: (candidate) => {
      const { value } = candidate;
      const found = assignmentOf(candidate);
      if (found === undefined) return false;
      if (/[[.(]/.test(String.fromCharCode(candidate.text[candidate.end] ?? 0x20))) return false;
      if (!/^[A-Za-z_$][\w$.]*$/.test(value) || isRandom(value)) return true;
      // An identifier: a value only where the name is one of the environment, or where a line of YAML ends.
      if (found.separator === '=') return !found.isSpaced && /^[A-Z][A-Z0-9_]*$/.test(found.name);
      return found.separator === ':' && /\d/.test(value) && endsLine(candidate) && passwordName.test(found.name);
    },
  },
];
