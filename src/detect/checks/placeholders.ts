/** Tells what stands in the place of a value: interpolations of any language, words that ask for one, filled-in runs. */
import { Buffer } from 'node:buffer';
import type { Candidate } from './check.ts';
import { isPublished } from './published.ts';
import { remembered } from './remembered.ts';

/** Words of which placeholders are made, in documentation of any product. */
const placeholderWords =
  /change[-_ ]?(?:me|this|it)|example|sample|dummy|placeholder|redacted|your[-_ @]|my[-_ ]?(?:secret|password|token|key|api)|insert[-_ ]|replace|todo|fixme|not[-_ ]?(?:(?:a|my)[-_ ])?(?:real|set|secret)|fake|xxxx|\.\.\.|…|\*\*\*|(?:secret|password|token|key)[-_ ]?here|(?:^|[-_ ])(?:tu|su|sua|seu|votre|ton|dein|deine|ihr|ihre|tuo|tua|vostra|jouw)[-_ ](?:super[-_ ])?(?:clave|contrase|senha|chave|mot|passwor|kennwor|schl|api|token|secret|segreto|chiave|wachtwoord|sleutel|key)|^(?:null|none|nil|undefined|true|false|required|optional|enabled|disabled|empty|default|hidden|masked|string|number|boolean)$/i;

/** What a name inside an interpolation may be: `VAR`, `VAR:-default`, `env.VAR`, `secrets['x']`, `fn(x)`. */
const inner = String.raw`\s*[!\w.:/#@-]+(?:\[[^\]{}]*\]|\([^){}]*\))?[^{}\])(]*`;

/** Interpolation that may stand anywhere in a value, each with both its ends: shells, templates, format strings. */
const interpolation = new RegExp(
  [
    String.raw`\$\{${inner}\}`,
    String.raw`\$\{\{[^{}]*\}\}`,
    String.raw`\$\([^()]*\)`,
    String.raw`#\{${inner}\}`,
    String.raw`\{\{[^{}]*\}\}`,
    String.raw`\{%.*%\}`,
    String.raw`<%.*%>`,
    String.raw`%\(\w+\)[sdr]`,
    String.raw`__[A-Z][A-Z0-9_]+__`,
    String.raw`@@?[A-Z][A-Z0-9_]+@@?`,
    String.raw`^[\w./:@ -]*\{[A-Za-z_][\w.]*\}[\w./:@{} -]*$`,
    String.raw`<[A-Za-z][\w .:|/-]*>`,
    // A format string that is filled into a name or a path.
    String.raw`^[\w.:/-]*(?:%[sd]|\{\d\})[\w.:/%{}-]*$`,
    // A variable of a shell with a path or a query behind it: `$URL/v1`.
    String.raw`^\$[A-Z_][A-Z\d_]{2,}[/?]`,
    // An expression that CMake works out when it generates: `$<TARGET_FILE:name>`.
    String.raw`\$<[A-Z_]+:.*>`,
  ].join('|'),
);

/** Interpolation that takes the whole value: `$VAR`, `%VAR%`, `%s`, `:name`, `[name]`, `<name`, what a cut left open. */
const wholeInterpolation =
  /^(?:\$[A-Za-z_][\w.:-]*|#[A-Za-z_][\w.]*#|%[A-Za-z_]+%|%[sdvq@]|@[A-Za-z_][\w.]*|<[^>]*>?|\[[^\]]*\]?|:[a-z_]+|[$#][{(].*|\{\{.*|\{%.*|<%.*|\.{3,})$/;

export function isRepeated(value: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/s.test(value) && new Set(value).size <= 4;
}

const sequences = [
  '0123456789012345678901234567890',
  'abcdefghijklmnopqrstuvwxyz',
  '9876543210',
  'qwertyuiopasdfghjklzxcvbnm',
];

/** The longest alphabet of an encoding, with its signs and its padding. */
const maxAlphabet = 70;

/** Whether a value is the alphabet of an encoding: all letters in both cases and all digits. */
function isAlphabet(value: string): boolean {
  return (
    value.length <= maxAlphabet &&
    ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].every((run) => value.includes(run))
  );
}

/** Whether most of a value is a run of a known sequence. */
export function isSequence(value: string): boolean {
  if (isAlphabet(value)) return true;
  const lower = value.toLowerCase();
  return lower.length >= 6 && sequences.some((sequence) => lower.length <= sequence.length && sequence.includes(lower));
}

/** Words that stand for a secret, alone or joined, with a number or a sign behind: `secret123`, `myPassword!`. */
const standIn =
  /^(?:my|the|some|your|super|top|new|old|test|demo|user|admin|root|foo|bar|baz|abc|xyz|pass|password|passwd|pwd|secret|token|key|api|access|auth|client|private|value|string|hunter|valid|invalid|wrong|bad|good|correct|strong|weak|temp|hello|world|letme|in|[-_ .])+(?:\d{0,6}|[!@#$]{0,6})$/i;

/** The longest text that stands for a secret. */
const maxStandIn = 64;

/** A name that says what belongs there: `billing-db-password`, which is what the secret is called and not the secret. */
const nameOfOne = /^[a-z]+(?:[-_][a-z\d]+)*[-_](?:password|passwd|secret|token|api[-_]?key|credentials?)$/;

/** Whether a value only stands for one: as {@link isTemplate}, or a word such as `secret` with or without a number. */
export function isPlaceholder({ value }: Candidate): boolean {
  return standsForOne(value);
}

const standsForOne = remembered(
  (value: string): boolean => isStandIn(value) || isFilledIn(value) || isEncodedStandIn(value) || isPublished(value),
);

function isStandIn(value: string): boolean {
  return value.length <= maxStandIn && (standIn.test(value) || nameOfOne.test(value));
}

/** Whether it is base64 or percent-encoding of words that stand for a secret, or of a user with such: `dXNlcjpwYXNz`. */
function isEncodedStandIn(value: string): boolean {
  if (value.length > maxStandIn) return false;
  if (/%[\dA-F]{2}/i.test(value)) return isStandIn(value.replaceAll(/%[\dA-F]{2}/gi, '-'));
  if (value.length % 4 !== 0 || !/^[A-Za-z\d+/]{8,}={0,2}$/.test(value)) return false;
  const text = Buffer.from(value, 'base64').toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) && (placeholderWords.test(text) || isStandIn(text.slice(text.indexOf(':') + 1)));
}

/** Whether something else is to be put in a value's place: an interpolation, a word that asks for it, a filled-in run. */
export function isTemplate({ value }: Candidate): boolean {
  return isFilledIn(value);
}

function isFilledIn(value: string): boolean {
  if (placeholderWords.test(value) || interpolation.test(value) || wholeInterpolation.test(value)) return true;
  return isRepeated(value) || isSequence(value);
}
