/** Values that documentation publishes. */
import { expect, it } from 'vitest';
import { utf8 } from '../../../../src/core/bytes.ts';
import { publishedChecks } from '../../../../src/detect/checks/published.ts';

const [published, unpublished] = publishedChecks;
const judged = (value: string) =>
  [published, unpublished].map((check) => check?.test({ text: utf8(value), start: 0, end: value.length, value }));

it('knows a published token by its subject, and no other token', () => {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const token = (subject: string): string => `${part({ alg: 'HS256' })}.${part({ sub: subject })}.c2ln`;

  expect(judged(token('1234567890'))).toEqual([true, false]);
  expect(judged(token('user-7'))).toEqual([false, true]);
});

it('knows a published key by its digest', () => {
  const key = (body: string): string => `AIzaSy${body}1234567`;

  expect(judged(key('abcdefghijklmnopqrstuvwxyz'))).toEqual([true, false]);
  expect(judged(key('bacdefghijklmnopqrstuvwxyz'))).toEqual([false, true]);
});
