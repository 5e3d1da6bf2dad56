import { describe, expect, it } from 'vitest';
import { fragments } from '../../../../src/app/stand-in/fragments.ts';

describe('fragments', () => {
  it.each(['', 'a', 'a longer text, cut at many places '.repeat(9), '🗝️ keys and 漢字'])(
    'joins to the text %j',
    (text) => {
      expect(fragments(text).join('')).toBe(text);
    },
  );

  it('never cuts a code point', () => {
    for (const part of fragments('🗝🗝🗝🗝🗝🗝🗝🗝🗝🗝🗝🗝')) expect(part).toMatch(/^(?:🗝)+$/u);
  });

  it('cuts a repeated text at different places', () => {
    const unit = 'SLUICE_GITHUB_TOKEN_abcdefghijklmnop ';
    const offsets = new Set<number>();
    let at = 0;
    for (const part of fragments(unit.repeat(20))) {
      at += part.length;
      offsets.add(at % unit.length);
    }

    expect(offsets.size).toBe(unit.length);
  });
});
