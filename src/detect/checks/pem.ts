/** Checks of private keys in PEM and its likes, and where such a key ends. */
import { Buffer } from 'node:buffer';
import { isMixed, pemLooks, readPem, readPemBegin, type PemBody } from '../pem.ts';
import type { Candidate, Check } from './check.ts';

/** An Ed25519 key in PKCS #8 has 48 bytes, which are 64 characters; no private key has fewer. */
const shortestKey = 64;
/** Of a key that is cut off, one line of this width is enough, or several that come to more. */
const leastWide = 40;
const leastSeveral = 48;
/** So many characters tell what a key is. */
const examined = 256;

/** Where the line ends that opens a key: what a rule's pattern matches. */
function openingEnd(value: string): number {
  return /^-{4,5} ?BEGIN [A-Z0-9 ]+-{4,5}|^PuTTY[\s\S]*?Private-Lines: \d+/.exec(value)?.[0].length ?? 0;
}

function bodyOf({ text, start, value }: Candidate): PemBody {
  return readPemBegin(text, start + openingEnd(value));
}

/** How many characters of base64 its lines come to. */
function lengthOf({ lines }: PemBody): number {
  return lines.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The first characters of a key, without what stands between its lines. */
function materialOf(text: Uint8Array, { lines }: PemBody): string {
  let material = '';
  for (const { start, end } of lines) {
    if (material.length >= examined) break;
    material += Buffer.from(text.subarray(start, Math.min(end, start + examined))).toString('latin1');
  }
  return material.replaceAll('\\', '');
}

/** Whether there is enough of a key to be one. */
function isEnough(body: PemBody): boolean {
  if (body.isClosed) return lengthOf(body) >= shortestKey;
  const least = body.lines.length === 1 ? leastWide : leastSeveral;
  return lengthOf(body) >= least;
}

/** Whether what stands behind an opening line is a key, or enough of one. */
export function isKeyBody(text: Uint8Array, body: PemBody): boolean {
  return isEnough(body) && isMixed(materialOf(text, body));
}

export const pemChecks: readonly Check[] = [
  {
    name: 'pem-lines',
    about: 'lines of base64 follow; the value ends behind the last of them, or behind the closing line',
    extent: {
      ahead: pemLooks,
      endOf(text, end) {
        const body = readPem(text, end);
        return { end: isEnough(body) ? body.end : end, isSettled: body.isSettled };
      },
    },
    test: (candidate) => isMixed(materialOf(candidate.text, bodyOf(candidate))),
    fix: (value) => {
      const line = (seed: number): string =>
        Buffer.from(Array.from({ length: 48 }, (_, index) => (index * seed + (index >> 2) * 89) & 0xff)).toString(
          'base64',
        );
      return `${value}\nMIIE${line(167).slice(4)}\n${line(109)}\n${line(59).slice(0, 31)}=\n`;
    },
  },
  {
    name: 'pem-body',
    about: 'the body is a DER sequence, an OpenSSH key, or an OpenPGP packet',
    test: (candidate) => {
      const { value } = candidate;
      const material = materialOf(candidate.text, bodyOf(candidate));
      if (material.length < leastWide) return false;
      const bytes = Buffer.from(material.slice(0, 64), 'base64');
      if (value.includes('OPENSSH')) return bytes.toString('latin1').startsWith('openssh-key-v1');
      if (value.includes('PGP')) return ((bytes[0] ?? 0) & 0x80) !== 0;
      return bytes[0] === 0x30 || value.includes('ENCRYPTED');
    },
  },
  {
    name: 'pem-length',
    about: 'the body is as long as that of the shortest private key',
    test: (candidate) => lengthOf(bodyOf(candidate)) >= shortestKey,
  },
];
