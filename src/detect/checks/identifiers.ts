/** Tells names that programs give: words in snake, kebab or camel case with numbers and abbreviations among them. */
import { remembered } from './remembered.ts';
import { wordOdds } from './word-odds.ts';
import { isWords } from './words.ts';

/** The longest name that is looked at. */
const maxName = 96;

/**
 * The least odds of the letters of a name, which abbreviations lower; those of letters drawn at random are below. Where
 * underscores join parts of one case, which tokens drawn at random have hardly ever, lower ones do.
 */
const leastOdds = { mixed: -5, snake: -12 };

/** How much of the letters of a name stands in runs that can be words. */
const leastInWords = 0.7;

/**
 * Whether a value is the name of something in a program, though numbers stand in it or its words are abbreviated:
 * `gnutls_pkcs12_bag_t`, `s3v4-presign-post`, `V1SecretVolumeSource`, `NSURLVolumeKey`.
 */
export const isIdentifier = remembered((value: string): boolean => {
  const name = value.replaceAll(/^[_$*&]+|[*:;,]+$/g, '');
  if (name.length > maxName || !/^[A-Za-z\d][A-Za-z\d_-]*$/.test(name) || /[_-]$/.test(name)) return false;
  const parts = name.split(/[_-]+/);
  return parts.length > 1 ? isOfParts(name, parts) : isOfHumps(name);
});

/** Whether letters of one case, or words in camel case, with short numbers among them, make the parts. */
function isOfParts(name: string, parts: readonly string[]): boolean {
  if (!parts.every((part) => /^(?:[a-z\d]+|[A-Z\d]+|(?:[A-Z]?[a-z]+|[A-Z]+(?=[A-Z\d]|$)|\d+)+)$/.test(part)))
    return false;
  const isLong = parts.length > 2 || parts.every((part) => /[A-Za-z]{3}/.test(part));
  const isSnake = /^(?:[a-z\d_]+|[A-Z\d_]+)$/.test(name);
  const least = isSnake ? leastOdds.snake : leastOdds.mixed;
  return isLong && /[A-Za-z]{4}/.test(name) && isWordy(name, /[A-Za-z]{3,}/g) && wordOdds(name.toLowerCase()) >= least;
}

/** Whether humps make the name: at least two words, and numbers of one or two digits between them. */
function isOfHumps(name: string): boolean {
  const humps = name.match(/[A-Z]?[a-z]{3,}/g) ?? [];
  if (humps.length < 2 || !/[A-Z]/.test(name.slice(1)) || !/[A-Za-z]$/.test(name) || /\d{3}/.test(name)) return false;
  return isWordy(name, /[A-Z]?[a-z]{2,}|[A-Z]{2,}(?=[A-Z][a-z]|$)/g) && wordOdds(name.toLowerCase()) >= 0;
}

/** Whether most of the letters stand in runs that can be words, and there are few digits. */
function isWordy(name: string, word: RegExp): boolean {
  const letters = name.replaceAll(/[^A-Za-z]/g, '').length;
  const digits = name.replaceAll(/\D/g, '').length;
  const inWords = (name.match(word) ?? []).reduce((sum, run) => sum + run.length, 0);
  return inWords >= leastInWords * letters && digits <= 0.6 * letters && !/\d{5}/.test(name);
}

/** Whether a value is a path whose every part is a word, a number, a name or that of a file: `src/pkcs12/Key.java`. */
export function isNamedPath(value: string): boolean {
  const path = value.replaceAll(/^[|(]|[:,;]+$/g, '');
  if (!/^[\w.+@-]+(?:\/[\w.+@-]+)+$/.test(path)) return false;
  const parts = path.split('/');
  const isFile = parts.length > 2 && /^[A-Za-z][\w-]{0,40}\.[a-z]{1,5}$/.test(parts.at(-1) ?? '');
  return parts.slice(0, isFile ? -1 : parts.length).every((part) => isPathPart(part));
}

function isPathPart(part: string): boolean {
  const bare = part.replace(/(?:\.[A-Za-z]\w{0,4}){1,2}$/, '');
  return /^[\d.]{1,10}$/.test(bare) || /^[a-z]{1,4}\d{0,3}$/i.test(bare) || isWords(bare) || isIdentifier(bare);
}
