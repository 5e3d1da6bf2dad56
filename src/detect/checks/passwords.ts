/** Passwords as people make them: words run together, passphrases, words with a number, numbers. */
import { isWords } from './words.ts';

/** What stands in the place of a password and is none: states, types, kinds of sign-in, the word for it in other languages. */
const saidInPlace = new Set(
  (
    'required optional disabled enabled encrypted protected plaintext cleartext plain hidden visible missing incorrect ' +
    'mismatch expired updated unchanged unknown boolean varchar nvarchar integer keychain keyring anonymous database ' +
    'localhost development production staging whatever something anything nothing everything confirmation registration ' +
    'management generator provider strategy sensitive masked redacted obscured confidential external internal ' +
    'interactive manual automatic inherited personal permanent temporary characters keyboard firebase kerberos windows ' +
    'integrated certificate publickey biometric fingerprint component function translate translated mandatory forgotten ' +
    'recovery reminder readonly readwrite generated random unset notset lozinka salasana kennwort wachtwoord ' +
    'adgangskode losenord katasandi parola contrasena contrasenya motdepasse jelszo aceptar undefined nullable different another matching mismatched identical'
  ).split(' '),
);

/** Short words that programs put in the place of a password and that are none. */
const shortWord = new Set(
  (
    'bool plain basic none null true false void text blank empty given from with this self data args show hide shown error invalid ' +
    'wrong right match valid local remote server client string prompt query body json form html xml yaml file path env ' +
    'secure strong weak long short first last next prev left right start stop open close read write send post get put ' +
    'delete update create insert select where root demo dev prod stage value values object array number integer bytes ' +
    'public private protected static final const function return import export default class method call back'
  ).split(' '),
);

/** Parts of words by which programs and their texts speak of passwords. */
const spokenOf =
  /pass|pwd|secret|token|cred|valid|login|logon|signin|user|admin|test|example|sample|dummy|crypt|hash|auth|string|field|input|label|text|type|value|name|null|change|reset|forgot|config|param|option|default|enter|your|here|field|form|submit|require|prompt/;

/** Words of sentences, which passphrases are not made of. */
const sentenceWord =
  /\b(?:the|an?|is|are|was|were|be|been|to|of|for|in|on|at|by|or|and|not|with|without|from|must|should|may|can|cannot|has|have|does|do|did|will|please|this|that|these|it|its|if|when|as|than|least|only|new|old|same|you|we|our|my|no)\b/;

/** Words that say what belongs in a place: `my_password`, `dbUser`, `email-pass`, `userPassword1`. */
const nameOfPassword =
  /^(?:(?:my|your|the|an?|new|old|test|db|data_?base|mysql|smtp|e?mail|gmail|user|name|app|login|account|server|host|wi_?fi|network|ssid|ssh|ftp|bot|session|jwt|flask|api|client|secret|access|auth)[-_ ]?)*(?:pass(?:word|wd|phrase|code)?|pwd|pw|secret|token|key|user(?:name)?|login|name)[-_ ]?\d{0,3}$/i;

/** Whether a value says what belongs in its place, or is one of the words that stand in the place of a password. */
export function isNameOfPassword(value: string): boolean {
  return nameOfPassword.test(value) || saidInPlace.has(value.toLowerCase());
}

/** The shortest of each kind that is taken for a password. */
const leastDigits = 6;
const leastWord = 8;
const leastPhrase = 14;

/** Whether a value is words with a number behind or within, as people make passwords: `quietPlum42`, `quiet-7-plum-walks`. */
export function isWordyPassword(value: string): boolean {
  if (/^[A-Za-z\d]+$/.test(value)) {
    return value.length >= leastWord && /[a-z]/.test(value) && (/\d{2}/.test(value) || isHumpedPhrase(value));
  }
  return isNumberedPhrase(value);
}

/**
 * Whether a value is a password of people where a secret is expected that is drawn as a rule: as {@link isWordyPassword},
 * with a sign behind or without, and of no words that programs speak of secrets by.
 */
export function isPeopleSecret(value: string): boolean {
  const bare = value.replace(/[!@#$%^&*?.]{1,3}$/, '');
  return /\d/.test(bare) && !bare.includes('_') && isWordyPassword(bare) && !spokenOf.test(bare.toLowerCase());
}

/** Whether it is three words and more, run together with a digit behind: `QuietPlumWalks7`. */
function isHumpedPhrase(value: string): boolean {
  return /^(?:[A-Z][a-z]{2,11}){3,}\d$/.test(value) && !spokenOf.test(value.toLowerCase());
}

/** Whether it is words of letters with a number among them, all joined alike: `quiet-plum-42-walks`. */
function isNumberedPhrase(value: string): boolean {
  if (value.length < leastPhrase || spokenOf.test(value.toLowerCase())) return false;
  const joint = /[-_. ]/.exec(value)?.[0] ?? '';
  const parts = value.split(joint);
  const words = parts.filter((part) => /^[A-Z]?[a-z]{3,11}$/.test(part));
  return words.length >= 2 && words.length === parts.length - 1 && parts.some((part) => /^\d{1,4}$/.test(part));
}

/** Whether a value is words or a number and nothing else, and yet a password where one is expected. */
export function isPlainPassword(value: string): boolean {
  if (/^\d+$/.test(value)) return value.length >= leastDigits;
  if (/^[a-z]+$/.test(value)) return value.length >= leastWord && !saidInPlace.has(value) && !spokenOf.test(value);
  if (value.length < leastPhrase || sentenceWord.test(value) || spokenOf.test(value)) return false;
  const words = value.split(/[ _.-]/);
  return words.length >= 3 && words.every((word) => /^[a-z]{3,12}$/.test(word));
}

/**
 * Whether it is a short word or number: a password only beside the settings of a connection, since programs and their
 * tests give such words to anything.
 */
export function isShortPassword(value: string): boolean {
  if (!/^(?:[a-z]{4,7}|[a-z]{2,6}\d{1,4}|\d{5,6})$/.test(value)) return false;
  const word = value.replace(/\d+$/, '');
  return !saidInPlace.has(word) && !shortWord.has(word) && !spokenOf.test(word);
}

/** Whether a value is only words, and no password made of a word and a number. */
export function isPlainWords(value: string): boolean {
  return isWords(value) && !isWordyPassword(value);
}
