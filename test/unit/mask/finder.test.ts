import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/bytes.ts';
import { createFinder } from '../../../src/mask/finder.ts';
import { createVault } from '../../../src/mask/vault.ts';
import { mask, masked, placeholders } from '../../helpers/masked.ts';

const { vault, p } = masked('one value', 'GITHUB_TOKEN');
const finder = createFinder(vault, placeholders);
const id = p.slice(-16);
const foreign = placeholders.make('SECRET', utf8('of somebody else'));

/** The candidates of a complete text, as `state:text`. */
function found(text: string): string[] {
  return finder.scan(text, 0, true).candidates.map(({ state, start, end }) => `${state}:${text.slice(start, end)}`);
}

describe('finding placeholders in a reply', () => {
  it('finds them whatever stands around', () => {
    expect(found(`a${p}b "${p}"`)).toEqual([`exact:${p}`, `exact:${p}`]);
    expect(found(`SLUICE_${p}`)).toEqual([`exact:${p}`]);
  });

  it.each([
    ['another case', p.toLowerCase()],
    ['escaped underscores', p.replaceAll('_', '\\_')],
    ['spaces', p.replaceAll('_', ' _ ')],
    ['hyphens', p.replaceAll('_', '-')],
  ])('repairs %s', (_name, text) => {
    expect(found(`x ${text} y`)).toEqual([`repaired:${text}`]);
  });

  it('repairs a lost tail while only one placeholder can be meant', () => {
    const cut = p.slice(0, -8);
    expect(found(`x ${cut}." y`)).toEqual([`repaired:${cut}`]);
    expect(found(`x ${cut}`)).toEqual([`repaired:${cut}`]);
    expect(found(`x SLUICE_GITHUB_TOKEN_${id.slice(0, 3)} y`)).toEqual([]);
  });

  it('does not guess between two', () => {
    const two = createVault();
    const begun = new Map<string, number>();
    for (let i = 0; two.size < 2; i++) {
      const made = placeholders.make('KEY', utf8(`v${i}`));
      const other = begun.get(made.slice(0, 'SLUICE_KEY_'.length + 4));
      if (other !== undefined) [`v${other}`, `v${i}`].forEach((value) => mask(two, value, 'KEY'));
      begun.set(made.slice(0, 'SLUICE_KEY_'.length + 4), i);
      if (i > 20_000) throw new Error('no two ids begin alike');
    }
    const [first] = [...two.entries()];
    const text = `x ${first?.placeholder.slice(0, 'SLUICE_KEY_'.length + 4) ?? ''} y`;

    expect(createFinder(two, placeholders).scan(text, 0, true).candidates).toMatchObject([{ state: 'near' }]);
  });

  it.each([
    ['changed', `SLUICE_GITHUB_TOKEN_${id.slice(0, 8)}zzzzzzzz`],
    ['made up', 'SLUICE_GITHUB_TOKEN_abcdefghijklmnop'],
    ['made up of a kind that is not here', 'SLUICE_OTHER_abcdefghijklmnop'],
  ])('calls a %s one near', (_name, text) => {
    expect(found(`x ${text} y`)[0]).toMatch(/^near:/);
  });

  it('tells a valid one of another exchange from a damaged one', () => {
    expect(found(`x ${foreign} y`)).toEqual([`foreign:${foreign}`]);
  });

  it.each(['SLUICE_HOME', 'SLUICE_LIMITS_BODY_BYTES', 'sluice run', 'SLUICE', 'SLUICE_SLUICE_', 'mysluicebox'])(
    'leaves %j alone',
    (text) => {
      expect(found(`x ${text} y`)).toEqual([]);
    },
  );
});

describe('what is still in flight', () => {
  it('is every beginning of a placeholder, from where it begins', () => {
    for (let length = 1; length < p.length; length++) {
      const text = `text ${p.slice(0, length)}`;
      expect(finder.scan(text, 0, false).pending).toBe(5);
    }
    expect(finder.scan(`text ${p}`, 0, false).pending).toBe(5 + p.length);
  });

  it.each(['text', 'words', 'thus', 'SLUICE run', 'a SLUX', ''])('is nothing in %j', (text) => {
    expect(finder.scan(text, 0, false).pending).toBe(text.length);
  });

  it('is a beginning in another case only where a word begins', () => {
    expect(finder.scan('a s', 0, false).pending).toBe(2);
    expect(finder.scan('as', 0, false).pending).toBe(2);
    expect(finder.scan('aS', 0, false).pending).toBe(1);
  });

  it('is nothing in a text that is complete', () => {
    expect(finder.scan('a SLUI', 0, true).pending).toBe(6);
  });

  it('is a foreign one too, so that it is counted wherever it was cut', () => {
    expect(finder.scan(foreign.slice(0, -3), 0, false).pending).toBe(0);
  });
});
