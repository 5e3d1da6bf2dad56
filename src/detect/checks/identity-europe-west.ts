/** Personal and business numbers of Germany, Austria, Switzerland, France, the Low Countries, Iberia and Italy. */
import type { Check } from './check.ts';
import { passesLuhn } from './checksums.ts';
import { identifier } from './identifier.ts';
import {
  digitAt,
  isBirthday,
  isDay,
  isDdmmyy,
  passesMod11And10,
  passesVerhoeff,
  remainder,
  weighted,
} from './number-systems.ts';

/** Of the first ten digits one occurs twice or three times (never three in a row), and the others at most once. */
function isSteuerId(id: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of id.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  const isSpread = repeated.length === 1 && (repeated[0] ?? 0) <= 3 && !/^\d*(\d)\1\1\d*\d$/.test(id);
  // Test numbers that the tax office publishes hold each digit once.
  return !id.startsWith('0') && (isSpread || counts.size === 10) && passesMod11And10(id);
}

/** Weights 7, 3, 1 over digits and letters (A is 10): documents by ICAO 9303. */
export function passes731(id: string): boolean {
  const body = id.slice(0, -1);
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const code = body.charCodeAt(i);
    const value = code >= 65 ? code - 55 : code >= 48 && code <= 57 ? code - 48 : 0;
    sum += value * ([7, 3, 1][i % 3] ?? 0);
  }
  return sum % 10 === digitAt(id, id.length - 1);
}

/** Letters that could be read as another, and vowels, do not occur; provisional documents are T and digits without check. */
function isGermanDocument(id: string): boolean {
  return /^[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{7}\d$/.test(id) && (/^T\d{8}$/.test(id) || passes731(id));
}

/** The letter counts as two digits; digit sums of products with the weights are added (VKVV § 4). */
function isRentenversicherung(id: string): boolean {
  const day = Number(id.slice(2, 4));
  const digits = id.slice(0, 8) + String(id.charCodeAt(8) - 64).padStart(2, '0') + id.slice(9, 11);
  const sum = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].reduce((total, weight, i) => {
    const product = digitAt(digits, i) * weight;
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return isDay(Number(id.slice(4, 6)), day > 31 ? day - 50 : day) && sum % 10 === digitAt(id, 11);
}

function isKrankenversicherung(id: string): boolean {
  const digits = String(id.charCodeAt(0) - 64).padStart(2, '0') + id.slice(1, 9);
  const sum = Array.from(digits).reduce((total, _, i) => {
    const product = digitAt(digits, i) * (i % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return sum % 10 === digitAt(id, 9);
}

/** A physician's number: six digits, their check digit, and a specialty. */
function isArztnummer(id: string): boolean {
  const sum = weighted(id, [4, 9, 4, 9, 4, 9]);
  return (10 - (sum % 10)) % 10 === digitAt(id, 6);
}

/** Key 97 less the remainder of the first 13; departments of Corsica count as 19 and 18. */
function isNir(id: string): boolean {
  const body = id.slice(0, 13).replace('2A', '19').replace('2B', '18');
  const month = Number(id.slice(3, 5));
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return isMonth && 97 - remainder(body, 97) === Number(id.slice(13));
}

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Whether the letter of a Spanish number is its rest modulo 23. */
export function isDni(id: string): boolean {
  return dniLetters[Number(id.slice(0, -1)) % 23] === id.at(-1);
}

/** Whether the letter of a Spanish foreigner's number is the rest; its first letter is a digit. */
export function isNie(id: string): boolean {
  return isDni(String('XYZ'.indexOf(id[0] ?? '')) + id.slice(1));
}

/** Whether the check character of a Spanish company's number holds, as a digit or as a letter. */
export function isCif(id: string): boolean {
  const body = id.slice(1, 8);
  const sum = Array.from(body).reduce((total, _, i) => {
    const digit = digitAt(body, i);
    return total + (i % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2);
  }, 0);
  const check = (10 - (sum % 10)) % 10;
  return id[8] === String(check) || id[8] === 'JABCDEFGHI'[check];
}

const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** In odd places letters and digits count by a table, in even ones by their rank; digits may be replaced by LMNPQRSTUV. */
function codiceFiscaleLetter(id: string): string {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const code = id.charCodeAt(i);
    const rank = code >= 65 ? code - 65 : code - 48;
    sum += i % 2 === 0 ? (oddValues[rank] ?? 0) : rank;
  }
  return String.fromCharCode(65 + (sum % 26));
}

/** Whether a Dutch number of nine digits passes the eleven-test. */
export function passesElevenTest(digits: string): boolean {
  return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

function isBsn(id: string): boolean {
  return Number(id) > 9_999_999 && passesElevenTest(id.padStart(9, '0'));
}

/** The date may lack day or month; the month of numbers given before a registration is 20 or 40 higher. */
function isRijksregister(id: string): boolean {
  const month = Number(id.slice(2, 4)) % 20;
  const day = Number(id.slice(4, 6));
  const isDated = month === 0 || day === 0 || isDay(month, day);
  const check = Number(id.slice(9));
  const body = id.slice(0, 9);
  return isDated && (97 - remainder(body, 97) === check || 97 - remainder(`2${body}`, 97) === check);
}

/** Whether the first digits of a Portuguese number are in use (45: non-residents, 7x: estates and funds), and its check digit holds. */
export function isNif(id: string): boolean {
  const check = 11 - (weighted(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return /^(?:[1-35689]|45|7[0-24-57-9])/.test(id) && (check > 9 ? 0 : check) === digitAt(id, 8);
}

function isSvnr(id: string): boolean {
  const isDated = isDdmmyy(id.slice(4)) || /^.{4}(?:[0-2]\d|3[01])1[3-5]/.test(id);
  return /^[1-9]/.test(id) && isDated && weighted(id, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitAt(id, 3);
}

/** A date of birth, the Luhn digit of the first eleven, and their Verhoeff digit. */
function isMatricule(id: string): boolean {
  return isBirthday(id) && passesLuhn(id.slice(0, 12)) && passesVerhoeff(id.slice(0, 11) + id.slice(12));
}

/** Luhn over letters too, which count 10 to 35. */
function isCitizenCard(id: string): boolean {
  const sum = Array.from(id).reduce((total, char, i) => {
    const value = parseInt(char, 36) * (i % 2 === 0 ? 2 : 1);
    return total + (i % 2 === 0 && value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** EAN-13: weights 1 and 3 in turn. */
function passesEan13(id: string): boolean {
  return weighted(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

export const westernChecks: readonly Check[] = [
  identifier(
    'de-steuer-id',
    'one digit repeats as it must and the check digit holds (ISO 7064)',
    isSteuerId,
    '1234567....',
  ),
  identifier(
    'de-document',
    'the letters are those of German documents and the check digit holds (7-3-1)',
    isGermanDocument,
  ),
  identifier(
    'de-rentenversicherung',
    'the date exists and the check digit holds',
    isRentenversicherung,
    '15140385.1..',
  ),
  identifier('de-krankenversicherung', 'the check digit of a health insurance number holds', isKrankenversicherung),
  identifier('de-arztnummer', 'the check digit of a physician number holds', isArztnummer),
  identifier('de-ust-id', 'the check digit of a German VAT number holds (ISO 7064)', (id) =>
    passesMod11And10(id.slice(2)),
  ),
  identifier('at-svnr', 'the date exists and the check digit holds', isSvnr, '....140385'),
  identifier('ch-uid', 'the check digit holds', (id) => {
    return Number(id.slice(3)) > 0 && weighted(id.slice(3), [5, 4, 3, 2, 7, 6, 5, 4, 1]) % 11 === 0;
  }),
  identifier('ch-ahv', 'the check digit holds (EAN-13)', passesEan13),
  identifier('fr-nir', 'the month is one that is used and the key holds (mod 97)', isNir),
  identifier('fr-spi', 'the last three digits are the rest of the first ten (mod 511)', (id) => {
    return /^[0-3]/.test(id) && Number(id) > 0 && remainder(id.slice(0, 10), 511) === Number(id.slice(10));
  }),
  identifier(
    'fr-siret',
    'the Luhn check holds, for the whole and for the company',
    (id) => {
      return passesLuhn(id.slice(0, 9)) && passesLuhn(id) && Number(id) > 0;
    },
    '100000009.....',
  ),
  identifier('es-dni', 'the letter is the rest of the number (mod 23)', isDni),
  identifier('es-nie', 'the letter is the rest of the number (mod 23)', isNie),
  identifier('es-cif', 'the check character of a Spanish company holds', isCif),
  identifier('es-nuss', 'the last two digits are the rest of the first ten (mod 97)', (id) => {
    return remainder(id.slice(0, 10), 97) === Number(id.slice(10));
  }),
  {
    name: 'it-codice-fiscale',
    about: 'it is in one case, not all of its digits are letters, and the check letter holds',
    // Letters take the place of single digits where two people would share a code; names in programs have two cases.
    test: ({ value }) => {
      const upper = value.toUpperCase();
      const isCode = /\d/.test(value) && (value === upper || value === value.toLowerCase());
      return isCode && codiceFiscaleLetter(upper) === upper.slice(15);
    },
    fix: (value) => {
      const code = `${value.slice(0, 6)}85${value.slice(8, 15)}`.toUpperCase();
      return code + codiceFiscaleLetter(code);
    },
  },
  identifier(
    'it-partita-iva',
    'the office exists and the Luhn check holds',
    (id) => {
      const digits = id.replace(/^IT/, '');
      const office = Number(digits.slice(7, 10));
      const isOffice = (office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office);
      return Number(digits.slice(0, 7)) > 0 && isOffice && passesLuhn(digits);
    },
    '.......058.',
  ),
  identifier('nl-bsn', 'the eleven-test holds', isBsn, '1.......'),
  identifier('be-rijksregister', 'the date exists and the check holds (mod 97)', isRijksregister, '850314.....'),
  identifier('lu-matricule', 'the date exists and both check digits hold', isMatricule, '19850314.....'),
  identifier('pt-cartao-cidadao', 'the check digit over letters and digits holds', isCitizenCard),
  identifier('pt-nif', 'the check digit of a taxpayer number holds', isNif, '2........'),
];
