/** Values that documentation and public samples publish: they are in a million places and are nobody's secret. */
import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Check } from './check.ts';
import { decodeJson } from './structure.ts';

/** The subject of the token that jwt.io shows, and with it half of the documentation on the subject. */
const publishedSubject = '1234567890';

/**
 * The first twelve hex digits of the SHA-256 of published values: the API keys in Firebase's Android samples, the join
 * tokens in Docker's documentation of swarms, the tokens and credentials of the RFCs on OAuth, HTTP authentication and
 * WebSocket (5849, 6749, 6750, 7617, 6455), the bot token in Telegram's documentation, the key by which OpenSSL checks
 * its own module.
 */
const publishedDigests = new Set(
  (
    '00cf4c781dc3 0b476bdf9acf 15cef4b629cc 2037abcaffb2 27a9a42931df 293257ab6495 2ff8b0fb93ac 33a6d3750d9a ' +
    '37f8f09bdf12 3a8b61d0f636 3f370c9dd822 49f777db995e 4c20e6f5cc11 4c98242dcadc 53f5da0aaa93 649e1f5c769e ' +
    '6aa14267d949 6c96130f130a 731fa294d036 73f71af093fd 80f8b7c904d4 8731261cb72d 8d567eb88aff 8e0628300c16 ' +
    '9d03b692e941 a19f89ab3555 a35b81a7d792 a6c814bc555a b1b5f845be9b b5b17ca1d657 b87dad10a32a b8e148545b13 ' +
    'bb54574a88d7 bb9b1163338b c20fbc2b9618 ca7459e2b267 cb87c87e4a13 cf4d418ed3de d0720d848794 dc0fcf046c61 ' +
    'e4a5542bb7fd e9974c507d2a ea9bb1082cf9 eb540d2b6ee2 f56e323494a6'
  ).split(' '),
);

function isPublishedToken(value: string): boolean {
  const payload = decodeJson(value.split('.')[1] ?? '');
  return typeof payload === 'object' && payload !== null && 'sub' in payload && payload.sub === publishedSubject;
}

/** Whether documentation publishes a value as an example. */
export function isPublished(value: string): boolean {
  if (value.startsWith('ey')) return isPublishedToken(value);
  return publishedDigests.has(hash('sha256', value).slice(0, 12));
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
