/** Checks of what stands right beside a number, and of card numbers published for tests. */
import { Buffer } from 'node:buffer';
import { wordSet } from '../regex/syntax.ts';
import type { Candidate, Check } from './check.ts';
import { isDay } from './number-systems.ts';

/** Numbers that payment services publish for tests. */
const testCards = new Set(
  (
    '4242424242424242 4111111111111111 4012888888881881 4000056655665556 4000000000000002 4000000000000077 5555555555554444 ' +
    '5105105105105100 5200828282828210 2223003122003222 378282246310005 371449635398431 378734493671000 6011111111111117 ' +
    '6011000990139424 3530111333300000 3566002020360505 4000000000003220 4222222222222 5454545454545454 4917610000000000'
  ).split(' '),
);

const digitsOf = (value: string): string => value.replaceAll(/\D/g, '');

/** Beside these a number is a part of something else: a version, a path, an id, a hash. */
function isClear({ text, start, end }: Candidate): boolean {
  const before = start > 0 ? (text[start - 1] ?? 0) : 0x20;
  const after = end < text.length ? (text[end] ?? 0) : 0x20;
  const beyond = end + 1 < text.length ? (text[end + 1] ?? 0) : 0x20;
  if (isOneOf(before, '.-/+')) return false;
  if (wordSet[after] === 1 || isOneOf(after, '/')) return false;
  return !(isOneOf(after, '.-+') && wordSet[beyond] === 1);
}

function isOneOf(byte: number, chars: string): boolean {
  return chars.includes(String.fromCharCode(byte));
}

/** Whether another group of four stands beside it, as in tables of numbers and dumps of bytes. */
function isInTable({ text, start, end }: Candidate): boolean {
  const around = (from: number, to: number): string =>
    Buffer.from(
      text.buffer,
      text.byteOffset + Math.max(0, from),
      Math.min(text.length, to) - Math.max(0, from),
    ).toString('latin1');
  return (
    /(?:^|[^0-9A-Za-z])[0-9A-Fa-f]{4}[ -]$/.test(around(start - 6, start)) ||
    /^[ -][0-9A-Fa-f]{4}(?![0-9A-Za-z])/.test(around(end, end + 6))
  );
}

/** As {@link isClear}, for an address that may stand behind the `//` of a URL and before its path. */
function isClearAddress({ text, start, end }: Candidate): boolean {
  const before = start > 0 ? (text[start - 1] ?? 0) : 0x20;
  const after = end < text.length ? (text[end] ?? 0) : 0x20;
  const beyond = end + 1 < text.length ? (text[end + 1] ?? 0) : 0x20;
  if (isOneOf(before, '.-+:') || (before === 0x2f && text[start - 2] !== 0x2f)) return false;
  return wordSet[after] !== 1 && !(isOneOf(after, '.-+') && wordSet[beyond] === 1);
}

/** Latitude and longitude within their ranges, and not both of them zero. */
function isPlace(value: string): boolean {
  const [latitude = 0, longitude = 0] = Array.from(value.matchAll(/-?\d{1,3}\.\d+/g), ([number]) => Number(number));
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0);
}

/** Whether some reading of a date's numbers (year, month and day in any order) is a day. */
function isBirthDate(value: string): boolean {
  const numbers = value.match(/\d+/g) ?? [];
  if (/[A-Za-z]{3}/.test(value.replace(/st|nd|rd|th/, '')))
    return /jan|feb|mar|apr|ma[iyj]|jun|jul|aug|se[pt]|o[ck]t|nov|de[cz]/i.test(value);
  const [first = 0, second = 0, third = 0] = (
    numbers.length === 1 ? [value.slice(0, 4), value.slice(4, 6), value.slice(6)] : numbers
  ).map(Number);
  return first > 31 ? isDay(second, third) : isDay(second, first) || isDay(first, second);
}

/** Countries with banks that have a code (ISO 3166-1, and XK). */
const bankCountries = new Set(
  (
    'AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM ' +
    'CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ES ET FI FJ FO FR GA GB GD GE GH GI GL GM GN GQ GR GT GW GY HK HN ' +
    'HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG ' +
    'MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PS PT PY QA RO RS RU RW SA SC SD ' +
    'SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TC TD TG TH TJ TL TM TN TO TR TT TW TZ UA UG US UY UZ VA VC VE VG VN VU WS ' +
    'XK YE ZA ZM ZW'
  ).split(' '),
);

export const numberChecks: readonly Check[] = [
  {
    name: 'clear-boundary',
    about: 'it is no part of a version, path, identifier or hash',
    back: 1,
    ahead: 2,
    test: isClear,
  },
  {
    name: 'no-further-group',
    about: 'no further group of four stands beside its own',
    back: 6,
    ahead: 6,
    test: (candidate) => !isInTable(candidate),
  },
  {
    name: 'test-card',
    about: 'it is a card number published for tests',
    test: ({ value }) => testCards.has(digitsOf(value)),
    fix: () => '4242 4242 4242 4242',
  },
  {
    name: 'not-test-card',
    about: 'it is no card number published for tests',
    test: ({ value }) => !testCards.has(digitsOf(value)),
  },
  {
    name: 'clear-address',
    about: 'it is no part of a longer number, name or path',
    back: 2,
    ahead: 2,
    test: isClearAddress,
  },
  {
    name: 'not-one-digit',
    about: 'its digits are not all the same',
    test: ({ value }) => !/^(\d)\1*$/.test(digitsOf(value)),
  },
  {
    name: 'coordinates',
    about: 'latitude and longitude are within their ranges and not both zero',
    test: ({ value }) => isPlace(value),
  },
  {
    name: 'bic',
    about: 'the fifth and sixth letters are a country',
    test: ({ value }) => bankCountries.has(value.slice(4, 6)),
    fix: (value) => `${value.slice(0, 4)}DE${value.slice(6)}`,
  },
  {
    name: 'birth-date',
    about: 'the day exists',
    test: ({ value }) => isBirthDate(value),
    fix: () => '1984-03-07',
  },
];
