/** Checks of personal and payment numbers, and of the addresses that are no one's. */
import { wordSet } from '../regex/syntax.ts';
import type { Candidate, Check } from './check.ts';

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

/** Area, group and serial as the Social Security Administration assigns them; without the numbers it published. */
function isSocialSecurityNumber(value: string): boolean {
  const [area = '', group = '', serial = ''] = value.split('-');
  if (area === '000' || area === '666' || area >= '900' || group === '00' || serial === '0000') return false;
  return !['078051120', '219099999', '123456789', '111111111'].includes(digitsOf(value));
}

const reservedDomain = /(?:^|\.)(?:example\.(?:com|org|net)|(?:test|example|invalid|localhost|local|internal|lan))$/i;
const roleAddress =
  /^(?:git|svn|hg|noreply|no-reply|donotreply|do-not-reply|notifications?|support|info|security|root|user|admin)$/i;
const fileEnding =
  /\.(?:png|jpe?g|gif|svg|webp|js|mjs|cjs|ts|tsx|jsx|css|scss|json|md|py|rs|go|java|html?|ya?ml|lock|map)$/i;

export const numberChecks: readonly Check[] = [
  {
    name: 'clear-boundary',
    about: 'it is no part of a version, path, identifier or hash',
    back: 1,
    ahead: 2,
    test: isClear,
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
    name: 'us-ssn',
    about: 'area, group and serial are ones that are assigned',
    test: ({ value }) => isSocialSecurityNumber(value),
    fix: (value) => `2${value.slice(1, 3)}-4${value.slice(5, 6)}-1${value.slice(8)}`,
  },
  {
    name: 'personal-address',
    about: "it is somebody's address: no reserved domain, role, repository or file name",
    test: ({ value }) => {
      const [local = '', domain = ''] = value.split('@');
      return !reservedDomain.test(domain) && !roleAddress.test(local) && !fileEnding.test(domain);
    },
  },
];
