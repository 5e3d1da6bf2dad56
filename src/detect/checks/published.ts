/** Values that documentation and public samples publish: they are in a million places and are nobody's secret. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Check } from './check.ts';
import { decodeJson } from './structure.ts';

/** The subject of the token that jwt.io shows, and with it half of the documentation on the subject. */
const publishedSubject = '1234567890';

/**
 * The first twelve hex digits of the SHA-256 of published values: the API keys in Firebase's Android samples, the join
 * tokens in Docker's documentation of swarms.
 */
const publishedDigests = new Set(
  (
    '0b476bdf9acf 2037abcaffb2 27a9a42931df 33a6d3750d9a 37f8f09bdf12 3a8b61d0f636 3f370c9dd822 ' +
    '49f777db995e 4c98242dcadc 8731261cb72d a19f89ab3555 a6c814bc555a b5b17ca1d657 bb54574a88d7 ' +
    'dc0fcf046c61 e4a5542bb7fd ea9bb1082cf9 eb540d2b6ee2 f56e323494a6'
  ).split(' '),
);

function isPublishedToken(value: string): boolean {
  const payload = decodeJson(value.split('.')[1] ?? '');
  return typeof payload === 'object' && payload !== null && 'sub' in payload && payload.sub === publishedSubject;
}

function isPublished(value: string): boolean {
  if (value.startsWith('ey')) return isPublishedToken(value);
  return publishedDigests.has(createHash('sha256').update(value, 'latin1').digest('hex').slice(0, 12));
}

function publishedToken(): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: publishedSubject, name: 'John Doe' })}.${'c2ln'.repeat(8)}`;
}

export const publishedChecks: readonly Check[] = [
  {
    name: 'published',
    about: 'it is a value that documentation publishes as an example',
    test: ({ value }) => isPublished(value),
    fix: publishedToken,
  },
  {
    name: 'not-published',
    about: 'it is no value that documentation publishes as an example',
    test: ({ value }) => !isPublished(value),
  },
];
