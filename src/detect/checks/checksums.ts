/** Checksums that tokens and account numbers carry. Algorithms: verified against published samples unless noted. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Check } from './check.ts';

const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** CRC-32 (IEEE, as in zlib) of single-byte characters, unsigned. */
export function crc32(text: string): number {
  let crc = -1;
  for (let i = 0; i < text.length; i++) crc = (crcTable[(crc ^ text.charCodeAt(i)) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

const digitsUpperLower = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digitsLowerUpper = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function inBase(number: number, alphabet: string, width: number): string {
  let rest = number;
  let text = '';
  while (rest > 0) {
    text = (alphabet[rest % alphabet.length] ?? '') + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text.padStart(width, alphabet[0]);
}

/** A check whose last characters are a function of those before them. */
function tailCheck(name: string, about: string, width: number, tail: (head: string) => string): Check {
  const headOf = (value: string): string => value.slice(0, value.length - width);
  return {
    name,
    about,
    test: ({ value }) => value.length > width && value.slice(-width) === tail(headOf(value)),
    fix: (value) => headOf(value) + tail(headOf(value)),
  };
}

const afterPrefix = (head: string): string => head.slice(head.indexOf('_') + 1);

/** The sum of a number's digits with every second one, from the right, doubled. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function luhnFix(value: string): string {
  const last = value.length - 1;
  for (let digit = 0; digit < 10; digit++) {
    const candidate = value.slice(0, last) + String(digit);
    if (passesLuhn(candidate.replaceAll(/\D/g, ''))) return candidate;
  }
  return value;
}

/** Remainder modulo 97 of an IBAN's characters, the first four moved to the end, letters as two digits (ISO 13616). */
function ibanRemainder(iban: string): number {
  let remainder = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const digits = /\d/.test(char) ? char : String(char.charCodeAt(0) - 55);
    for (const digit of digits) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder;
}

/** Lengths by country (SWIFT's IBAN registry). */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 ' +
    'FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 ' +
    'LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 ' +
    'SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

function bech32Polymod(values: readonly number[]): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of generator.entries()) if ((top >>> bit) & 1) check ^= term;
  }
  return check;
}

const bech32Alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const ageHrp = 'age-secret-key-';
const expandedHrp = Array.from(ageHrp)
  .map((c) => c.charCodeAt(0) >> 5)
  .concat(
    0,
    Array.from(ageHrp).map((c) => c.charCodeAt(0) & 31),
  );

function bech32Data(value: string): readonly number[] {
  return Array.from(value.toLowerCase().slice(ageHrp.length + 1), (c) => bech32Alphabet.indexOf(c));
}

/** GitHub's fine-grained tokens: eight characters of base32(SHA-256) over the first two parts. */
function fineGrainedCheck(head: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = createHash('sha256').update(head, 'latin1').digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  return Array.from({ length: 8 }, (_, i) => alphabet[Number((bits >> BigInt(35 - 5 * i)) & 31n)]).join('');
}

/** The CRC-32, in hex, of what stands between a token's prefix and its last underscore. */
function separateCheck(value: string): string {
  const body = afterPrefix(value.slice(0, value.lastIndexOf('_')));
  return inBase(crc32(body), '0123456789abcdef', 8);
}

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Whether a text is base58 with a checksum (as Bitcoin writes private keys). */
function passesBase58Check(text: string): boolean {
  let number = 0n;
  for (const char of text) {
    const digit = base58.indexOf(char);
    if (digit < 0) return false;
    number = number * 58n + BigInt(digit);
  }
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
  const body = bytes.subarray(0, -4);
  return bytes.length > 4 && sha256(sha256(body)).subarray(0, 4).equals(bytes.subarray(-4));
}

export const checksumChecks: readonly Check[] = [
  tailCheck('github-crc32', 'the last six characters are the CRC-32 of the body in base 62', 6, (head) =>
    inBase(crc32(afterPrefix(head)), digitsUpperLower, 6),
  ),
  {
    name: 'github-fine-grained',
    about: 'eight characters are the base32 SHA-256 of what precedes them',
    test: ({ value }) => value.slice(77, 85) === fineGrainedCheck(value.slice(0, 77)),
    fix: (value) => value.slice(0, 77) + fineGrainedCheck(value.slice(0, 77)) + value.slice(85),
  },
  tailCheck('gitlab-crc32', 'the last seven characters are the CRC-32 of what precedes them in base 36', 7, (head) =>
    inBase(crc32(head), digitsLowerUpper.slice(0, 36), 7),
  ),
  tailCheck(
    'crc32-upper-hex',
    'the last eight characters are the CRC-32 of what precedes them, in upper-case hex',
    8,
    (head) => inBase(crc32(head), '0123456789ABCDEF', 8),
  ),
  tailCheck(
    'body-crc32-hex',
    'the last eight characters are the CRC-32 of the body after the prefix, in hex',
    8,
    (head) => inBase(crc32(afterPrefix(head)), '0123456789abcdef', 8),
  ),
  tailCheck('grafana-crc32', 'the last eight characters are the CRC-32 of the first 37, little-endian', 8, (head) => {
    const hex = inBase(crc32(head.slice(0, 37)), '0123456789abcdef', 8);
    return [6, 4, 2, 0].map((i) => hex.slice(i, i + 2)).join('');
  }),
  tailCheck('apify-crc32', 'the last six characters are the CRC-32 of what precedes them in base 62', 6, (head) =>
    inBase(crc32(head), digitsLowerUpper, 6),
  ),
  {
    name: 'luhn',
    about: 'the digits pass the Luhn check and are not all the same',
    test: ({ value }) => {
      const digits = value.replaceAll(/\D/g, '');
      return passesLuhn(digits) && !/^(\d)\1*$/.test(digits);
    },
    fix: luhnFix,
  },
  {
    name: 'iban-mod97',
    about: 'the length is that of the country and the check digits hold (ISO 13616)',
    test: ({ value }) => {
      const iban = value.replaceAll(/[ -]/g, '').toUpperCase();
      return ibanLengths[iban.slice(0, 2)] === iban.length && ibanRemainder(iban) === 1;
    },
    fix: (value) => {
      const iban = value.replaceAll(/[ -]/g, '').toUpperCase();
      const sized = iban.padEnd(ibanLengths[iban.slice(0, 2)] ?? 22, '0').slice(0, ibanLengths[iban.slice(0, 2)] ?? 22);
      const check = 98 - ibanRemainder(`${sized.slice(0, 2)}00${sized.slice(4)}`);
      return sized.slice(0, 2) + String(check).padStart(2, '0') + sized.slice(4);
    },
  },
  {
    name: 'bech32',
    about: 'the checksum of an age key holds',
    test: ({ value }) => {
      const data = bech32Data(value);
      return !data.includes(-1) && bech32Polymod([...expandedHrp, ...data]) === 1;
    },
    fix: (value) => {
      const data = bech32Data(value).slice(0, -6);
      const check = bech32Polymod([...expandedHrp, ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
      const tail = Array.from({ length: 6 }, (_, i) => bech32Alphabet[(check >>> (5 * (5 - i))) & 31]).join('');
      return value.slice(0, -6) + tail.toUpperCase();
    },
  },
  {
    name: 'separate-crc32-hex',
    about: 'the eight characters behind the last underscore are the CRC-32 of those before it, in hex',
    test: ({ value }) => value.slice(-8) === separateCheck(value),
    fix: (value) => value.slice(0, -8) + separateCheck(value),
  },
  {
    name: 'base58check',
    about: 'the last four bytes of its base58 are the double SHA-256 of those before them',
    test: ({ value }) => passesBase58Check(value),
  },
];
