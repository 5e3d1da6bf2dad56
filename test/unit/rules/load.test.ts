/** Loading packs: what is selected, and what is said of one that is wrong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { builtinPacks, loadPackRules, loadRules } from '../../../src/rules/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rule = (changes: Record<string, string> = {}): string => {
  const fields: Record<string, string> = {
    title: 'A token',
    category: 'secret',
    severity: 'high',
    pattern: String.raw`'\b(?<value>tok_[a-z]{8})\b'`,
    kind: 'TOKEN',
    action: 'mask',
    ...changes,
  };
  const lines = Object.entries(fields).map(([key, value]) => `    ${key}: ${value}`);
  return ['  - id: a-token', ...lines, '    examples: { match: ["{{valid}}"], ignore: ["tok_"] }', ''].join('\n');
};

function load(text: string, name = 'pack.yaml'): AppError | readonly string[] {
  const file = join(folder, name);
  writeFileSync(file, text);
  try {
    return loadRules([file]).map(({ id }) => id);
  } catch (error: unknown) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

describe('loading rules', () => {
  it('reads a file of one’s own and derives its keywords', () => {
    expect(load(`pack: acme/x\nrules:\n${rule()}`)).toEqual(['a-token']);
    expect(loadRules(['./pack.yaml'], { baseDir: folder })[0]?.keywords).toEqual(['tok_']);
  });

  it.each([
    ['an unknown key', rule({ sevrity: 'high' }), /pack\.yaml:\d+:5: unknown key sevrity/, /did you mean severity/],
    ['an unknown severity', rule({ severity: 'huge' }), /pack\.yaml:6:5: rules\.0\.severity/, /use one of info, low/],
    [
      'an unknown check',
      rule({ require: '[luhm]' }),
      /pack\.yaml:\d+:\d+: rules\.0\.require\.0: no check is named luhm$/,
      /^did you mean luhn\? \S+README\.md/,
    ],
    [
      'a check unlike any',
      rule({ confirm: '[zq]' }),
      /rules\.0\.confirm\.0: no check is named zq$/,
      /^rules\/README\.md \S+ \S+ list all checks$/,
    ],
    ['a look-around', rule({ pattern: "'(?=a)tok_abcd'" }), /pack\.yaml:7:5: rule a-token: a look-around/, /linear/],
    ['a pattern without an anchor', rule({ pattern: "'[a-z]{5}'" }), /pack\.yaml:7:5: .*cannot be anchored/, /fixed/],
    ['a kind in lower case', rule({ kind: 'token' }), /pack\.yaml:8:5: rules\.0\.kind/, /./],
  ])('names the place and the way out of %s', (_, text, message, hint) => {
    const error = load(`pack: acme/x\nrules:\n${text}`);

    expect(error).toMatchObject({ code: 'ERR_RULES_INVALID' });
    expect(String(error)).toMatch(message);
    expect(error).toMatchObject({ hint: expect.stringMatching(hint) });
  });

  it('names the place of broken YAML', () => {
    expect(String(load('pack: acme/x\nrules: [\n'))).toMatch(/pack\.yaml:\d+:\d+: /);
  });

  it('refuses an alias bomb', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', 'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]', 'c: [*b,*b,*b,*b,*b,*b,*b,*b,*b]'];

    expect(load(bomb.join('\n'))).toMatchObject({ code: 'ERR_RULES_INVALID' });
  });

  it('refuses an id that two packs use, and names both places', () => {
    load(`pack: acme/x\nrules:\n${rule()}`, 'one.yaml');
    load(`pack: acme/y\nrules:\n${rule()}`, 'two.yaml');

    expect(() => loadRules(['./one.yaml', './two.yaml'], { baseDir: folder })).toThrow(/two\.yaml:3:5.*one\.yaml:3:5/);
  });

  it('says which pack was meant', () => {
    expect(() => loadRules(['secrets/githib'])).toThrow(
      expect.objectContaining({ hint: 'did you mean secrets/github?' }),
    );
  });

  it('says that a file is missing', () => {
    expect(() => loadRules(['./absent.yaml'], { baseDir: folder })).toThrow(
      expect.objectContaining({ code: 'ERR_INPUT_MISSING' }),
    );
  });

  it('selects one pack, a folder, and a glob', () => {
    const packs = (selection: readonly string[]): readonly string[] => [
      ...new Set(loadPackRules(selection).map((entry) => entry.rule.pack)),
    ];

    expect(packs(['secrets/github'])).toEqual(['secrets/github']);
    expect(packs(['regulated'])).toEqual(packs(['regulated/*']));
    expect(packs(['secrets'])).toEqual(builtinPacks().filter((pack) => pack.startsWith('secrets/')));
  });

  it('does not take policies for packs', () => {
    const builtinDir = join(folder, 'builtin');
    mkdirSync(join(builtinDir, 'policies'), { recursive: true });
    mkdirSync(join(builtinDir, 'own'));
    writeFileSync(join(builtinDir, 'policies', 'pci.yaml'), 'policy: []\n');
    writeFileSync(join(builtinDir, 'own', 'x.yaml'), `pack: own/x\nrules:\n${rule()}`);

    expect(builtinPacks(builtinDir)).toEqual(['own/x']);
    expect(loadRules(['own'], { builtinDir })).toHaveLength(1);
  });
});
