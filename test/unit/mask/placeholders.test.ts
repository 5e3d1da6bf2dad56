import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { AppError } from '../../../src/core/errors.ts';
import { createPlaceholders, kindOf, prefixOf } from '../../../src/mask/placeholders.ts';

const key = new Uint8Array(32).fill(1);
const placeholders = createPlaceholders({ key, prefix: 'SLUICE' });
const value = utf8('a value');
const placeholder = placeholders.make('GITHUB_TOKEN', value);

describe('making placeholders', () => {
  it('writes prefix, kind and an id of sixteen base32 characters', () => {
    expect(placeholder).toMatch(/^SLUICE_GITHUB_TOKEN_[a-z2-7]{16}$/);
    expect(prefixOf(placeholder)).toBe('SLUICE');
    expect(kindOf(placeholder)).toBe('GITHUB_TOKEN');
  });

  it('is a function of key, kind and value alone', () => {
    expect(createPlaceholders({ key, prefix: 'SLUICE' }).make('GITHUB_TOKEN', utf8('a value'))).toBe(placeholder);
    expect(placeholders.make('GITHUB_TOKEN', utf8('a valuf'))).not.toBe(placeholder);
    expect(createPlaceholders({ key: new Uint8Array(32), prefix: 'SLUICE' }).make('GITHUB_TOKEN', value)).not.toBe(
      placeholder,
    );
  });

  it.each(['', 'lower', 'TWO__UNDERSCORES', '_FIRST', 'LAST_', 'A'.repeat(25), 'WITH SPACE'])(
    'refuses the kind %j',
    (kind) => {
      expect(() => placeholders.make(kind, value)).toThrow(AppError);
    },
  );

  it.each(['', 'a', 'sluice', 'A_B', '1A', 'A'.repeat(17)])('refuses the prefix %j', (prefix) => {
    expect(() => createPlaceholders({ key, prefix })).toThrow(AppError);
  });
});

describe('recognising placeholders', () => {
  it('accepts its own and nothing longer, shorter or changed', () => {
    expect(placeholders.isValid(placeholder)).toBe(true);
    for (const text of [`${placeholder}a`, placeholder.slice(0, -1), `x${placeholder}`, placeholder.toLowerCase()]) {
      expect(placeholders.isValid(text)).toBe(false);
    }
  });

  it('does not accept any one changed character', () => {
    for (let i = 0; i < placeholder.length; i++) {
      const changed = placeholder.slice(0, i) + (placeholder[i] === 'B' ? 'C' : 'B') + placeholder.slice(i + 1);
      expect(placeholders.isValid(changed)).toBe(false);
    }
  });

  it('does not accept another kind or prefix with the same id', () => {
    expect(placeholders.isValid(placeholder.replace('GITHUB', 'GITLAB'))).toBe(false);
    expect(createPlaceholders({ key, prefix: 'OTHER' }).isValid(placeholder.replace('SLUICE', 'OTHER'))).toBe(false);
  });

  it('finds them glued to anything, also to each other', () => {
    const text = `SLUICE_${placeholder}${placeholder}é${placeholder}zz SLUICE_FAKE_aaaaaaaaaaaaaaaa`;
    const bytes = utf8(text);

    const found = placeholders.find(bytes).map(({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString());

    expect(found).toEqual([placeholder, placeholder, placeholder]);
  });

  it('finds one whose id begins with digits', () => {
    let digits = '';
    for (let i = 0; digits === ''; i++) {
      const candidate = placeholders.make('KEY', utf8(`value ${i}`));
      if (/^SLUICE_KEY_[2-7]{2}/.test(candidate)) digits = candidate;
    }

    expect(placeholders.find(utf8(`a ${digits} b`))).toEqual([{ start: 2, end: 2 + digits.length }]);
  });
});
