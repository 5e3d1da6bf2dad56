/** Personal, tax and health numbers of the Americas. */
import type { Check } from './check.ts';
import { passesLuhn } from './checksums.ts';
import { bare, identifier } from './identifier.ts';
import { digitAt, isDay, isOneDigit, weighted } from './number-systems.ts';

/** Numbers that were printed on sample cards, in advertisements and in manuals. */
const publishedSsn = new Set([
  '111223333',
  '078051120',
  '219099999',
  '457555462',
  '123456789',
  '111111111',
  '333333333',
  '987654321',
]);

/** Area, group and serial as the Social Security Administration gives them out. */
function isSsn(id: string): boolean {
  return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(id) && !publishedSsn.has(id);
}

/** Groups that the tax office uses for taxpayers without a social security number. */
function isItin(id: string): boolean {
  const group = Number(id.slice(3, 5));
  return (
    id.startsWith('9') &&
    ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group !== 93 && group <= 99))
  );
}

/** Prefixes of the campuses that assign employer numbers. */
const einPrefixes = new Set(
  (
    '01 02 03 04 05 06 10 11 12 13 14 15 16 20 21 22 23 24 25 26 27 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 ' +
    '50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 80 81 82 83 84 85 86 87 88 90 91 92 93 94 95 98 99'
  ).split(' '),
);

function isRoutingNumber(id: string): boolean {
  const district = Number(id.slice(0, 2));
  const isDistrict =
    district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80;
  return isDistrict && Number(id) > 0 && weighted(id, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

function isDeaNumber(id: string): boolean {
  const digits = id.slice(-7);
  return /^[A-Z][A-Z9]/.test(id) && weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === digitAt(digits, 6);
}

/** Two check digits modulo 11, each 0 where the rest is below 2. */
function cpfDigit(id: string, weights: readonly number[]): number {
  const rest = weighted(id, weights) % 11;
  return rest < 2 ? 0 : 11 - rest;
}

function isCpf(id: string): boolean {
  return (
    !isOneDigit(id) &&
    cpfDigit(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) === digitAt(id, 9) &&
    cpfDigit(id, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === digitAt(id, 10)
  );
}

/** As of July 2026 the first twelve may be letters: each character counts as its code less 48. */
function isCnpj(id: string): boolean {
  const digit = (weights: readonly number[]): number => {
    const rest = weights.reduce((sum, weight, i) => sum + (id.charCodeAt(i) - 48) * weight, 0) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return (
    !/^(.)\1*$/.test(id) &&
    digit([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === digitAt(id, 12) &&
    digit([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === digitAt(id, 13)
  );
}

function isPis(id: string): boolean {
  return !isOneDigit(id) && cpfDigit(id, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === digitAt(id, 10);
}

/** A driving licence: the second check digit is two lower where the first was 10. */
function isCnh(id: string): boolean {
  const first = weighted(id, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
  const less = first > 9 ? 2 : 0;
  const rest = (weighted(id, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11) - less;
  const second = rest < 0 ? rest + 11 : rest;
  return !isOneDigit(id) && (first > 9 ? 0 : first) === digitAt(id, 9) && (second > 9 ? 0 : second) === digitAt(id, 10);
}

/** A voter's title: a state, and a check digit for the number and one for the state. */
function isTitulo(id: string): boolean {
  const state = Number(id.slice(8, 10));
  const first = (weighted(id, [2, 3, 4, 5, 6, 7, 8, 9]) % 11) % 10;
  const second = ((digitAt(id, 8) * 7 + digitAt(id, 9) * 8 + first * 9) % 11) % 10;
  return state >= 1 && state <= 28 && first === digitAt(id, 10) && second === digitAt(id, 11);
}

const curpAlphabet = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';

function isCurp(id: string): boolean {
  const sum = Array.from(id.slice(0, 17)).reduce((total, char, i) => total + curpAlphabet.indexOf(char) * (18 - i), 0);
  return isDay(Number(id.slice(6, 8)), Number(id.slice(8, 10))) && (10 - (sum % 10)) % 10 === digitAt(id, 17);
}

const rfcAlphabet = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';

/** Of persons four letters, of companies three, then the date and three characters of which the last checks. */
function isRfc(id: string): boolean {
  const padded = id.padStart(13, ' ');
  const sum = Array.from(padded.slice(0, 12)).reduce(
    (total, char, i) => total + rfcAlphabet.indexOf(char) * (13 - i),
    0,
  );
  const rest = (11 - (sum % 11)) % 11;
  const isDated = isDay(Number(padded.slice(6, 8)), Number(padded.slice(8, 10)));
  return isDated && (rest === 10 ? 'A' : String(rest)) === padded[12];
}

function isCuit(id: string): boolean {
  const rest = (11 - (weighted(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return /^(?:2[03-7]|3[034])/.test(id) && (rest === 10 ? 9 : rest) === digitAt(id, 10);
}

function isRut(id: string): boolean {
  const body = id.slice(0, -1).padStart(8, '0');
  const rest = (11 - (weighted(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return Number(body) >= 1_000_000 && (rest === 10 ? 'K' : String(rest)) === id.at(-1);
}

function isNit(id: string): boolean {
  const body = id.slice(0, -1);
  const weights = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43].slice(0, body.length).toReversed();
  const rest = weighted(body, weights) % 11;
  return (rest < 2 ? rest : 11 - rest) === digitAt(id, id.length - 1);
}

function isRuc(id: string): boolean {
  const rest = (11 - (weighted(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
  return /^(?:10|15|16|17|20)/.test(id) && rest === digitAt(id, 10);
}

function isEcuadorian(id: string): boolean {
  const province = Number(id.slice(0, 2));
  return ((province >= 1 && province <= 24) || province === 30) && digitAt(id, 2) < 6 && passesLuhn(id);
}

/** Bank and branch, then the account, each with its check digit (Banco Central de la República Argentina). */
function isCbu(id: string): boolean {
  return (
    !isOneDigit(id) &&
    weighted(id, [7, 1, 3, 9, 7, 1, 3, 1]) % 10 === 0 &&
    weighted(id.slice(8), [3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3, 1]) % 10 === 0
  );
}

/** An Ecuadorian taxpayer: a person's number, a company's (9) or a public body's (6), then the establishment. */
function isEcuadorianTaxpayer(id: string): boolean {
  if (id[2] === '6') return !id.endsWith('0000') && weighted(id, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  if (id.endsWith('000')) return false;
  if (id[2] === '9') return weighted(id, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  return isEcuadorian(id.slice(0, 10));
}

/** Kinds of Venezuelan taxpayers, by what their letter adds to the sum. */
const rifLetters: Readonly<Record<string, number>> = { V: 4, E: 8, J: 12, P: 16, G: 20 };

function isRif(id: string): boolean {
  const sum = (rifLetters[id[0] ?? ''] ?? 0) + weighted(id.slice(1), [3, 2, 7, 6, 5, 4, 3, 2]);
  return '00987654321'[sum % 11] === id[9];
}

export const americanChecks: readonly Check[] = [
  {
    name: 'us-ssn',
    about: 'area, group and serial are ones that are assigned',
    test: ({ value }) => isSsn(bare(value)),
    fix: (value) =>
      value
        .replace(/^\d/, '2')
        .replace(/\d(?=\D*\d{4}$)/, '4')
        .replace(/\d$/, '1'),
  },
  identifier('us-itin', 'the group is one that the tax office uses', isItin, '9..70....'),
  identifier(
    'us-ein',
    'the prefix is that of a campus',
    (id) => einPrefixes.has(id.slice(0, 2)) && !isOneDigit(id.slice(2)),
    '12.......',
  ),
  identifier('us-aba', 'the district exists and the check digit holds', isRoutingNumber, '12.......'),
  identifier('us-npi', 'the Luhn check holds behind 80840', (id) => !isOneDigit(id) && passesLuhn(`80840${id}`)),
  identifier('us-dea', 'the check digit of a prescriber number holds', isDeaNumber),
  identifier(
    'ca-sin',
    'it is assigned and the Luhn check holds',
    (id) => /^[1-79]/.test(id) && !isOneDigit(id) && passesLuhn(id),
  ),
  identifier('ca-ohip', 'the Luhn check holds', (id) => !isOneDigit(id.slice(0, 10)) && passesLuhn(id.slice(0, 10))),
  identifier('br-cpf', 'both check digits hold', isCpf),
  identifier('br-cnpj', 'both check digits hold', isCnpj),
  identifier('br-pis', 'the check digit holds', isPis),
  identifier('br-cnh', 'both check digits hold', isCnh),
  identifier('br-titulo', 'the state exists and both check digits hold', isTitulo, '01..'),
  identifier('br-cns', 'the sum weighted 15 to 1 is divisible by eleven', (id) => {
    return weighted(id, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  }),
  identifier('mx-curp', 'the date exists and the check digit holds', isCurp, '850314........'),
  identifier('mx-rfc', 'the date exists and the check character holds', isRfc, '850314...'),
  identifier('ar-cuit', 'the prefix is used and the check digit holds', isCuit),
  identifier('cl-rut', 'the check character holds', isRut),
  identifier('co-nit', 'the check digit holds', isNit),
  identifier('pe-ruc', 'the prefix is used and the check digit holds', isRuc),
  identifier('ec-cedula', 'the province exists and the Luhn check holds', isEcuadorian, '171.......'),
  identifier('do-cedula', 'the Luhn check holds', (id) => !isOneDigit(id) && passesLuhn(id)),
  identifier('uy-cedula', 'the check digit holds', (id) => {
    return weighted(id, [2, 9, 8, 7, 6, 3, 4, 1]) % 10 === 0 && !isOneDigit(id);
  }),
  identifier('mx-clabe', 'the check digit holds', (id) => {
    return !isOneDigit(id) && weighted(id, [3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
  }),
  identifier('ar-cbu', 'both check digits hold', isCbu, '07200168..............'),
  identifier('ec-ruc', 'the kind of taxpayer exists and the check digit holds', isEcuadorianTaxpayer, '171.......001'),
  identifier('ve-rif', 'the check digit holds', isRif),
];
