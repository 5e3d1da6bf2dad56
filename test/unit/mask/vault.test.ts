import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createVault } from '../../../src/mask/vault.ts';

describe('the vault', () => {
  it('keeps an entry once and collects the hosts it was seen at', () => {
    const vault = createVault();
    const entry = { placeholder: 'P', value: utf8('v'), rule: 'r' };
    vault.add({ ...entry, urlHosts: ['a.example'] });
    vault.add({ ...entry, rule: 'later', urlHosts: ['a.example', 'b.example'] });
    vault.add({ ...entry, urlHosts: [] });

    expect(vault.size).toBe(1);
    expect(vault.get('P')).toMatchObject({ rule: 'r', urlHosts: ['a.example', 'b.example'] });
    expect([...vault.entries()]).toHaveLength(1);
    expect(vault.get('Q')).toBeUndefined();
  });

  it('collects the ways in which a value was written, up to a number', () => {
    const vault = createVault();
    const entry = { placeholder: 'P', value: utf8('v'), rule: 'r', urlHosts: [] };
    vault.add({ ...entry, spellings: [{ behind: '"', text: 'a' }] });
    vault.add({ ...entry, spellings: [{ behind: '"', text: 'a' }] });
    for (let n = 0; n < 20; n += 1) vault.add({ ...entry, spellings: [{ behind: '=', text: String(n) }] });

    const { spellings = [] } = vault.get('P') ?? {};

    expect(spellings).toHaveLength(8);
    expect(spellings.slice(0, 2)).toEqual([
      { behind: '"', text: 'a' },
      { behind: '=', text: '0' },
    ]);
  });
});
