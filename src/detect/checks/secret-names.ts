/** Checks of the name that a value is assigned to: whether it says secret, and what value such a name needs. */
import { latin1 } from '../../core/bytes.ts';
import { entropyOf } from '../entropy.ts';
import { assignmentOf, nameReach, type Assignment } from './assignment.ts';
import type { Candidate, Check } from './check.ts';
import { isPeopleSecret, isPlainPassword, isPlainWords, isShortPassword, isWordyPassword } from './passwords.ts';
import { isIdentifier } from './identifiers.ts';
import { isFullOfSigns, isRandom, isStrong } from './randomness.ts';
import { isWords } from './words.ts';

/** What a name promises: a password may be short; a secret was generated; a key may also be that of a table. */
type Pledge = 'password' | 'secret' | 'key';

/**
 * What may follow without making the name one of something else (`password1`, `API_KEY_PROD`). Digits are taken all at
 * once: in groups they could be divided in more ways than there is time for.
 */
const suffix =
  /(?:_?(?:(?<!\d)\d+(?!\d)|value|val|text|txt|plain|raw|string|str|env|prod|production|dev|test|stage|staging|qa|old|new|live|default|root|admin|user|db|base64|b64|primary|secondary|main))+$/;

const passwordName =
  /(?:passw(?:or)?d|passphrase|passcode|passwort|(?:^|_)(?:smtp|mail|db|ftp|ssh|root|admin|user|store|key|login|imap|ldap|proxy)?pass|pwd|(?:^|_)psk|(?:^|_)pw)s?$/;
const secretName =
  /(?:secrete?|(?:^|_)pepper|(?:^|_)(?:auth|logged_in|nonce|password|session|cookie|crypto|hash|encryption)_salt|token|credential|cred|(?:^|_)pat|(?:^|_)auth|key_?base|(?:api|access|auth|private|encryption|encrypt|decryption|signing|signature|master|account|app|application|storage|service|cookie|session|jwt|hmac|webhook|crypto|security|shared|consumer|client|customer|license|secret|admin|deploy|write|root|server)_?key|api_?code)s?$/;
/** Words that stand beside a strong value: any key, and in notes and logs `access 7f3…`. */
const labelName = /(?:key|access|private)$/;

/** Names that end like a secret's and are of something that everybody may see, or of no value at all. */
const publicName =
  /(?:^|_)(?:public|publishable|pub|web_?socket|resource|csrf|xsrf|next|prev|previous|page|paging|pagination|continuation|resume|cancel|cancellation|abort|syntax|lexer|parser|sync|design|num|max|min|first|last|eos|bos|pad|unk|mask|primary|foreign|cache|partition|sort|row|column|col|index|map|object|obj|hash|range|group|shard|routing|route|i18n|translation|locale|lookup|dedupe|idempotency|unique|composite|natural|surrogate|react|query|local|registry|hot|shortcut|arrow|bucket|blob|s3|file|image|asset|data|item|node|tree|dict|enum|field|prop|property|state|event|sequence|order)_?(?:key|token)s?$/;
/** Words that say secret in the midst of a name (`password_for_prod`), */
const mention = /(?:passw(?:or)?d|passwd|(?:^|_)pass|pwd|secret|token|api_?key)e?(?:_[a-z\d]+)+$/;
/** and words behind them that make it the name of something about one. */
const aboutOne =
  /_(?:length|len|min|max|fields?|hash|hashed|type|types|name|names|url|uri|path|paths|file|files|folder|dir|ids?|policy|reset|label|hint|input|expir\w*|counts?|regex|pattern|prompt|error|errors|message|msg|param|params|version|arn|ref|status|state|class|provider|endpoint|address|format|kind|scope|scopes|index|limit|size|ttl|timeout|time|date|at|salt|digest|algorithm|prefix|suffix|header|manager|store|vault|var|rule|rules|list|map|set|stream|parser|response|request|result|info|data|object|options|config|settings|schema|model|service|client|handler|factory|builder|source|target|text|symbol|node|range|position|start|end|offset|key|public|namespace)(?:_|$)/;
/** Names of digests, which are long and random and no secrets. */
const digestName = /sha_?\d|md5|digest|checksum|integrity|fingerprint|commit|revision|etag|hash(?!_salt)/;

/** A name in lower case, its words joined by underscores: `APIKey`, `api-key` and `api.key` are one. */
function normalise(name: string): string {
  if (/^[a-z\d_]*$/.test(name)) return name;
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[-.$ ]+/g, '_')
    .toLowerCase();
}

function pledgeOf(name: string): Pledge | undefined {
  const bare = name.replace(suffix, '') || name;
  if (passwordName.test(bare)) return 'password';
  if (publicName.test(bare)) return undefined;
  if (secretName.test(bare)) return 'secret';
  if (labelName.test(bare)) return 'key';
  return mention.test(bare) && !aboutOne.test(bare) ? 'key' : undefined;
}

/** Whether a name says by itself that what bears it is a password or was generated as a secret. */
export function isNameOfSecret(name: string): boolean {
  const plain = normalise(name);
  const pledge = digestName.test(plain) ? undefined : pledgeOf(plain);
  return pledge === 'password' || pledge === 'secret';
}

/** What names promise, as far as they were asked about lately: programs and lists repeat a few of them all over. */
const pledges = new Map<string, Pledge | 'none'>();
const mostPledges = 256;

/** What the name of an assignment promises of its value. */
function pledgeOfAssignment(assignment: Assignment): Pledge | undefined {
  const { name, qualifier, tie } = assignment;
  const key = `${tie === 'beside' ? ' ' : ''}${qualifier} ${name}`;
  let pledge = pledges.get(key);
  if (pledge === undefined) {
    if (pledges.size === mostPledges) pledges.clear();
    pledges.set(key, (pledge = pledgeOfName(assignment) ?? 'none'));
  }
  return pledge === 'none' ? undefined : pledge;
}

function pledgeOfName({ name, qualifier, tie }: Assignment): Pledge | undefined {
  const own = normalise(name);
  const whole = qualifier === '' ? own : `${normalise(qualifier)}_${own}`;
  if (digestName.test(tie === 'beside' ? whole : own)) return undefined;
  const pledge = pledgeOf(own);
  if (pledge === undefined || pledge === 'password' || qualifier === '') return pledge;
  return pledgeOf(whole);
}

/** A digest that says so, and numbers, versions, dates, ports. */
const digestForm = /^(?:sha(?:1|256|384|512)|md5|h1)[-:/]|^[\d.:_/-]+$|^0x[\da-f]{1,16}$|^\d{1,5}\/(?:tcp|udp|sctp)$/i;
/** The name of an OpenPGP key: 40 digits of its fingerprint, or the last 16 or 8 of them (RFC 9580, 5.5.4). */
const openPgpName = /^(?:0x)?(?:[\dA-F]{8}|[\dA-F]{16}|[\dA-F]{40})$/;
/** How DER of a public key begins in base64 (RFC 5280, 4.1.2.7: RSA, elliptic curves, Ed25519), and one of SSH (RFC 4253, 6.6). */
const publicKey =
  /^(?:MI(?:IB|IC|Gf|Hw)[A-Za-z\d+/]{1,3}(?:ANBgkqhkiG9w0BAQEFAA|0GCSqGSIb3DQEBAQUAA)|M(?:FkwEwYHKoZIzj0CAQ|HYwEAYHKoZIzj0CAQ|IGbMBAGByqGSM49AgE|CowBQYDK2V[uw])|AAAA(?:B3NzaC1|C3NzaC1|E2VjZHNh))/;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether a name is that of one thing's secret and not just `token` or `key`. */
function isQualified({ name, qualifier }: Assignment): boolean {
  return qualifier !== '' || !/^(?:token|key|auth)$/i.test(name);
}

/** Whether it is a test that passed: `PASS: parses a date`. */
function isTestResult({ name, separator, isSpaced, isQuoted }: Assignment): boolean {
  return name === 'PASS' && separator === ':' && isSpaced && !isQuoted;
}

/** Whether the word is as likely what one does: `pass "x" to it`. */
function isVerb({ name, tie, separator }: Assignment): boolean {
  return /^pass$/i.test(name) && (tie === 'beside' || separator === 'is');
}

/** Whether a value names a key that signs and is none, as OpenPGP's keys are named. */
function isNameOfKey({ name, qualifier }: Assignment, pledge: Pledge | undefined, value: string): boolean {
  const isOfSigner = /sign|pgp|gpg|release|maintainer/i.test(`${qualifier} ${name}`);
  if (isOfSigner && openPgpName.test(value.toUpperCase())) return pledge !== 'password';
  return pledge === 'key' && openPgpName.test(value);
}

/** Whether a name asks for a secret that people may make up, and the value is one: `session_secret: 'quietPlum42'`. */
function isSecretOfPeople({ name, tie }: Assignment, value: string): boolean {
  return tie === 'assigned' && /(?:secret|pepper|key_base|secret_key)$/.test(normalise(name)) && isPeopleSecret(value);
}

/** A shorter value may be a password and nothing else. */
const leastSecret = 8;

/** Whether a value is as strong as its name needs. */
function isStrongFor(assignment: Assignment, value: string): boolean {
  const pledge = pledgeOfAssignment(assignment);
  // Nothing that follows takes such a value for anything but a password; most are those of program text.
  if (pledge !== 'password' && (value.length < leastSecret || /^[a-z]+$/.test(value))) return false;
  if (digestForm.test(value) || publicKey.test(value) || !/[A-Za-z\d]/.test(value)) return false;
  // Text in a script whose words have no letters of ours; a range of versions.
  if (pledge !== 'password' && /[\x80-\xff]{6}/.test(value)) return false;
  if (/^[~^<>=v]{0,2}\d+(?:\.\d+)+(?:-[a-z]+[\d.]*)?$/.test(value)) return false;
  if (isTestResult(assignment) || isNameOfKey(assignment, pledge, value)) return false;
  if (uuid.test(value)) return pledge !== undefined && isQualified(assignment);
  if (isVerb(assignment)) return isStrong(value);
  if (assignment.tie === 'beside' && !(pledge === 'password' && assignment.isQuoted))
    return isStrong(value) || (assignment.isQuoted && isFullOfSigns(value));
  // Behind a password, calls are given the names of methods: `importKey(password, 'PBKDF2')`.
  if (pledge === 'password' && assignment.tie === 'argument' && !/[a-z]/.test(value)) return isStrong(value);
  if (pledge === 'password') return /[^a-z]/.test(value) && entropyOf(value) >= 2;
  if (isFullOfSigns(value)) return true;
  if (pledge === 'key')
    return isStrong(value) || (isQualified(assignment) && isRandom(value) && /(?:\d.*){3}/.test(value));
  if (isRandom(value) || isStrong(value) || isSecretOfPeople(assignment, value)) return true;
  // Some services give keys of eight hexadecimal digits.
  if (isApiKeyWithValue(assignment) && /^(?=.*\d.*\d)(?=.*[a-f].*[a-f])[\da-f]{8}$/.test(value)) return true;
  // In the environment, what is assigned to such a name is the secret, strong or not.
  const isVariable = assignment.separator === '=' && !assignment.isSpaced && /^[A-Z][A-Z\d_]*$/.test(assignment.name);
  return /\d/.test(value) && ((value.length >= 16 && entropyOf(value) >= 3) || (isVariable && value.length >= 8));
}

function isApiKeyWithValue({ name, separator, isSpaced, isQuoted }: Assignment): boolean {
  return (isQuoted || (separator === '=' && !isSpaced)) && /api_?key$/.test(normalise(name));
}

function endsLine({ text, end }: Candidate): boolean {
  const next = text[end];
  if (next === undefined || next === 0x0a || next === 0x0d || next === 0x5c) return true;
  // A note behind it, in brackets or as a comment.
  return next === 0x20 && (text[end + 1] === 0x28 || text[end + 1] === 0x23);
}

/**
 * Whether a word with a number in it is the password of a property file, a query or a log line: `db.password=crow42x`.
 * With blanks around the sign only below the heading of a section, since programs assign variables so.
 */
function isProperty({ text, start, end, value }: Candidate, assignment: Assignment): boolean {
  if (value.length < 8 || !/\d/.test(value) || pledgeOfAssignment(assignment) !== 'password') return false;
  const next = text[end];
  if (next !== undefined && !' \t\n\r&"\'\\'.includes(String.fromCharCode(next))) return false;
  if (!assignment.isSpaced) return true;
  return endsLine({ text, start, end, value }) && isBelowSection({ text, start });
}

/** Whether the lines above begin with the heading of a section. */
function isBelowSection({ text, start }: Pick<Candidate, 'text' | 'start'>): boolean {
  return /(?:^|\n)[ \t]*\[[\w .:-]+\][ \t]*\r?\n/.test(before(text, start));
}

/** What stands before a value. */
function before(text: Uint8Array, start: number): string {
  const from = Math.max(0, start - nameReach);
  return latin1(text, from, start);
}

/** Whether it is the end of the name of a resource: `arn:aws:secretsmanager:…:secret:name`. */
function isInArn({ text, start }: Candidate): boolean {
  return /\barn:[\w:.-]*$/.test(before(text, start));
}

/** Whether a bare word is as likely a variable or a type: `password = given`, `(password=given)`, `password: text`. */
function isVariableOrType(candidate: Candidate, { isQuoted, isSpaced, separator, name }: Assignment): boolean {
  if (isQuoted || !/^[a-z]+$/.test(candidate.value) || /^[A-Z][A-Z\d_]*$/.test(name)) return false;
  if (separator === '=') return isSpaced ? !isBelowSection(candidate) : !beginsLineOrQuery(candidate);
  return separator === ':' && !isBelowSetting(candidate);
}

/**
 * The line of a setting that passwords stand below in YAML: a user, a host, a database, whose value ends the line and
 * is no type, as the members of a structure have them.
 */
const settingAbove =
  /(?:^|\n)[ \t]*(?:- )?(?:[\w.-]*[._-])?(?:user|username|login|account|email|mail|host|hostname|server|url|port|database|db|dbname|schema|driver)["']?:[ \t]+(?!(?:string|str|text|int|number|char|any|bool|long|short|varchar|optional)\b)[^\s,;(){}<>|]+[ \t]*\r?\n[ \t]*[\w.-]*:[ \t]*$/i;

/** Whether it stands on the line below such a setting. */
function isBelowSetting({ text, start }: Candidate): boolean {
  return settingAbove.test(before(text, start));
}

/** What stands before the assignments of lists, comments, diffs and numbered lines, and before flags and parameters. */
const lineOpening = /(?:(?:^|\n)(?:[+#>;]{0,2} ?|\s*- |\s*\d{1,6}(?:\t|: ?| ?\| ?)\s*)|[?&;]|--)[\w.-]+=$/;

/** Whether a line, the parameter of a query or a flag begins with the assignment: arguments of calls stand further in. */
function beginsLineOrQuery({ text, start }: Candidate): boolean {
  return lineOpening.test(before(text, start));
}

/** Whether a call, an index or a member follows; a full stop that ends a sentence is none of them. */
function goesOn({ text, end }: Candidate): boolean {
  const next = String.fromCharCode(text[end] ?? 0x20);
  return /[[(]/.test(next) || (next === '.' && /[\w$]/.test(String.fromCharCode(text[end + 1] ?? 0x20)));
}

export const nameChecks: readonly Check[] = [
  {
    name: 'secret-name',
    about: 'the name it is assigned to says secret, and not something about one',
    back: nameReach,
    test: (candidate) => pledgeOfAssignment(assignmentOf(candidate)) !== undefined,
  },
  {
    name: 'strong-for-name',
    about: 'it is as strong as a value of such a name is',
    back: nameReach,
    test: (candidate) => isStrongFor(assignmentOf(candidate), candidate.value),
  },
  {
    name: 'not-words-for-name',
    about: 'it is not only words, or it is a password and has a number in it',
    back: nameReach,
    test: (candidate) => {
      const assignment = assignmentOf(candidate);
      // Names stand in lists and tables of names, and with underscores hardly ever for a password.
      const isName = isIdentifier(candidate.value);
      const isPhrase = candidate.value.includes('-') && isWordyPassword(candidate.value);
      if (isName && !isPhrase && (assignment.tie === 'argument' || candidate.value.includes('_'))) return false;
      if (!isWords(candidate.value) && !isName) return true;
      if (isSecretOfPeople(assignment, candidate.value)) return true;
      const isPassword = assignment.tie !== 'beside' && pledgeOfAssignment(assignment) === 'password';
      return isPassword && isWordyPassword(candidate.value);
    },
  },
  {
    name: 'not-plain-words',
    about: 'it is not only words, unless it is one with a number behind as passwords are',
    test: ({ value }) => !isPlainWords(value),
  },
  {
    name: 'people-password',
    about: 'it is a number, a passphrase, or words that programs do not put there',
    test: ({ value }) => isPlainPassword(value),
  },
  {
    name: 'short-password',
    about: 'its name says password, and it is a short word or number that programs do not put there',
    back: nameReach,
    test: (candidate) => {
      if (!isShortPassword(candidate.value)) return false;
      const assignment = assignmentOf(candidate);
      return pledgeOfAssignment(assignment) === 'password' && !isTestResult(assignment) && !isVerb(assignment);
    },
  },
  {
    name: 'plain-password',
    about: 'its name says password, and it is a number, a passphrase, or words that programs do not put there',
    back: nameReach,
    test: (candidate) => {
      if (!isPlainPassword(candidate.value)) return false;
      const assignment = assignmentOf(candidate);
      if (pledgeOfAssignment(assignment) !== 'password' || isTestResult(assignment)) return false;
      return !isVariableOrType(candidate, assignment);
    },
  },
  {
    name: 'bare-assignment',
    about: 'without quotes, it stands where configuration has a value and not where a program has a name',
    back: nameReach,
    ahead: 2,
    test: (candidate) => {
      const { value } = candidate;
      const found = assignmentOf(candidate);
      if (found.name === '' || found.isQuoted || isInArn(candidate)) return false;
      // The host behind `<user>:<password>`.
      if (found.separator === '>' && value.startsWith('@')) return false;
      if (goesOn(candidate)) return false;
      if (!/^[A-Za-z_$][\w$.]*$/.test(value) || isRandom(value) || isStrong(value)) return true;
      // An identifier: a value only where the name is one of the environment, or where a line of YAML ends.
      if (found.separator === '=' && isProperty(candidate, found)) return true;
      if (found.separator === 'is') return isWordyPassword(value) && pledgeOfAssignment(found) === 'password';
      if (found.separator === '=') return !found.isSpaced && /^[A-Z][A-Z0-9_]*$/.test(found.name);
      return (
        found.separator === ':' && /\d/.test(value) && endsLine(candidate) && pledgeOfAssignment(found) === 'password'
      );
    },
  },
];
