/** What is made of words only. */
import { describe, expect, it } from 'vitest';
import { isWords } from '../../../../src/detect/checks/words.ts';

describe('words', () => {
  it.each(['access_token', 'primary-button', 'userPasswordField', 'quietPlum42', 'this is prose', 'secret.name.one'])(
    'are all that %s holds',
    (value) => {
      expect(isWords(value)).toBe(true);
    },
  );

  it.each(['q7Kx9vR2mZ', 'Tr0ub4dor&3x', 'wqkzvbxjq', '9f8e7d6c'])('are not all that %s holds', (value) => {
    expect(isWords(value)).toBe(false);
  });
});
