import { expect, it } from 'vitest';
import { attachmentMeaning } from '../../../src/providers/media.ts';

it.each([
  ['text/plain', 'file'],
  ['text/csv; charset=utf-8', 'file'],
  ['application/json', 'file'],
  ['application/ld+json', 'file'],
  ['image/svg+xml', 'file'],
  ['image/png', 'opaque'],
  ['audio/wav', 'opaque'],
  ['application/pdf', 'opaque'],
  ['application/x-something', 'unknown'],
  [undefined, 'unknown'],
])('an attachment of type %s is %s', (type, expected) => {
  expect(attachmentMeaning(type)).toBe(expected);
});
