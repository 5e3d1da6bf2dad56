/** Personal, tax and business numbers of Asia and Oceania. */
import type { Check } from './check.ts';
import { passesLuhn } from './checksums.ts';
import { bare, identifier } from './identifier.ts';
import {
  digitAt,
  isBirthday,
  isDay,
  isDdmmyy,
  isOneDigit,
  isYymmdd,
  passesVerhoeff,
  weighted,
} from './number-systems.ts';

/** First two digits of Chinese region codes (GB/T 2260). */
const chineseProvinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91'.split(
    ' ',
  ),
);

/** Region, birthday, order, and a check character by ISO 7064 MOD 11-2 (GB 11643). */
function isResidentId(id: string): boolean {
  const rest = weighted(id, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
  return chineseProvinces.has(id.slice(0, 2)) && isBirthday(id.slice(6)) && '10X98765432'[rest] === id[17];
}

const creditCodeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Powers of three modulo 31 (GB 32100). */
function isCreditCode(id: string): boolean {
  let sum = 0;
  let power = 1;
  for (const char of id.slice(0, 17)) {
    const value = creditCodeAlphabet.indexOf(char);
    if (value < 0) return false;
    sum += value * power;
    power = (power * 3) % 31;
  }
  return creditCodeAlphabet[(31 - (sum % 31)) % 31] === id[17];
}

/** Letters count 10 to 35, an absent first one 36; the sum weighted 9 to 1 is divisible by eleven. */
function isHkid(id: string): boolean {
  if (!/[0-9A]$/.test(id)) return false;
  const values = Array.from(id.padStart(9, ' '), (char) => (char === ' ' ? 36 : parseInt(char, 36)));
  return values.reduce((sum, value, i) => sum + value * (9 - i), 0) % 11 === 0;
}

/** What a first letter counts in Taiwan, by its place in the alphabet. */
const taiwanLetters = [
  10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33,
];

function isTaiwanId(id: string): boolean {
  const first = taiwanLetters[id.charCodeAt(0) - 65] ?? 0;
  const second = /[A-D]/.test(id[1] ?? '') ? (taiwanLetters[id.charCodeAt(1) - 65] ?? 0) % 10 : digitAt(id, 1);
  const body = `${Math.floor(first / 10)}${first % 10}${second}${id.slice(2)}`;
  return weighted(body, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

/** Never a palindrome (UIDAI). */
function isAadhaar(id: string): boolean {
  return id !== Array.from(id).toReversed().join('') && passesVerhoeff(id);
}

const base36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The check character of a GST number, by Luhn's method to base 36. */
function gstinCheck(id: string): string {
  const sum = Array.from(id.slice(0, 14)).reduce((total, char, i) => {
    const product = base36.indexOf(char) * (i % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return base36[(36 - (sum % 36)) % 36] ?? '';
}

/** A state, a PAN, an entity, Z, and the check character. */
function isGstin(id: string): boolean {
  const state = Number(id.slice(0, 2));
  return ((state >= 1 && state <= 38) || state >= 97) && gstinCheck(id) === id[14];
}

const nricLetters: Readonly<Record<string, readonly [number, string]>> = {
  S: [0, 'JZIHGFEDCBA'],
  T: [4, 'JZIHGFEDCBA'],
  F: [0, 'XWUTRQPNMLK'],
  G: [4, 'XWUTRQPNMLK'],
  M: [3, 'XWUTRQPNJLK'],
};

function isNric(id: string): boolean {
  const [offset, letters] = nricLetters[id[0] ?? ''] ?? [0, ''];
  const rest = (weighted(id.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  const at = id.startsWith('M') ? 10 - rest : rest;
  return letters[at] === id[8];
}

/** Businesses by number, companies by year and number, other entities by century, year and type. */
function isUen(id: string): boolean {
  if (/^\d{8}[A-Z]$/.test(id)) return 'XMKECAWLJDB'[weighted(id, [10, 4, 9, 3, 8, 2, 7, 1]) % 11] === id[8];
  if (/^(?:18|19|20)\d{7}[A-Z]$/.test(id))
    return 'ZKCMDNERGWH'[weighted(id, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11] === id[9];
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWX0123456789';
  const sum = [4, 3, 5, 3, 10, 2, 2, 5, 7].reduce(
    (total, weight, i) => total + weight * alphabet.indexOf(id[i] ?? ''),
    0,
  );
  return alphabet[(((sum - 5) % 11) + 11) % 11] === id[9];
}

/** A date, a place of birth that exists, and an order. */
function isMyKad(id: string): boolean {
  const place = Number(id.slice(6, 8));
  return isYymmdd(id) && place > 0 && ![17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97].includes(place);
}

function isThaiId(id: string): boolean {
  const check = (11 - (weighted(id, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
  const province = Number(id.slice(1, 3));
  const isProvince =
    (province >= 10 && province <= 27) ||
    (province >= 30 && province <= 49) ||
    (province >= 50 && province <= 58) ||
    (province >= 60 && province <= 67) ||
    (province >= 70 && province <= 77) ||
    (province >= 80 && province <= 86) ||
    (province >= 90 && province <= 96);
  return isProvince && /^[1-8]/.test(id) && check === digitAt(id, 12);
}

/** Provinces of Indonesia, and a date whose day is 40 higher for women. */
function isNik(id: string): boolean {
  const province = Number(id.slice(0, 2));
  const day = Number(id.slice(6, 8));
  const isProvince =
    (province >= 11 && province <= 21) ||
    (province >= 31 && province <= 36) ||
    (province >= 51 && province <= 53) ||
    (province >= 61 && province <= 65) ||
    (province >= 71 && province <= 76) ||
    [81, 82, 91, 92, 93, 94, 95, 96].includes(province);
  return isProvince && isDay(Number(id.slice(8, 10)), day > 40 ? day - 40 : day) && Number(id.slice(12)) > 0;
}

/** Provinces of Vietnam go up to 96 in steps that are not all used; the next digit tells century and sex. */
function isCccd(id: string): boolean {
  const province = Number(id.slice(0, 3));
  return province >= 1 && province <= 96 && /^.{3}[0-3]/.test(id);
}

function isMyNumber(id: string): boolean {
  const rest = weighted(id, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return !isOneDigit(id) && (rest <= 1 ? 0 : 11 - rest) === digitAt(id, 11);
}

function isJapaneseCompany(id: string): boolean {
  const digits = id.replace(/^T/, '');
  return 9 - (weighted(digits.slice(1), [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9) === digitAt(digits, 0);
}

/** Centuries of birth by the seventh digit, which tells sex and residence too. */
const koreanCenturies: Readonly<Record<string, string>> = {
  '9': '18',
  '0': '18',
  '1': '19',
  '2': '19',
  '5': '19',
  '6': '19',
  '3': '20',
  '4': '20',
  '7': '20',
  '8': '20',
};

/** A birthday and a check digit; numbers given out since October 2020, to the newborn above all, end at random. */
function isKorean(id: string, kinds: string, base: number): boolean {
  const kind = id[6] ?? '';
  const birthday = (koreanCenturies[kind] ?? '') + id.slice(0, 6);
  const isDated = isBirthday(birthday) && birthday < '2040';
  const rest = weighted(id, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
  return kinds.includes(kind) && isDated && (birthday >= '202010' || (base - rest) % 10 === digitAt(id, 12));
}

function isKoreanBusiness(id: string): boolean {
  const sum = weighted(id, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digitAt(id, 8) * 5) / 10);
  return (10 - (sum % 10)) % 10 === digitAt(id, 9);
}

/** A business number of the Philippines: weights 9 to 2 on the first eight digits. */
function isPhilippineTin(id: string): boolean {
  return Number(id.slice(0, 9)) > 0 && weighted(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === digitAt(id, 8);
}

/** A date, a century, and two passes of weights. */
function isIin(id: string): boolean {
  let rest = weighted(id, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
  if (rest === 10) rest = weighted(id, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
  return isYymmdd(id) && /^.{6}[1-6]/.test(id) && rest === digitAt(id, 11);
}

function isAbn(id: string): boolean {
  const sum = weighted(id, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10;
  return !id.startsWith('0') && sum % 89 === 0;
}

function isIrd(id: string): boolean {
  const digits = id.padStart(9, '0');
  const base = Number(digits);
  const check = (weights: readonly number[]): number => (11 - (weighted(digits, weights) % 11)) % 11;
  const first = check([3, 2, 7, 6, 5, 4, 3, 2]);
  return (
    base >= 10_000_000 &&
    base < 150_000_000 &&
    (first === 10 ? check([7, 4, 3, 2, 5, 2, 7, 6]) : first) === digitAt(digits, 8)
  );
}

/** Letters without I and O; weights 7 to 2 (the old form modulo 11, the new one modulo 23). */
function isNhi(id: string): boolean {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
  const value = (char: string): number => (/\d/.test(char) ? Number(char) : letters.indexOf(char) + 1);
  const sum = [7, 6, 5, 4, 3, 2].reduce((total, weight, i) => total + value(id[i] ?? '') * weight, 0);
  if (/\d$/.test(id)) return sum % 11 !== 0 && (11 - (sum % 11)) % 10 === digitAt(id, 6);
  return letters[22 - (sum % 23)] === id[6];
}

export const asianChecks: readonly Check[] = [
  identifier(
    'cn-resident-id',
    'region and birthday exist and the check character holds',
    isResidentId,
    '11010519850314....',
  ),
  identifier('cn-uscc', 'the check character of a credit code holds', isCreditCode),
  identifier('hk-hkid', 'the check digit holds', isHkid),
  identifier('tw-id', 'the check digit holds', isTaiwanId),
  identifier('in-aadhaar', 'it is no palindrome and the Verhoeff check holds', isAadhaar),
  {
    name: 'in-gstin',
    about: 'the state exists and the check character holds',
    test: ({ value }) => isGstin(bare(value)),
    fix: (value) => `27${value.slice(2, 14)}${gstinCheck(`27${value.slice(2)}`)}`,
  },
  identifier('in-epic', 'the Luhn check of the digits holds', (id) => passesLuhn(id.slice(3))),
  identifier('sg-nric', 'the check letter holds', isNric),
  identifier('sg-uen', 'the check letter holds', isUen),
  identifier('my-nric', 'date and place of birth exist', isMyKad, '85031410....'),
  identifier('th-id', 'the province exists and the check digit holds', isThaiId, '.10..........'),
  identifier('id-nik', 'province and date of birth exist', isNik, '317101140385....'),
  identifier(
    'id-npwp',
    'the Luhn check of the first nine digits holds',
    (id) => passesLuhn(id.slice(0, 9)) && Number(id) > 0,
    '100000009......',
  ),
  identifier('ph-tin', 'the check digit holds', isPhilippineTin),
  identifier('vn-cccd', 'province and century exist', isCccd, '001085......'),
  identifier('jp-my-number', 'the check digit holds', isMyNumber),
  identifier('jp-company', 'the check digit holds', isJapaneseCompany),
  identifier(
    'kr-rrn',
    'the date exists and the check digit holds, or it is of the kind without',
    (id) => {
      return isKorean(id, '123490', 11);
    },
    '8503141......',
  ),
  identifier(
    'kr-frn',
    'the date exists and the check digit holds, or it is of the kind without',
    (id) => {
      return isKorean(id, '5678', 13);
    },
    '8503145......',
  ),
  identifier('kr-brn', 'the check digit of a business number holds', isKoreanBusiness),
  identifier('kz-iin', 'the date exists and the check digit holds', isIin, '850314......'),
  identifier('date-ddmmyy', 'it begins with a day that exists', isDdmmyy),
  identifier('au-tfn', 'the sum of weighted digits is divisible by eleven', (id) => {
    return weighted(id, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !isOneDigit(id);
  }),
  identifier('au-medicare', 'the check digit holds', (id) => {
    return weighted(id, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(id, 8);
  }),
  identifier('au-abn', 'the sum of weighted digits is divisible by 89', isAbn),
  identifier('au-acn', 'the check digit holds', (id) => {
    return Number(id) > 0 && (10 - (weighted(id, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digitAt(id, 8);
  }),
  identifier('nz-ird', 'the number is in range and the check digit holds', isIrd, '049......'),
  identifier('nz-nhi', 'the check character holds', isNhi),
];
