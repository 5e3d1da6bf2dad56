/** Personal and business numbers of central, eastern and south-eastern Europe. */
import type { Check } from './check.ts';
import { passesLuhn } from './checksums.ts';
import { identifier } from './identifier.ts';
import { digitAt, isDay, isDdmmyy, isOneDigit, passesMod11And10, weighted } from './number-systems.ts';

/** A month with the century added in steps, as some registers do (20, 40, 50, 60 or 80 more). */
function isDatedWith(id: string, steps: readonly number[]): boolean {
  const month = Number(id.slice(2, 4));
  return steps.some((step) => isDay(month - step, Number(id.slice(4, 6))));
}

function isPesel(id: string): boolean {
  return isDatedWith(id, [0, 20, 40, 60, 80]) && weighted(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** The month of women is 50 higher, and 20 more where a day's numbers ran out; before 1954 there was no check digit. */
function isRodneCislo(id: string): boolean {
  if (!isDatedWith(id, [0, 20, 50, 70])) return false;
  const rest = Number(id.slice(0, 9)) % 11;
  return id.length === 10 && rest % 10 === digitAt(id, 9);
}

function isCnp(id: string): boolean {
  const rest = weighted(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  const county = Number(id.slice(7, 9));
  const isDated = isDay(Number(id.slice(3, 5)), Number(id.slice(5, 7)));
  const isCounty = (county >= 1 && county <= 52) || county === 70 || county > 79;
  return /^[1-9]/.test(id) && isDated && isCounty && (rest === 10 ? 1 : rest) === digitAt(id, 12);
}

function isEgn(id: string): boolean {
  const rest = weighted(id, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11;
  return isDatedWith(id, [0, 20, 40]) && rest % 10 === digitAt(id, 9);
}

/** Day, month, three digits of the year, region, order, check. */
function isJmbg(id: string): boolean {
  const rest = weighted(id, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  const isYear = /^.{4}[890]/.test(id);
  return isYear && isDdmmyy(id) && rest !== 1 && (11 - rest) % 11 === digitAt(id, 12);
}

/** Whether a Greek tax number's check digit holds: powers of two. */
export function isAfm(id: string): boolean {
  return Number(id) > 0 && (weighted(id, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digitAt(id, 8);
}

function isHungarianTaxId(id: string): boolean {
  return weighted(id, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digitAt(id, 9);
}

function isInn(id: string): boolean {
  if (isOneDigit(id)) return false;
  if (id.length === 10) return (weighted(id, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10 === digitAt(id, 9);
  const eleventh = (weighted(id, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
  const twelfth = (weighted(id, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
  return eleventh === digitAt(id, 10) && twelfth === digitAt(id, 11);
}

/** Weights 9 to 1 modulo 101; a rest of 100 is written 00. Numbers up to 001-001-998 carry no check. */
function isSnils(id: string): boolean {
  return (
    (weighted(id, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === Number(id.slice(9)) && Number(id.slice(0, 9)) > 1001998
  );
}

export const easternChecks: readonly Check[] = [
  identifier('pl-pesel', 'the date exists and the check digit holds', isPesel, '850314.....'),
  identifier('pl-nip', 'the check digit of a tax number holds', (id) => {
    return /^[1-9]/.test(id) && weighted(id, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(id, 9);
  }),
  identifier('pl-regon', 'the check digit of a business number holds', (id) => {
    return (weighted(id, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === digitAt(id, 8) && Number(id) > 0;
  }),
  identifier('pl-dowod', 'the check digit of an identity card holds', (id) => {
    const letters = Array.from(id.slice(0, 3)).reduce(
      (sum, char, i) => sum + parseInt(char, 36) * ([7, 3, 1][i] ?? 0),
      0,
    );
    return (letters + weighted(id.slice(3), [9, 7, 3, 1, 7, 3])) % 10 === 0;
  }),
  identifier('cz-rodne-cislo', 'the date exists and the number is divisible by eleven', isRodneCislo, '855314....'),
  identifier('ro-cnp', 'date and county exist and the check digit holds', isCnp, '185031440....'),
  identifier('bg-egn', 'the date exists and the check digit holds', isEgn, '850314....'),
  identifier('hr-oib', 'the check digit holds (ISO 7064)', (id) => !isOneDigit(id) && passesMod11And10(id)),
  identifier('jmbg', 'the date exists and the check digit holds', isJmbg, '1403985......'),
  identifier(
    'gr-amka',
    'the date exists and the Luhn check holds',
    (id) => isDdmmyy(id) && passesLuhn(id),
    '140385.....',
  ),
  identifier('gr-afm', 'the check digit of a Greek tax number holds', isAfm),
  identifier('hu-adoazonosito', 'the check digit of a Hungarian tax number holds', isHungarianTaxId),
  identifier('hu-taj', 'the check digit of a Hungarian insurance number holds', (id) => {
    return Number(id) > 0 && weighted(id, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === digitAt(id, 8);
  }),
  identifier('ru-inn', 'the check digits of a taxpayer number hold', isInn),
  identifier('ru-snils', 'the check of an insurance account holds (mod 101)', isSnils),
  identifier('ru-ogrn', 'the last digit is the rest of those before it', (id) => {
    const modulus = id.length - 2;
    return (Number(id.slice(0, -1)) % modulus) % 10 === digitAt(id, id.length - 1);
  }),
  identifier('ua-rntrc', 'the check digit of a taxpayer number holds', (id) => {
    const sum = weighted(id, [-1, 5, 7, 9, 4, 6, 10, 5, 7]);
    return !isOneDigit(id) && (((sum % 11) + 11) % 11) % 10 === digitAt(id, 9);
  }),
];
