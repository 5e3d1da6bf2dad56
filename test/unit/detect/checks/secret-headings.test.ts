/** Which headings of columns name secrets. */
import { describe, expect, it } from 'vitest';
import { isSecretHeading } from '../../../../src/detect/checks/secret-headings.ts';

describe('a heading', () => {
  it.each(['password', 'Password', 'API key', 'api_key', 'client secret', 'access-token', 'dbPassword', 'secrets'])(
    'names secrets: %s',
    (heading) => {
      expect(isSecretHeading(heading)).toBe(true);
    },
  );

  it.each(['key', 'primary key', 'password hash', 'token type', 'max tokens', 'public key', 'user', '', '1password?'])(
    'names none: %s',
    (heading) => {
      expect(isSecretHeading(heading)).toBe(false);
    },
  );
});
