/** Personal numbers of Africa and the Middle East. */
import type { Check } from './check.ts';
import { passesLuhn } from './checksums.ts';
import { identifier } from './identifier.ts';
import { digitAt, isDay, isOneDigit, isYymmdd, passesVerhoeff, weighted } from './number-systems.ts';

function isTckn(id: string): boolean {
  const odd = [0, 2, 4, 6, 8].reduce((sum, at) => sum + digitAt(id, at), 0);
  const even = [1, 3, 5, 7].reduce((sum, at) => sum + digitAt(id, at), 0);
  const tenth = (((7 * odd - even) % 10) + 10) % 10;
  return !id.startsWith('0') && tenth === digitAt(id, 9) && (odd + even + tenth) % 10 === digitAt(id, 10);
}

/** A date, a serial, citizenship (0 to 2), a digit that is 8 or 9 but on old ones, and Luhn. */
function isSouthAfrican(id: string): boolean {
  return isYymmdd(id) && digitAt(id, 10) <= 2 && passesLuhn(id);
}

/** A century, a date of birth, and a governorate that exists; the check digit's rule is not published. */
function isEgyptian(id: string): boolean {
  const governorate = Number(id.slice(7, 9));
  const isGovernorate =
    [1, 2, 3, 4, 88].includes(governorate) ||
    (governorate >= 11 && governorate <= 29) ||
    (governorate >= 31 && governorate <= 35);
  return /^[23]/.test(id) && isYymmdd(id.slice(1)) && isGovernorate;
}

function isKuwaiti(id: string): boolean {
  const check = 11 - (weighted(id, [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11);
  return /^[1-3]/.test(id) && isDay(Number(id.slice(3, 5)), Number(id.slice(5, 7))) && check === digitAt(id, 11);
}

export const africanChecks: readonly Check[] = [
  identifier('tr-tckn', 'both check digits hold', isTckn),
  identifier('il-id', 'the Luhn check holds', (id) => !isOneDigit(id) && passesLuhn(id.padStart(9, '0'))),
  identifier('za-id', 'date and citizenship exist and the Luhn check holds', isSouthAfrican, '850314.......'),
  identifier('ng-nin', 'the Verhoeff check holds', (id) => !isOneDigit(id) && passesVerhoeff(id)),
  identifier('ae-emirates-id', 'the year is one of birth and the Luhn check holds', (id) => {
    return /^784(?:19|20)/.test(id) && passesLuhn(id);
  }),
  identifier('sa-id', 'the Luhn check holds', (id) => /^[12]/.test(id) && !isOneDigit(id) && passesLuhn(id)),
  identifier('eg-id', 'date of birth and governorate exist', isEgyptian, '285031401.....'),
  identifier('kw-civil-id', 'the date exists and the check digit holds', isKuwaiti, '2850314.....'),
];
