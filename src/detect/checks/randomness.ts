/** Tells characters drawn at random from words and identifiers: entropy, kinds of characters, letter pairs. */
import { entropyOf } from '../entropy.ts';

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
export function wordLikeness(value: string): number {
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
  if (value.length < 12 || kindsOf(value) < 2 || isHumped(value)) return false;
  // Without a digit it takes more to tell it from the humps of an identifier.
  if (!/\d/.test(value)) return value.length >= 20 && /^[A-Za-z]+$/.test(value) && wordLikeness(value) < 0.42;
  if (entropyOf(value) < Math.min(3.6, Math.log2(value.length) * 0.8)) return false;
  return changesOf(value) / value.length >= 0.3 || wordLikeness(value) < 0.5;
}

/**
 * Whether a value is an identifier in camel case, with a number in it or without: `OAuth2RefreshTokenGrant`. Most of its
 * letters stand in runs of lower case that read as words, which is rare where case is drawn at random.
 */
function isHumped(value: string): boolean {
  if (!/^[A-Za-z_$][\w$.]*$/.test(value) || !/[A-Z][a-z]{2}/.test(value)) return false;
  const runs = value.match(/[A-Z]?[a-z]{2,}/g) ?? [];
  const inRuns = runs.reduce((sum, run) => sum + run.length, 0);
  return inRuns >= 0.75 * value.replaceAll(/[^A-Za-z]/g, '').length && wordLikeness(value) >= 0.7;
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

/** Whether it is hexadecimal digits only, as many as keys have, and not a few of them again and again. */
function isHexKey(value: string): boolean {
  return value.length >= 24 && /^[0-9a-f]+$/i.test(value) && /\d/.test(value) && entropyOf(value) >= 3;
}

/** Whether so many digits stand in a run of letters that it names nothing: `abc123def456ghi789`. */
function isDigitRich(value: string): boolean {
  if (isHumped(value)) return false;
  const runs = value.match(/[A-Za-z0-9]{16,}/g) ?? [];
  return entropyOf(value) >= 3.3 && runs.some((run) => /[A-Za-z]/.test(run) && /(?:\d.*){4}/.test(run));
}

/** Whether a value is as strong as a generated key: at least 16 characters drawn at random, or hexadecimal. */
export function isStrong(value: string): boolean {
  return isHexKey(value) || (value.length >= 16 && isRandom(value)) || isDigitRich(value);
}

/** Whether so many different signs stand in it that it can only be a password: `m{h}o)p$e]n>b#`. */
export function isFullOfSigns(value: string): boolean {
  const signs = new Set(value.replaceAll(/[\w\s./:,-]/g, ''));
  return value.length >= 10 && signs.size >= 5;
}
