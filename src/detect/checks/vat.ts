/** VAT numbers of the European Union and its neighbours: each country has its own check. */
import { passesLuhn } from './checksums.ts';
import type { Check } from './check.ts';
import { identifier } from './identifier.ts';
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

/** Two check digits modulo 97; numbers given since 2009 count 55 more (United Kingdom). */
function isBritish(digits: string): boolean {
  const sum = weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + Number(digits.slice(7));
  return sum % 97 === 0 || (sum + 55) % 97 === 0;
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

/** What holds of a number behind its country's letters; a country that is not here has none that is applied. */
const byCountry: Readonly<Record<string, (body: string) => boolean>> = {
  AT: (body) => isAustrian(body.slice(1)),
  BE: (body) => 97 - remainder(body.slice(0, 8), 97) === Number(body.slice(8)),
  DE: passesMod11And10,
  DK: (body) => weighted(body, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  EL: isAfm,
  ES: isSpanish,
  FI: (body) => weighted(body, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0,
  FR: isFrench,
  GB: isBritish,
  HR: passesMod11And10,
  IE: isPps,
  IT: passesLuhn,
  LU: (body) => Number(body.slice(0, 6)) % 89 === Number(body.slice(6)),
  NL: isDutch,
  PL: (body) => weighted(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(body, 9),
  PT: isNif,
  SE: (body) => passesLuhn(body.slice(0, 10)) && body.endsWith('01'),
  SI: (body) => (11 - (weighted(body, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(body, 7),
  XI: isBritish,
};

export const vatChecks: readonly Check[] = [
  identifier('eu-vat', "the check of the country's VAT numbers holds", (id) => {
    return byCountry[id.slice(0, 2)]?.(id.slice(2)) ?? true;
  }),
];
