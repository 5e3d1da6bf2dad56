/** Checks that tell a secret from a placeholder, an identifier or a piece of code. */
import { isIdentifier, isNamedPath } from './identifiers.ts';
import { isPlaceholder, isRepeated, isSequence, isTemplate } from './placeholders.ts';
import { isNameOfPassword } from './passwords.ts';
import { isFullOfSigns, isRandom, isStrong } from './randomness.ts';
import { isDrawn, wordOdds } from './word-odds.ts';
import { isWords } from './words.ts';
import { latin1 } from '../../core/bytes.ts';
import { setOf } from '../regex/syntax.ts';
import type { Candidate, Check } from './check.ts';

/** Passwords of development set-ups and of documentation. */
const defaultPasswords = new Set(
  (
    'password passwd pass pwd pw secret user username root admin administrator test tests testing guest postgres mysql ' +
    'mongo redis rabbitmq guest foo bar baz qux demo docker local localhost abc xyz 123 def user1 pass1 dev development p@ssw0rd passw0rd 1234 12345 ' +
    '123456 12345678 123456789 letmein welcome qwerty abc123 token key xxx yyy zzz anonymous@ -anonymous@ guest@ ' +
    'kennwort passwort wachtwoord motdepasse senha parola contrasena haslo anoncvs notasecret'
  )
    .split(' ')
    .concat('keyboard cat'),
);

/** The value without the prefix that names its kind, so that a patterned body shows. */
function bodyOf(value: string): string {
  const cut = Math.max(value.lastIndexOf('_'), value.lastIndexOf('-'), value.lastIndexOf('.'));
  return cut >= 0 && cut < value.length / 2 ? value.slice(cut + 1) : value;
}

/** How far behind a value its host is read. */
const hostReach = 80;

/**
 * Whether what stands before it, as in `//app:app@host`, is the same text, and the host is none that others reach: there
 * it is the password of the user, though an idle one.
 */
function isUserName({ text, start, end, value }: Candidate): boolean {
  const from = start - 1 - value.length;
  if (value.length > 200 || from < 1 || text[start - 1] !== 0x3a || text[from - 1] !== 0x2f) return false;
  if (!Array.from(value).every((char, i) => text[from + i] === char.charCodeAt(0))) return false;
  return !isRemoteHost(latin1(text, end, Math.min(text.length, end + hostReach)));
}

/** Hosts under domains that are kept for examples and for networks of one's own (RFC 2606, RFC 6762, RFC 8375). */
const ownDomain = /(?:^|\.)(?:example(?:\.[a-z]+)?|test|local|localhost|localdomain|internal|invalid|lan|arpa)$/i;
/** Addresses of this host and of networks of one's own (RFC 1122, RFC 1918, RFC 3927). */
const ownAddress = /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;

/** Whether a URL goes on with a host that others reach: one of at least two labels, or an address. */
function isRemoteHost(rest: string): boolean {
  const address = /^@(\d{1,3}(?:\.\d{1,3}){3})(?![\w.-])/.exec(rest)?.[1];
  if (address !== undefined) return !ownAddress.test(address);
  const host = /^@((?:[a-z\d-]+\.)+[a-z]{2,})(?![\w.-])/i.exec(rest)?.[1];
  return host !== undefined && !ownDomain.test(host);
}

/** Whether a text closes as many brackets as it opens. */
function isBalanced(text: string): boolean {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return count(/\(/g) === count(/\)/g) && count(/\[/g) === count(/\]/g);
}

const isQuote = setOf(0x22, 0x27, 0x60, 0x5c);

/** Whether parts joined by full stops are those of a token and not members: in one of them a run looks drawn at random. */
function isDottedToken(value: string): boolean {
  return /^[\w.]+$/.test(value) && value.split(/[._]/).some((run) => run.length >= 16 && isRandom(run));
}

/** A constant as programs name it: `_POLY1305_KEY_SIZE`. */
function isConstant(value: string): boolean {
  const name = value.replace(/:$/, '');
  return /^_?[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.test(name) && name.split('_').every((part) => part.length <= 12);
}

/** A name with its value, as what is passed on is called: `SYSTEM_ZLIB=yes`, `spec=True`, `input[type=`. */
function isAssigned(value: string): boolean {
  const [name = '', assigned = ''] = value.split('=', 2);
  if (/^[a-z]+\[[a-z-]+[~^$*|]?$/.test(name)) return value.includes('=');
  return /^[\w.-]{1,16}$/.test(assigned) && value.length === name.length + 1 + assigned.length && isNameOnly(name);
}

function isNameOnly(name: string): boolean {
  return /^[A-Za-z_][\w-]*$/.test(name) && (isWords(name) || isIdentifier(name));
}

/** What stands between two strings where one that is empty was taken for an opening quote: `,hostname:`, `].join(`. */
function isBetweenStrings(value: string): boolean {
  if (/^[+&.][\w$.]+[[(]$/.test(value)) return true;
  return /^[)\]}]*[,:;+&|?.]+[\s\w$.()=&|?:+-]*[:+(,]$/.test(value) || /^[)\]]+[.:,;?&|][\w$.]+\(/.test(value);
}

/** Words between bars: three and more to choose from, or rules with what they are given, as forms are validated by: `required|min:6`. */
function isChoice(value: string): boolean {
  if (/^[a-z_]\w*(?:\|[a-z_]\w*){2,}$/i.test(value)) return true;
  return /^[a-z_]{3,20}(?::[\w,.]{1,30})?(?:\|[a-z_]{2,24}(?::[\w,.]{1,30})?)+$/.test(value);
}

/** Program text in the place of a value: calls, member access, types, paths, flags. */
function isCode({ text, start, end, value: whole }: Candidate): boolean {
  const next = text[end];
  const isQuoted = isQuote[text[start - 1] ?? 0] === 1 && isQuote[next ?? 0] === 1;
  const value = isQuoted ? whole : whole.replace(/[,)]+$/, '');
  const isMember = next === 0x2e && /[\w$]/.test(String.fromCharCode(text[end + 1] ?? 0x20));
  if (next === 0x28 || (isMember && /^[A-Za-z_$][\w$]*$/.test(value))) return true;
  if (/^[!&*~+-]{0,3}[A-Za-z_$][\w$]*(?:(?:\?\.|\.|::|->)(?:[A-Za-z_$][\w$]*|\*))+(?:[([].*|[:;])?$/.test(value))
    return !isDottedToken(value);
  // Two members and an operator, as minified programs have them.
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*){2}[<>=!?&|+,]/.test(value)) return true;
  if (!isQuoted && isConstant(value)) return true;
  if (/^[A-Za-z_$][\w$.:]*[([]/.test(value) && isBalanced(value)) return true;
  if (/[)\]]$/.test(whole) && isBalanced(whole)) return true;
  // A call whose arguments stand behind.
  if (/^[A-Za-z_$][\w$.:>-]*\($/.test(whole)) return true;
  // A tag of YAML: `!vault`, `!secret`; what an equals sign stands before is none.
  if (!isQuoted && text[start - 1] !== 0x3d && /^!{1,2}[a-z][\w-]*$/.test(value)) return true;
  // A choice between two, and a flag of a command.
  if (/^[A-Za-z_$][\w$.]*\?[\w$.]+:[\w$.+-]+$/.test(value)) return true;
  if (/^(?:--?[a-z]+(?:-[a-z\d]+)*(?:=.*)?|-D[A-Z][\w.-]*(?:=.*)?)$/i.test(value)) return true;
  if (isAssigned(value) || isBetweenStrings(value)) return true;
  // A substitution of sed, a choice of words, a link within a page, a line of /etc/passwd.
  if (/^s([/|#,])[^\s]*\1[^\s]*\1[gi]{0,2}$/.test(value) || isChoice(value)) return true;
  if ((text[start - 1] === 0x28 && value.startsWith('#')) || /^[\w.-]+:[x*!]{0,2}:\d+:/.test(value)) return true;
  if (!isQuoted && value.endsWith(';')) return true;
  // The character classes and groups of a regular expression.
  if (/\[\^?[^\]]*(?:a-z|A-Z|0-9|\\[wds])[^\]]*\]|\(\?[:=!<]|^\/\^|\$\/$/.test(value)) return true;
  if (isNamedPath(value)) return true;
  if (/^(?:\.{0,2}|~)\/[\w./@-]*$/.test(value) || /^[A-Za-z]:\\/.test(value)) return true;
  if (/^(?:[a-z][a-z0-9+.-]{1,30}:\/\/|(?:urn|arn|data|vault|secret|op|env|file|ref|kms|sm|ssm):)/i.test(value))
    return true;
  return /^[\w.-]+\.(?:js|ts|jsx|tsx|py|go|rs|java|json|ya?ml|toml|md|txt|pem|key|crt|html|css|sh|env|lock|png|svg)$/i.test(
    value,
  );
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Digests and identifiers that are no secrets: UUIDs, SRI hashes, hex of a digest's exact length. */
function isDigest({ value }: Candidate): boolean {
  if (/^(?:sha(?:1|256|384|512)|md5|h1)[-:]/i.test(value)) return true;
  return uuid.test(value) || /^[\d.:_/-]+$/.test(value);
}

export const plausibilityChecks: readonly Check[] = [
  {
    name: 'not-port',
    about: 'it does not begin with the port of a host and what parts it from parameters',
    test: ({ value }) => !/^\d{1,5}[;,?]/.test(value),
  },
  {
    name: 'not-name-of-one',
    about: 'it is no word that says what belongs there, nor one that stands in the place of a password',
    test: ({ value }) => !isNameOfPassword(value),
  },
  {
    name: 'not-placeholder',
    about: 'it is no placeholder, interpolation, repetition or sequence',
    test: (candidate) => !isPlaceholder(candidate),
  },
  {
    name: 'not-template',
    about: 'nothing else is to be put in its place: it is no interpolation, repetition or sequence',
    test: (candidate) => !isTemplate(candidate),
  },
  {
    name: 'not-patterned',
    about: 'the body after its prefix is no repetition or sequence and names no example',
    test: ({ value }) => {
      const body = bodyOf(value);
      return !isRepeated(body) && !isSequence(body) && !/x{6}|X{6}|\*{4}|\.{4}/.test(body);
    },
  },
  {
    name: 'not-code',
    about: 'it is no call, member access, path, URL or file name',
    back: 1,
    ahead: 2,
    test: (candidate) => !isCode(candidate),
  },
  {
    name: 'whole-base64',
    about: 'no further character of base64 follows',
    ahead: 1,
    test: ({ text, end }) => end >= text.length || !/[A-Za-z0-9+/=]/.test(String.fromCharCode(text[end] ?? 0)),
  },
  {
    name: 'not-in-base64',
    about: 'it is no stretch of longer base64: no plus sign stands before it, and neither that nor a slash behind it',
    back: 1,
    ahead: 1,
    test: ({ text, start, end }) => text[start - 1] !== 0x2b && text[end] !== 0x2b && text[end] !== 0x2f,
  },
  {
    name: 'not-words',
    about: 'it is not only words or an identifier made of them',
    test: ({ value }) => !isWords(value),
  },
  {
    name: 'not-digest',
    about: 'it is no digest, UUID or number',
    test: (candidate) => !isDigest(candidate),
  },
  {
    name: 'not-example',
    about: 'it does not end as published examples do',
    test: ({ value }) => !/EXAMPLE(?:KEY)?$/.test(value),
  },
  {
    name: 'not-default',
    about: 'it is no password that everybody uses, nor the name of its own user',
    back: 256,
    test: (candidate) => !defaultPasswords.has(candidate.value.toLowerCase()) && !isUserName(candidate),
  },
  {
    name: 'hardly-words',
    about: 'its letters are more likely drawn at random than those of words',
    test: ({ value }) => wordOdds(value) < 0,
  },
  {
    name: 'mixed-case',
    about: 'it holds lower case, upper case, and digits unless its letters are drawn at random',
    test: ({ value }) => /[a-z]/.test(value) && /[A-Z]/.test(value) && (/\d/.test(value) || isDrawn(value)),
  },
  {
    name: 'mixed',
    about: 'it mixes letters with digits or signs, unless they are drawn at random',
    test: ({ value }) => /[A-Za-z]/.test(value) && (/[^A-Za-z]/.test(value) || isDrawn(value)),
  },
  {
    name: 'has-digit-or-sign',
    about: 'it holds a digit or a sign that passwords have',
    test: ({ value }) => /[\d!@#%^&*+=?~]/.test(value),
  },
  {
    name: 'random',
    about: 'its characters look drawn at random',
    test: ({ value }) => isRandom(value),
  },
  {
    name: 'strong',
    about: 'it is as strong as a generated key: at least 16 characters drawn at random, or hexadecimal',
    test: ({ value }) => isStrong(value),
  },
  {
    name: 'strong-or-uuid',
    about: 'it is as strong as a generated key, or a UUID',
    test: ({ value }) => isStrong(value) || uuid.test(value),
  },
  {
    name: 'full-of-signs',
    about: 'so many different signs stand in it that it can only be a password',
    test: ({ value }) => isFullOfSigns(value),
  },
  {
    name: 'secret-like',
    about: 'its characters look drawn at random, or it is full of signs as passwords are',
    test: ({ value }) => isRandom(value) || isStrong(value) || isFullOfSigns(value),
  },
  {
    name: 'not-public-prefix',
    about: 'its prefix does not say that it is public: pk_, pub_, publishable_',
    test: ({ value }) => !/^(?:pk|pub|public|publishable|publish)_/.test(value),
  },
  {
    name: 'token-ends',
    about: 'no letter, digit, hyphen or underscore follows',
    ahead: 1,
    test: ({ text, end }) => end >= text.length || !/[\w-]/.test(String.fromCharCode(text[end] ?? 0)),
  },
  {
    name: 'token-begins',
    about: 'no letter, digit or sign of a longer token stands before',
    back: 2,
    test: ({ text, start }) => {
      const before = String.fromCharCode(text[start - 1] ?? 0x20);
      const isEscape = text[start - 2] === 0x5c && /[nrt]/.test(before);
      return isEscape || !/[\w~.-]/.test(before);
    },
  },
  {
    name: 'token-stops',
    about: 'no letter, digit or sign of a longer token follows, but for what ends a sentence',
    ahead: 2,
    test: ({ text, end }) => {
      const next = String.fromCharCode(text[end] ?? 0x20, text[end + 1] ?? 0x20);
      return !/^(?:[\w~-]|\.[\w~-])/.test(next);
    },
  },
  {
    name: 'whole-token',
    about: 'no further character of a token follows',
    ahead: 1,
    test: ({ text, end }) => end >= text.length || !/[\w.-]/.test(String.fromCharCode(text[end] ?? 0)),
  },
];
