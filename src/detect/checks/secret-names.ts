/** Checks of the name that a value is assigned to: whether it says secret, and what value such a name needs. */
import { Buffer } from 'node:buffer';
import { entropyOf } from '../entropy.ts';
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
  const before = Buffer.from(text.buffer, text.byteOffset + from, start - from).toString('latin1');
  let at = skipBack(before, before.length, isQuoteOrSpace);
  const opening = before.slice(at);
  // A string's prefix: b"…", rb'…', f"…".
  if (/["'`]/.test(opening) && /[\s=:(>][A-Za-z]{1,2}$/.test(before.slice(Math.max(0, at - 3), at))) {
    at = skipBack(before, skipBack(before, at, isLetter), isQuoteOrSpace);
  }
  const afterSeparator = at;
  at = skipBack(before, at, isSeparator);
  const separator = before.slice(at, afterSeparator);
  if (separator === '' || separator.length > 3) return undefined;
  let { name, start: nameStart } = nameBefore(before, at);
  const beforeType = skipBack(before, nameStart, isSpace);
  if (separator.startsWith('=') && before[beforeType - 1] === ':') ({ name } = nameBefore(before, beforeType - 1));
  return { name, separator, isSpaced: /^\s/.test(before.slice(afterSeparator)) };
}

/** The word that ends before a position, past a closing quote or bracket. */
function nameBefore(before: string, at: number): { readonly name: string; readonly start: number } {
  const end = skipBack(before, at, (char) => isQuoteOrSpace(char) || char === ']' || char === '>' || char === '?');
  const start = skipBack(before, end, isNameChar);
  const name = before.slice(start, end);
  const isEscaped = before[start - 1] === '\\' && /^[nrt]/.test(name);
  return { name: isEscaped ? name.slice(1) : name, start };
}

function skipBack(text: string, at: number, accepts: (char: string) => boolean): number {
  let p = at;
  while (p > 0 && accepts(text[p - 1] ?? '')) p--;
  return p;
}

const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';
const isQuoteOrSpace = (char: string): boolean =>
  isSpace(char) || char === '"' || char === "'" || char === '`' || char === '\\';
const isSeparator = (char: string): boolean =>
  char === '=' || char === ':' || char === '>' || char === '-' || char === '+';
const isLetter = (char: string): boolean => /[A-Za-z]/.test(char);
const isNameChar = (char: string): boolean => /[\w$.-]/.test(char);

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
