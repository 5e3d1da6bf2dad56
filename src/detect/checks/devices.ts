/** Numbers of devices, vehicles, travel documents and wallets. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Check } from './check.ts';
import { passesLuhn } from './checksums.ts';
import { bare, identifier } from './identifier.ts';
import { passes731 } from './identity-europe-west.ts';
import { isDay, isOneDigit } from './number-systems.ts';

const vinValues = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** Position nine is the rest of the weighted sum modulo eleven, X for ten (49 CFR 565; GB 16735). */
function isVin(id: string): boolean {
  const sum = vinWeights.reduce((total, weight, i) => total + (vinValues.indexOf(id[i] ?? '') % 10) * weight, 0);
  return /\d/.test(id) && /[A-HJ-NPR-Z]/.test(id) && !/[IOQ]/.test(id) && '0123456789X'[sum % 11] === id[8];
}

/** First digits of mobile country codes: zones 2 to 7, and 9 for the world. */
function isImsi(id: string): boolean {
  return /^(?:2[0-9]{2}|3[0-7]\d|4[0-7]\d|5[0-5]\d|6[0-5]\d|7[0-4]\d|901)/.test(id) && !isOneDigit(id);
}

/** The second line of a passport: number, nationality, birth, expiry, each with its digit, and one over all (ICAO 9303-4). */
function isPassportLine(value: string): boolean {
  const line = value.toUpperCase();
  const checks = [
    line.slice(0, 10),
    line.slice(13, 20),
    line.slice(21, 28),
    line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43) + line.slice(43),
  ];
  return (
    checks.every((part) => passes731(part)) && isDay(Number(line.slice(15, 17)) || 1, Number(line.slice(17, 19)) || 1)
  );
}

const base58Alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Version, hash and four bytes of a double SHA-256 over both, in base 58. */
function isBase58Address(value: string): boolean {
  let number = 0n;
  for (const char of value) number = number * 58n + BigInt(Math.max(0, base58Alphabet.indexOf(char)));
  const hex = number.toString(16).padStart(50, '0');
  if (hex.length !== 50) return false;
  const bytes = Buffer.from(hex, 'hex');
  const sha = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
  return sha(sha(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

const bech32Alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The checksum of BIP 173, or of BIP 350 for later witness versions. */
function isBech32Address(value: string): boolean {
  const lower = value.toLowerCase();
  if (lower !== value && value.toUpperCase() !== value) return false;
  const data = Array.from(lower.slice(3), (char) => bech32Alphabet.indexOf(char));
  let check = 1;
  for (const part of [3, 3, 0, 2, 3, ...data]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ part;
    for (const [bit, term] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries())
      if ((top >>> bit) & 1) check ^= term;
  }
  return !data.includes(-1) && check === (data[0] === 0 ? 1 : 0x2bc830a3);
}

export const deviceChecks: readonly Check[] = [
  identifier('imei', 'the Luhn check holds', (id) => !isOneDigit(id) && passesLuhn(id)),
  identifier('imsi', 'the country code is in a zone that exists', isImsi, '310............'),
  identifier('vin', 'it mixes letters and digits and the check character holds', isVin),
  {
    name: 'mrz',
    about: 'every check digit of the line holds (ICAO 9303)',
    test: ({ value }) => isPassportLine(value),
    // The specimen of the standard.
    fix: () => 'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
  },
  {
    name: 'bitcoin',
    about: 'the checksum of the address holds',
    test: ({ value }) => (/^bc1/i.test(value) ? isBech32Address(value) : isBase58Address(value)),
    fix: () => bitcoinAddress(),
  },
  {
    name: 'mac-address',
    about: "it is a device's: not all zeros or ones, no multicast, and one separator throughout",
    test: ({ value }) => isDeviceAddress(value),
  },
];

/** An address for no key: version 0 and twenty bytes of a digest. */
function bitcoinAddress(): string {
  const sha = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
  const body = Buffer.concat([Buffer.from([0]), sha(Buffer.from('no key')).subarray(0, 20)]);
  let number = BigInt(`0x${Buffer.concat([body, sha(sha(body)).subarray(0, 4)]).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = (base58Alphabet[Number(number % 58n)] ?? '') + text;
  return `1${text}`;
}

function isDeviceAddress(value: string): boolean {
  const id = bare(value);
  const separators = new Set(value.replaceAll(/[A-Za-z0-9]/g, ''));
  return separators.size === 1 && !/^(?:0+|F+)$/.test(id) && !/^01005E|^3333/.test(id);
}
