/** Checks that tell a secret from a placeholder, an identifier or a piece of code. */
import { entropyOf } from '../entropy.ts';
import type { Candidate, Check } from './check.ts';

/** Words of which placeholders are made, in documentation of any product. */
const placeholderWords =
  /change[-_ ]?(?:me|this|it)|example|sample|dummy|placeholder|redacted|your[-_ ]|my[-_ ]?(?:secret|password|token|key|api)|insert[-_ ]|replace|todo|fixme|not[-_ ]?(?:a[-_ ])?(?:real|set|secret)|fake|xxxx|\.\.\.|…|\*\*\*|<[^>]{1,40}>|(?:secret|password|token|key)[-_ ]?here|^(?:null|none|nil|undefined|true|false|required|optional|enabled|disabled|empty|default|hidden|masked|string|number|boolean)$/i;

/** Interpolation in shells, templates, format strings and configuration languages. */
const interpolation =
  /\$\{|\$\(|\{\{|\}\}|<%|%>|%\(|^%[A-Za-z_]+%$|^%[sdv]$|#\{|^\$[A-Za-z_]|^\{[A-Za-z_][\w.]*\}$|^@[A-Za-z_]|^<[^>]*>?$|^\[[^\]]*\]?$|^:[a-z_]+$/;

function isRepeated(value: string): boolean {
  return /^(.{1,4}?)\1+.{0,3}$/s.test(value) && new Set(value).size <= 4;
}

const sequences = [
  '0123456789012345678901234567890',
  'abcdefghijklmnopqrstuvwxyz',
  '9876543210',
  'qwertyuiopasdfghjklzxcvbnm',
];

/** Whether most of a value is a run of a known sequence. */
function isSequence(value: string): boolean {
  const lower = value.toLowerCase();
  return lower.length >= 6 && sequences.some((sequence) => lower.length <= sequence.length && sequence.includes(lower));
}

/** Passwords of development set-ups and of documentation. */
const defaultPasswords = new Set(
  (
    'password passwd pass pwd pw secret user username root admin administrator test tests testing guest postgres mysql ' +
    'mongo redis rabbitmq guest foo bar baz qux demo docker local localhost abc xyz 123 def user1 pass1 dev development p@ssw0rd passw0rd 1234 12345 ' +
    '123456 12345678 123456789 letmein welcome qwerty abc123 token key xxx yyy zzz'
  ).split(' '),
);

/** The value without the prefix that names its kind, so that a patterned body shows. */
function bodyOf(value: string): string {
  const cut = Math.max(value.lastIndexOf('_'), value.lastIndexOf('-'), value.lastIndexOf('.'));
  return cut >= 0 && cut < value.length / 2 ? value.slice(cut + 1) : value;
}

/** Words that stand for a secret, alone or joined, with a number behind: `secret123`, `myPassword1`. */
const standIn =
  /^(?:my|the|some|your|super|top|new|old|test|demo|user|admin|root|foo|bar|baz|abc|xyz|pass|password|passwd|pwd|secret|token|key|api|access|auth|client|private|value|string|hunter|valid|invalid|wrong|bad|good|correct|strong|weak|temp|hello|world|letme|in|[-_ .])+[\d!@#$]{0,6}$/i;

/** Whether what stands before it, as in `//app:app@host`, is the same text. */
function isUserName({ text, start, value }: Candidate): boolean {
  const from = start - 1 - value.length;
  if (value.length > 200 || from < 1 || text[start - 1] !== 0x3a || text[from - 1] !== 0x2f) return false;
  return Array.from(value).every((char, i) => text[from + i] === char.charCodeAt(0));
}

function isPlaceholder({ value }: Candidate): boolean {
  if (standIn.test(value)) return true;
  return placeholderWords.test(value) || interpolation.test(value) || isRepeated(value) || isSequence(value);
}

/** Program text in the place of a value: calls, member access, types, paths, flags. */
function isCode({ text, end, value }: Candidate): boolean {
  const next = text[end];
  if (next === 0x28 || (next === 0x2e && /^[A-Za-z_$][\w$]*$/.test(value))) return true;
  if (/^[!&*~+-]{0,3}[A-Za-z_$][\w$]*(?:(?:\?\.|\.|::|->)[A-Za-z_$][\w$]*)+(?:[([].*)?$/.test(value)) return true;
  if (/^[A-Za-z_$][\w$.:]*[([]/.test(value) || /[)\];]$/.test(value)) return true;
  if (/^(?:\.{0,2}|~)\/[\w./@-]*$/.test(value) || /^[A-Za-z]:\\/.test(value)) return true;
  if (/^(?:[a-z][a-z0-9+.-]{1,30}:\/\/|(?:urn|arn|data|vault|secret|op|env|file|ref|kms|sm|ssm):)/i.test(value))
    return true;
  return /^[\w.-]+\.(?:js|ts|jsx|tsx|py|go|rs|java|json|ya?ml|toml|md|txt|pem|key|crt|html|css|sh|env|lock|png|svg)$/i.test(
    value,
  );
}

/** Lower-case letter pairs that are common in English and in identifiers: about two thirds of the pairs in words. */
const commonPairs = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ' +
    'ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ' +
    'ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ' +
    'ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl ' +
    'du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ' +
    'ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr hr cc tw ft wn nu af hu nn eo vo rv nf xp gn sm fl iz ok nl my gl aw ju ' +
    'oa eq sy sl ps jo lf nv je nk kn gs dy hy ze ks xt bs ik dd pt rp sk xi oe oy ws lv dl rf eu dg wr xa yi nm eb rb tm ' +
    'xc eh tc gy rw'
  ).split(' '),
);

/** The same as flags, by 32 times the first letter plus the second. */
const isCommon = new Uint8Array(32 * 32);
for (const pair of commonPairs) isCommon[(pair.charCodeAt(0) & 31) * 32 + (pair.charCodeAt(1) & 31)] = 1;

/** The share of a value's adjacent letters that make common pairs (humps of camel case stand apart); 1 without pairs. */
function wordLikeness(value: string): number {
  let pairs = 0;
  let common = 0;
  let previous = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const lower = code | 0x20;
    const isLetter = lower >= 0x61 && lower <= 0x7a && code < 0x80;
    const isHump = code < 0x60 && previous > 0x60;
    if (isLetter && previous > 0 && !isHump) {
      pairs++;
      common += isCommon[(previous & 31) * 32 + (code & 31)] ?? 0;
    }
    previous = isLetter ? code : 0;
  }
  return pairs === 0 ? 1 : common / pairs;
}

/**
 * Whether a value looks drawn at random: high entropy, and either the kinds of characters change often or few letter
 * pairs are those of words.
 */
export function isRandom(value: string): boolean {
  if (value.length < 12 || kindsOf(value) < 2 || !/\d/.test(value)) return false;
  if (entropyOf(value) < Math.min(3.6, Math.log2(value.length) * 0.8)) return false;
  return changesOf(value) / value.length >= 0.3 || wordLikeness(value) < 0.5;
}

/** How often lower case, upper case, digits and signs follow one another. */
function changesOf(value: string): number {
  let changes = 0;
  let previous = -1;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const kind =
      code >= 0x61 && code <= 0x7a ? 0 : code >= 0x41 && code <= 0x5a ? 1 : code >= 0x30 && code <= 0x39 ? 2 : 3;
    if (kind !== previous) changes++;
    previous = kind;
  }
  return changes;
}

/** How many of the kinds lower case, upper case, digit, other occur. */
function kindsOf(value: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
}

/** Whether a value is only words, possibly joined: `access_token`, `primary-button`, `userPasswordField`. */
function isWords(padded: string): boolean {
  const value = padded.replace(/={1,2}$/, '');
  if (!/^[A-Za-z][A-Za-z]*(?:[-_ .:/](?:[A-Za-z]+|\d{1,3}))*\d{0,2}$/.test(value)) return false;
  return wordLikeness(value) >= 0.5;
}

/** Digests and identifiers that are no secrets: UUIDs, SRI hashes, hex of a digest's exact length. */
function isDigest({ value }: Candidate): boolean {
  if (/^(?:sha(?:1|256|384|512)|md5|h1)[-:]/i.test(value)) return true;
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value) || /^[\d.:_/-]+$/.test(value);
}

export const plausibilityChecks: readonly Check[] = [
  {
    name: 'not-placeholder',
    about: 'it is no placeholder, interpolation, repetition or sequence',
    test: (candidate) => !isPlaceholder(candidate),
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
    ahead: 1,
    test: (candidate) => !isCode(candidate),
  },
  {
    name: 'whole-base64',
    about: 'no further character of base64 follows',
    ahead: 1,
    test: ({ text, end }) => end >= text.length || !/[A-Za-z0-9+/=]/.test(String.fromCharCode(text[end] ?? 0)),
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
    name: 'mixed-case',
    about: 'it holds lower case, upper case and digits',
    test: ({ value }) => /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value),
  },
  {
    name: 'mixed',
    about: 'it mixes letters with digits or signs',
    test: ({ value }) => /[A-Za-z]/.test(value) && /[^A-Za-z]/.test(value),
  },
  {
    name: 'random',
    about: 'its characters look drawn at random',
    test: ({ value }) => isRandom(value),
  },
];
