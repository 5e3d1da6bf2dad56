/** VAT numbers of the European Union and its neighbours: each country has its own check. */
import { passesLuhn } from './checksums.ts';
import type { Check } from './check.ts';
import { bare, identifier } from './identifier.ts';
import { isAfm } from './identity-europe-east.ts';
import { passesElevenTest, isCif, isDni, isNie, isNif } from './identity-europe-west.ts';
import { isPps } from './identity-europe-north.ts';
import { digitAt, passesMod11And10, remainder, weighted } from './number-systems.ts';

/** Digit sums of products, as Luhn adds them, plus four (Austria). */
function isAustrian(digits: string): boolean {
  const sum = [1, 2, 1, 2, 1, 2, 1].reduce((total, weight, i) => {
    const product = digitAt(digits, i) * weight;
    return total + Math.floor(product / 10) + (product % 10);
  }, 4);
  return (10 - (sum % 10)) % 10 === digitAt(digits, 7);
}

/** Two check digits modulo 97; numbers given since 2009 count 55 more or less (United Kingdom). */
function isBritish(digits: string): boolean {
  const sum = weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + Number(digits.slice(7));
  return [0, 42, 55].includes(sum % 97);
}

/** Letters count 10 to 35 before the remainder of 97 is taken, which must be 1 (Netherlands, since 2020). */
function isDutch(body: string): boolean {
  const digits = Array.from(`NL${body}`, (char) => String(parseInt(char, 36))).join('');
  return passesElevenTest(body.slice(0, 9)) || remainder(digits, 97) === 1;
}

/** A key of two digits is a function of the company's number; a key with letters has a check that is not published. */
function isFrench(body: string): boolean {
  const key = (12 + 3 * remainder(body.slice(2), 97)) % 97;
  return passesLuhn(body.slice(2)) && (!/^\d\d/.test(body) || key === Number(body.slice(0, 2)));
}

function isSpanish(body: string): boolean {
  if (/^\d/.test(body)) return isDni(body);
  return /^[XYZ]/.test(body) ? isNie(body) : isCif(body);
}

/**
 * The check digit is the rest of eleven, the places counted from 1 on, or from 3 on where that makes ten: up to `most`,
 * then from 1 again (Bulgaria's companies, Lithuania).
 */
function passesCounted(digits: string, most: number): boolean {
  const body = digits.slice(0, -1);
  const restFrom = (first: number): number =>
    weighted(
      body,
      Array.from(body, (_, i) => 1 + ((i + first - 1) % most)),
    ) % 11;
  const rest = restFrom(1);
  return (rest === 10 ? restFrom(3) % 10 : rest) === digitAt(digits, body.length);
}

/** What the digits in odd places count for (Cyprus). */
const cypriotOdd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];

function isCypriot(body: string): boolean {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += i % 2 === 0 ? (cypriotOdd[digitAt(body, i)] ?? 0) : digitAt(body, i);
  return String.fromCharCode(65 + (sum % 26)) === body[8];
}

/** Of companies, which have eight digits; longer ones are of people and have other checks (Czechia). */
function isCzech(body: string): boolean {
  if (body.length !== 8) return true;
  const rest = 11 - (weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return (rest === 11 ? 1 : rest === 10 ? 0 : rest) === digitAt(body, 7) && !body.startsWith('9');
}

/** Of companies; what begins with 0 to 3 is of a person (Latvia). */
function isLatvian(body: string): boolean {
  return /^[0-3]/.test(body) || weighted(body, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3;
}

function isRomanian(body: string): boolean {
  const digits = body.padStart(10, '0');
  return ((10 * weighted(digits, [7, 5, 3, 2, 1, 7, 5, 3, 2])) % 11) % 10 === digitAt(digits, 9);
}

/** What holds of a number behind its country's letters; a country that is not here has none that is applied. */
const byCountry: Readonly<Record<string, (body: string) => boolean>> = {
  AT: (body) => isAustrian(body.slice(1)),
  BE: (body) => 97 - remainder(body.slice(0, 8), 97) === Number(body.slice(8)),
  BG: (body) => body.length !== 9 || passesCounted(body, 10),
  CY: isCypriot,
  CZ: isCzech,
  DE: passesMod11And10,
  DK: (body) => weighted(body, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  EE: (body) => weighted(body, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0,
  EL: isAfm,
  ES: isSpanish,
  FI: (body) => weighted(body, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0,
  FR: isFrench,
  GB: isBritish,
  HR: passesMod11And10,
  HU: (body) => weighted(body, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0,
  IE: isPps,
  IT: passesLuhn,
  LT: (body) => body.at(-2) === '1' && passesCounted(body, 9),
  LU: (body) => Number(body.slice(0, 6)) % 89 === Number(body.slice(6)),
  LV: isLatvian,
  MT: (body) => weighted(body, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 === 0,
  NL: isDutch,
  PL: (body) => weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(body, 9),
  PT: isNif,
  RO: isRomanian,
  SE: (body) => passesLuhn(body.slice(0, 10)) && body.endsWith('01'),
  SI: (body) => (11 - (weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(body, 7),
  SK: (body) => /^[1-9]/.test(body) && remainder(body, 11) === 0,
  XI: isBritish,
};

/** The numbers of each country without what separates their groups, as the Commission's VIES takes them. */
const form = new RegExp(
  String.raw`^(?:ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DK\d{8}|EE\d{9}|EL\d{9}|ES\d{8}[A-Z]|` +
    String.raw`ES[XYZ]\d{7}[A-Z]|ES[A-HJNP-SUVW]\d{7}[0-9A-J]|FI\d{8}|FR[0-9A-HJ-NP-Z]{2}\d{9}|HR\d{11}|HU\d{8}|` +
    String.raw`IE\d{7}[A-W][A-I]?|IT\d{11}|LT(?:\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|` +
    String.raw`PT\d{9}|RO\d{5,10}|SE\d{12}|SI\d{8}|SK\d{10}|XI\d{9}|GB\d{9})$`,
);

export const vatChecks: readonly Check[] = [
  identifier('eu-vat', "the check of the country's VAT numbers holds", (id) => {
    return byCountry[id.slice(0, 2)]?.(id.slice(2)) ?? true;
  }),
  {
    name: 'eu-vat-form',
    about: 'it has as many digits as numbers of its country have, and something between them',
    test: ({ value }) => /[ .-]/.test(value) && form.test(bare(value)),
  },
];
