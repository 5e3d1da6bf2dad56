/** E-mail, phone and network addresses: which exist, and which of them are no one's. */
import { Buffer } from 'node:buffer';
import ipaddr from 'ipaddr.js';
import type { CountryCode } from 'libphonenumber-js/min';
import type { Candidate, Check } from './check.ts';
import { isPhoneNumber } from './phone-plans.ts';

/** Names that standards reserve, and hosts whose addresses only look like mail. */
const reservedDomain =
  /(?:^|\.)(?:example\.(?:com|org|net|edu)|(?:test|example|invalid|localhost|local|localdomain|internal|intranet|lan|home|corp|onion|arpa)|(?:users\.)?noreply\.[\w.-]+|(?:domain|email|company|yourcompany|yourdomain|mycompany|mydomain|acme|foo|bar|test)\.(?:com|org|net|io))$/i;
/** Accounts of machines. */
const machineAccount =
  /^(?:git|svn|hg|ssh|ftp|anonymous|noreply|no[-_.]reply|do[-_.]?not[-_.]?reply|notifications?|mailer-daemon|bounces?|postmaster|root|username|you(?:r[-_.]?(?:name|email))?|name|email|foo|bar|baz|x+|\d+\+.*)$/i;
/** Endings that are those of files, modules and members, not of the domain name system. */
const fileEnding =
  /\.(?:png|jpe?g|gif|svg|webp|ico|css|scss|less|m?jsx?|cjs|tsx?|json5?|mdx?|py|rs|go|java|rb|php|html?|ya?ml|toml|lock|map|txt|log|zip|t?gz|whl|jar|service|target|timer|socket|prototype|setter|getter|default|property|export|import)$/i;

/** How far before a value the scheme of a URL is looked for. */
const urlReach = 96;

/** Whether it is the part of a URL before the host: `https://user@host`, `postgres://user:pass@host`. */
function isUserInfo({ text, start }: Candidate): boolean {
  for (let at = start - 1; at >= Math.max(0, start - urlReach); at--) {
    const byte = text[at] ?? 0;
    if (byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x3c || byte === 0x3f) return false;
    if (byte === 0x2f && text[at - 1] === 0x2f && text[at - 2] === 0x3a) return true;
  }
  return false;
}

function isPersonalAddress(candidate: Candidate): boolean {
  const [local = '', domain = ''] = candidate.value.split('@');
  if (reservedDomain.test(domain) || machineAccount.test(local) || fileEnding.test(domain)) return false;
  return !local.startsWith('.') && !local.endsWith('.') && !local.includes('..') && !isUserInfo(candidate);
}

/** Resolvers that everybody names in configuration and documentation. */
const publicServices = new Set(
  '8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 9.9.9.9 208.67.222.222 208.67.220.220 2001:4860:4860::8888 2001:4860:4860::8844 2606:4700:4700::1111'.split(
    ' ',
  ),
);

/** Most addresses in logs: private, local or multicast ones, in their common form. Only the others are worth parsing. */
const commonlyPrivate =
  /^(?:0|10|127|22[4-9]|23\d|24\d|25[0-5]|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.(?:0|[1-9]\d{0,2}))+$/;

/** An address of the public network: not private, local, multicast, reserved or for documentation. */
function isPublicIp(value: string): boolean {
  if (commonlyPrivate.test(value)) return false;
  // An IPv6 address needs more than a group or two: `a::b` is also how program text names members, often.
  if (value.includes(':') && value.split(':').filter((group) => group !== '').length < 4) return false;
  if (!ipaddr.isValid(value) || publicServices.has(value.toLowerCase())) return false;
  return ipaddr.process(value).range() === 'unicast';
}

/** Object identifiers of certificates: attributes, extensions, curves, digests (ITU-T X.520, X.509; ISO 1.3). */
const objectIdentifier = /^(?:2\.5\.(?:4|8|29)\.|1\.3\.(?:14|36|101|132)\.)/;

/** Four small numbers are a version or a section more often than a host, and some beginnings those of identifiers. */
function isVersionLike(value: string): boolean {
  if (value.includes(':')) return false;
  return objectIdentifier.test(value) || value.split('.').every((part) => Number(part) < 32);
}

/** What follows a `v`, `version`, an `=` of a requirement or stands in a path is a version. */
function isVersion({ text, start }: Candidate): boolean {
  const before = Buffer.from(text.buffer, text.byteOffset + Math.max(0, start - 12), Math.min(12, start)).toString(
    'latin1',
  );
  return /(?:\bv|ver(?:sion)?|release|build|[=~^<>]=|[^/:]\/)["'\s:=v]{0,3}$/i.test(before);
}

/** Where numbers that begin with the digit for long distance may be from, in the order they are tried. */
const trunkRegions: readonly CountryCode[] = [
  'GB',
  'DE',
  'FR',
  'JP',
  'KR',
  'TR',
  'PH',
  'IL',
  'AU',
  'IT',
  'NL',
  'CH',
  'SE',
  'ZA',
  'ID',
];
/** Where the others may be from, by how many digits they have. */
const regionsByLength: Readonly<Record<number, readonly CountryCode[]>> = {
  7: ['IL', 'DE'],
  8: ['IL', 'DE'],
  9: ['ES', 'PL', 'CH'],
  10: ['US', 'TR', 'IN', 'MX', 'BR', 'IT'],
  11: ['CN', 'BR', 'US'],
  12: ['DE'],
};

/** Numbers that fiction, documentation and form fields use. */
function isInvented(digits: string): boolean {
  return /^(\d)\1*$/.test(digits.slice(-7)) || /(?:0?123456789|1234567890|987654321)0?$/.test(digits);
}

function isNationalNumber(value: string): boolean {
  const digits = value.replaceAll(/\D/g, '');
  if (digits.length < 7 || digits.length > 13 || isInvented(digits) || /^(?:19|20)\d\d[-/.]/.test(value)) return false;
  const regions = digits.startsWith('0') ? trunkRegions : regionsByLength[digits.length];
  return regions?.some((region) => isPhoneNumber(value, region)) ?? false;
}

function isInternationalNumber({ text, start, value }: Candidate): boolean {
  const before = text[start - 1];
  // In `a+1234567` and `1e+1234567` the sign adds.
  const isSum = before !== undefined && /[\w+.)\]]/.test(String.fromCharCode(before)) && text[start - 2] !== 0x5c;
  return !isSum && !isInvented(value.replaceAll(/\D/g, '')) && isPhoneNumber(value);
}

export const addressChecks: readonly Check[] = [
  {
    name: 'personal-address',
    about: "it is somebody's address: no reserved domain, machine account, repository, URL or file name",
    back: urlReach,
    test: isPersonalAddress,
  },
  {
    name: 'public-ip',
    about: 'it is a public address: not private, local, reserved, for documentation, a resolver or a version',
    back: 12,
    test: (candidate) => !isVersionLike(candidate.value) && isPublicIp(candidate.value) && !isVersion(candidate),
    fix: (value) => (value.includes(':') ? '2a00:1450:4001:82a::200e' : '81.169.145.90'),
  },
  {
    name: 'phone-international',
    about: "it is a number of the country's plan",
    back: 2,
    test: isInternationalNumber,
    fix: () => '+49 30 901820',
  },
  {
    name: 'phone-national',
    about: 'it is a number of one of the plans that are tried',
    test: ({ value }) => isNationalNumber(value),
    fix: () => '(202) 456-1414',
  },
];
