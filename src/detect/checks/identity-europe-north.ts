/** Personal and business numbers of the British Isles, Scandinavia, Finland and the Baltic states. */
import type { Check } from './check.ts';
import { passesLuhn } from './checksums.ts';
import { identifier } from './identifier.ts';
import { digitAt, isDay, isDdmmyy, isOneDigit, isYymmdd, weighted } from './number-systems.ts';

/** Weights 10 to 2; a check digit of 10 is never issued (NHS Data Dictionary, NHS NUMBER). */
function isNhsNumber(id: string): boolean {
  const check = (11 - (weighted(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return !isOneDigit(id) && check === digitAt(id, 9);
}

/** Prefixes that are never given: letters that could be misread, and administrative ones. */
function isNino(id: string): boolean {
  return /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$/.test(id);
}

function isUtr(id: string): boolean {
  return '21987654321'[weighted(id.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === id[0];
}

/** Five letters of the name, the decade, month (plus 50 for women), day and year of birth, initials, three more. */
function isDrivingLicence(id: string): boolean {
  const month = Number(id.slice(6, 8)) % 50;
  return /^(?=[A-Z])[A-Z]*9*(?<=^.{5})\d{6}/.test(id) && isDay(month, Number(id.slice(8, 10)));
}

/** Whether an Irish number's letter holds: weights 8 to 2, and 9 for a second letter; the remainder modulo 23 is the first letter (W for 0). */
export function isPps(id: string): boolean {
  const second = id[8] === undefined || id[8] === 'W' ? 0 : (id.charCodeAt(8) - 64) * 9;
  const rest = (weighted(id, [8, 7, 6, 5, 4, 3, 2]) + second) % 23;
  return /^.{8}[A-IW]?$/.test(id) && id[7] === (rest === 0 ? 'W' : String.fromCharCode(64 + rest));
}

/** Ten or twelve digits; the day of coordination numbers is 60 higher. */
function isPersonnummer(id: string): boolean {
  const short = id.slice(-10);
  const day = Number(short.slice(4, 6));
  const isDated = isDay(Number(short.slice(2, 4)), day > 60 ? day - 60 : day);
  return isDated && (id.length === 10 || /^(?:18|19|20)/.test(id)) && passesLuhn(short);
}

/** The third digit tells an organisation from a person: it is at least 2, so that no month has it. */
function isSwedishOrganisation(id: string): boolean {
  return digitAt(id, 2) >= 2 && /^[1-9]/.test(id) && passesLuhn(id);
}

/** The day of D-numbers is 40 higher, the month of H-numbers. */
function isFodselsnummer(id: string): boolean {
  const day = Number(id.slice(0, 2));
  const month = Number(id.slice(2, 4));
  if (!isDay(month > 40 ? month - 40 : month, day > 40 ? day - 40 : day)) return false;
  const first = weighted(id, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
  const second = weighted(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
  return first % 11 === 0 && second % 11 === 0;
}

const hetuLetters = '0123456789ABCDEFHJKLMNPRSTUVWXY';

/** The sign tells the century; since 2023 several stand for each. */
function isHetu(value: string): boolean {
  const [, day = '', order = '', check = ''] = /^(\d{6})[-+A-FU-Y](\d{3})([0-9A-Y])$/i.exec(value) ?? [];
  return isDdmmyy(day) && Number(order) >= 2 && hetuLetters[Number(day + order) % 31] === check.toUpperCase();
}

/** A code of the same century and order whose check character holds. */
function hetuLike(value: string): string {
  const order = value.slice(7, 10).replace(/^00[01]$/, '002');
  return `140385${value.slice(6, 7)}${order}${hetuLetters[Number(`140385${order}`) % 31]}`;
}

/** One pass of weights, and another where the remainder is 10. */
function isIsikukood(id: string): boolean {
  if (!/^[1-8]/.test(id) || !isYymmdd(id.slice(1))) return false;
  let rest = weighted(id, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  if (rest === 10) rest = weighted(id, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
  return rest % 10 === digitAt(id, 10);
}

/** Numbers issued since 2017 begin with 32 and carry neither a date nor a published check. */
function isPersonasKods(id: string): boolean {
  if (id.startsWith('32')) return true;
  const check = (1101 - weighted(id, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11;
  return isDdmmyy(id) && /^.{6}[0-2]/.test(id) && check === digitAt(id, 10);
}

function isKennitala(id: string): boolean {
  const day = Number(id.slice(0, 2));
  const isDated = isDay(Number(id.slice(2, 4)), day > 40 ? day - 40 : day);
  return isDated && /[890]$/.test(id) && weighted(id, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

export const northernChecks: readonly Check[] = [
  identifier('uk-nhs', 'the check digit of an NHS number holds', isNhsNumber),
  identifier('uk-nino', 'the prefix is one that is given', isNino),
  identifier('uk-utr', 'the check digit of a taxpayer reference holds', isUtr),
  identifier(
    'uk-driving-licence',
    'a name, a coded date of birth and initials stand where they belong',
    isDrivingLicence,
    '.....607054.....',
  ),
  identifier('ie-pps', 'the check letter of a PPS number holds', isPps),
  identifier('se-personnummer', 'the date exists and the Luhn check holds', isPersonnummer, '850314....'),
  identifier('se-orgnr', 'the third digit is at least 2 and the Luhn check holds', isSwedishOrganisation, '556.......'),
  identifier('no-fodselsnummer', 'the date exists and both check digits hold', isFodselsnummer, '140385.....'),
  identifier('no-orgnr', 'the check digit of an organisation number holds', (id) => {
    return /^[89]/.test(id) && weighted(id, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  }),
  identifier('dk-cpr', 'the date exists (numbers since 2007 carry no check)', (id) => isDdmmyy(id), '140385....'),
  identifier('dk-cvr', 'the check digit of a company number holds', (id) => {
    const digits = id.replace(/^DK/, '');
    return /^[1-9]/.test(digits) && weighted(digits, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  }),
  {
    name: 'fi-hetu',
    about: 'the date exists and the check character holds',
    test: ({ value }) => isHetu(value),
    fix: hetuLike,
  },
  identifier('fi-ytunnus', 'the check digit of a business number holds', (id) => {
    return weighted(id, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0;
  }),
  identifier('baltic-id', 'the date exists and the check digit holds', isIsikukood, '3850314....'),
  identifier(
    'lv-personas-kods',
    'the date exists and the check digit holds, or it is of the kind without',
    isPersonasKods,
    '1403851....',
  ),
  identifier('is-kennitala', 'the date exists and the check digit holds', isKennitala, '140385....'),
];
