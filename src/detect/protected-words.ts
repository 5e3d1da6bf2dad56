/** Whether a text is everyday (words, numbers, paths, hosts): masking such a value everywhere would break code. */

/** Values that stand for nothing secret, whatever their length. */
const constants = new Set(
  'true false yes no on off null nil none undefined enabled disabled auto default always never'.split(' '),
);

/** Found values that occur in ordinary code; masked where they were found, they do not spread. */
const common = new Set(
  (
    'password passphrase username database postgres postgresql mongodb mysqladmin localhost changeme changeit ' +
    'changethis development production staging testing example examples placeholder undefined disabled required ' +
    'optional secretkey secret_key mysecret mypassword my-secret my_secret my-password my_password yourpassword ' +
    'your-password your_password your-api-key your_api_key api_key_here password1 password123 passw0rd p@ssw0rd ' +
    'qwerty123 administrator rootroot root1234 admin123 admin1234 test1234 testpassword test-password test_password ' +
    'testsecret test-secret test_secret dummy123 dummy-key fakekey123 fake-key sample-key hunter2hunter2 letmein1 ' +
    'welcome1 iloveyou abcd1234 abc12345 12345678 123456789 1234567890 00000000 11111111 aaaaaaaa xxxxxxxx ' +
    'xxxxxxxxxxxxxxxx redacted [redacted] <redacted> ******** ................ string boolean function'
  ).split(' '),
);

/** Found values below so many bytes do not spread either. */
const spreadsFrom = 8;

/** Whether a found value is to be masked elsewhere too. */
export function canSpread(value: Uint8Array): boolean {
  if (value.length < spreadsFrom) return false;
  // Longer than any word of the list.
  if (value.length > 32) return true;
  const text = Buffer.from(value).toString('utf8');
  if (common.has(text.toLowerCase()) || /^\d+$/.test(text)) return false;
  return new Set(text).size > 2;
}

/** Letters that could be a word: parts of camel case, each with vowels and no long run of consonants. */
function isWord(letters: string): boolean {
  const parts = letters.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  if (parts.join('').length !== letters.length) return false;
  if (letters.length >= 6 && letters.length / parts.length < 3) return false;
  return parts.every((part) => {
    if (part.length <= 3) return true;
    return part.length <= 16 && /[aeiouy]/i.test(part) && !/[^aeiouy]{6}/i.test(part);
  });
}

/** A word, a short number, or one with the other (`v2`, `sha256`, `30s`, `es2022`). */
function isEveryday(token: string): boolean {
  if (/^\d{1,6}$/.test(token)) return true;
  if (/^\d{1,4}[A-Za-z]{1,3}$/.test(token)) return true;
  const word = /^([A-Za-z]+)\d{0,4}$/.exec(token)?.[1];
  return word !== undefined && isWord(word);
}

/** Whether a text is only words and short numbers, whatever stands between them. */
function isOnlyWords(text: string): boolean {
  // Letters of other scripts are words too: a passphrase is found by its name, not everywhere.
  return text.split(/[^A-Za-z0-9]+/).every((token) => token === '' || isEveryday(token));
}

/** Scraps of letters between many kinds of signs: a generated password, not words. */
function isNoise(text: string): boolean {
  const signs = text.match(/[^A-Za-z0-9\s._/:,-]/g) ?? [];
  return new Set(signs).size >= 3 && signs.length * 3 >= text.length;
}

function isNumber(text: string): boolean {
  return /^[-+]?[\d_,. ]+([eE][-+]?\d+)?%?$|^0[xob][0-9a-fA-F]{1,8}$/.test(text);
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?$/.test(text);
}

/** A path whose segments could all be names; a segment like a key makes it none. */
function isPath(text: string): boolean {
  if (!/^(~|\.{1,2}|[A-Za-z]:)?[\\/]/.test(text)) return false;
  return text.split(/[\\/]/).every((segment) => segment.length < 20 || isOnlyWords(segment));
}

/** Host names are written in lower case; a token of three dotted parts (JWT) is not one. */
function isHost(text: string): boolean {
  if (/^(\d{1,3}\.){3}\d{1,3}(:\d{1,5})?$|^\[?[0-9a-f:]*:[0-9a-f:]*\]?(:\d{1,5})?$/.test(text)) return true;
  return /^(localhost|([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}\.?)(:\d{1,5})?$/.test(text);
}

const secretParameter =
  /(token|secret|passw|pwd|api[-_]?key|access[-_]?key|sig$|signature|auth|credential|^key$|^code$)/i;

/** What a URL holds that is secret: the password of its userinfo, values of parameters whose names say so. */
export function secretParts(text: string): readonly string[] | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text)) return undefined;
  const parts: string[] = [];
  const userinfo = /^[^:]+:\/\/([^/?#]*)@/.exec(text)?.[1];
  const colon = userinfo?.indexOf(':') ?? -1;
  if (userinfo !== undefined && userinfo !== '') parts.push(colon === -1 ? userinfo : userinfo.slice(colon + 1));
  for (const [, name = '', value = ''] of text.matchAll(/[?&;]([^=&#]{1,64})=([^&#]+)/g)) {
    if (secretParameter.test(name)) parts.push(value);
  }
  return parts.filter((part) => part !== '');
}

/** Why a value may not match everywhere; undefined when it may. */
export function everydayReason(text: string): string | undefined {
  const urlParts = secretParts(text);
  if (urlParts !== undefined) return urlParts.length > 0 ? undefined : 'a URL without a secret part';
  if (constants.has(text.toLowerCase())) return 'a constant';
  if (isNumber(text)) return 'a number';
  if (isTime(text)) return 'a time';
  if (isPath(text)) return 'a path';
  if (isHost(text)) return 'a host name';
  if (text.length >= 8 && new Set(text).size < 4) return 'a few repeated characters';
  if (isOnlyWords(text) && !isNoise(text)) return 'only words and short numbers';
  const isMixed = /[A-Za-z]/.test(text) && /\d/.test(text);
  if (text.length >= 12 || (text.length >= 8 && isMixed)) return undefined;
  return 'short';
}
