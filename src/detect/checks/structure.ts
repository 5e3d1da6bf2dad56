/** Checks of what a value is made of once it is decoded. */
import { Buffer } from 'node:buffer';
import type { Check } from './check.ts';

/** The value of a JSON part in base64url; undefined when it is none. */
export function decodeJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch (error: unknown) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const structureChecks: readonly Check[] = [
  {
    name: 'jwt',
    about: 'the header is JSON with an algorithm and the payload is a JSON object',
    test: ({ value }) => {
      const [head = '', payload = ''] = value.split('.');
      const header = decodeJson(head);
      if (typeof header !== 'object' || header === null || !('alg' in header || 'enc' in header)) return false;
      return 'enc' in header || (typeof decodeJson(payload) === 'object' && decodeJson(payload) !== null);
    },
    fix: () => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'user', role: 'admin' })}.${'Zm9vYmFyYmF6cXV4'.repeat(3)}`;
    },
  },
  {
    name: 'jwe',
    about: 'the header is JSON that names an encryption',
    test: ({ value }) => {
      const header = decodeJson(value.split('.')[0] ?? '');
      return typeof header === 'object' && header !== null && 'enc' in header;
    },
    fix: (value) => {
      const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM' })).toString('base64url');
      return [header, ...value.split('.').slice(1)].join('.');
    },
  },
  {
    name: 'base64-private-key',
    about: 'it decodes to the armour of a private key',
    test: ({ value }) => Buffer.from(value.slice(0, 96), 'base64').toString('latin1').includes('PRIVATE KEY-----'),
    fix: (value) => Buffer.from(`-----BEGIN PRIVATE KEY-----\n${value}`).toString('base64'),
  },
  {
    name: 'base64-text',
    about: 'it is whole base64 of printable text, and of no certificate or public key',
    test: ({ value }) => {
      if (value.length % 4 !== 0) return false;
      const decoded = Buffer.from(value, 'base64').toString('latin1');
      return /^[\x20-\x7e\r\n\t]+$/.test(decoded) && !/^-----BEGIN (?:CERTIFICATE|PUBLIC KEY)/.test(decoded);
    },
    fix: (value) => Buffer.from(value.slice(0, 24)).toString('base64'),
  },
  {
    name: 'basic-credentials',
    about: 'it decodes to printable user:password text',
    test: ({ value }) => {
      const decoded = Buffer.from(value, 'base64');
      return decoded.length >= 4 && /^[\x20-\x7e]*:[\x20-\x7e]+$/.test(decoded.toString('latin1'));
    },
    fix: (value) => Buffer.from(`svc-deploy:${value.slice(0, 12)}`).toString('base64'),
  },
  {
    name: 'openai-marker',
    about: 'it holds the marker that every key of this vendor carries',
    test: ({ value }) => value.includes('T3BlbkFJ'),
  },
  {
    name: 'no-sk-of-vendor',
    about: 'it does not begin as keys do that are told by more than their beginning: sk-proj-, sk-svcacct-, sk-ant-',
    test: ({ value }) => !/^sk-(?:proj|svcacct|admin|ant)-/.test(value),
  },
  {
    name: 'groq-marker',
    about: 'it holds the marker that keys of this vendor carry',
    test: ({ value }) => value.includes('WGdyb3FY'),
  },
  {
    name: 'base58-54-bytes',
    about: 'it is base58 of exactly 54 bytes',
    test: ({ value }) => {
      const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
      let number = 0n;
      for (const char of value) {
        const digit = alphabet.indexOf(char);
        if (digit < 0) return false;
        number = number * 58n + BigInt(digit);
      }
      return Math.ceil(number.toString(16).length / 2) === 54;
    },
  },
];
