/** Fresh values in fresh names and syntaxes: what the rules find beyond the examples that they were written with. */
import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../src/detect/matcher.ts';
import { planOf } from '../../../src/detect/plan.ts';
import { fillExample, randomFrom, validFor, type Random } from '../../../src/rules/examples.ts';
import { loadPackRules } from '../../../src/rules/load.ts';
import { dresses } from '../../helpers/dresses.ts';
import { syntaxes } from '../../helpers/syntaxes.ts';

/** Another seed gives other texts; a failure prints the one it had. */
const seed = Number(process.env['MUTATION_SEED'] ?? 20_260);
const packs = loadPackRules(['secrets']).filter(({ preset }) => preset === 'recommended');
const matcher = createMatcher(packs.map(({ rule }) => rule));

/** Whether what is found spans the value wherever it stands in a text. */
function isFound(text: string, value: string): boolean {
  const bytes = Buffer.from(text);
  const at = bytes.indexOf(value);
  const end = at + Buffer.byteLength(value);
  return matcher.scan(bytes, 0, true).matches.some((match) => match.start <= at && match.end >= end);
}

function shareFound(samples: readonly { readonly text: string; readonly value: string; readonly label: string }[]): {
  readonly share: number;
  readonly missed: readonly string[];
} {
  const missed = samples.filter(({ text, value }) => !isFound(text, value)).map(({ label }) => label);
  return { share: 1 - missed.length / samples.length, missed };
}

const pick = <T>(from: readonly T[], random: Random): T => {
  const item = from[Math.floor(random() * from.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const chars = (alphabet: string, count: number, random: Random): string =>
  Array.from({ length: count }, () => pick(Array.from(alphabet), random)).join('');

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const hex = '0123456789abcdef';
const alnum = lower + lower.toUpperCase() + digits;

describe(`fresh positives (MUTATION_SEED=${seed})`, () => {
  it('of kinds that are told by their own form are found in any syntax', () => {
    const random = randomFrom(seed);
    const exact = packs.filter(
      ({ rule }) => !rule.isGeneric && rule.severity !== 'info' && /^(?:\\b)?\(\?<value>/.test(rule.pattern),
    );
    const samples = exact.flatMap(({ rule, examples }) => {
      const isFillable = examples.match.some((example) => example.includes('{{valid}}'));
      if (!isFillable || rule.pack === 'secrets/private-keys') return [];
      return Array.from({ length: 4 }, () => {
        const value = validFor(rule, random);
        const { syntax, write } = pick(syntaxes, random);
        const name = pick(['value', 'setting', 'entry_1', 'X', 'someThing'], random);
        return { text: write(name, value), value, label: `${rule.id} in ${syntax}` };
      });
    });
    const { share, missed } = shareFound(samples);

    expect(exact.length).toBeGreaterThan(150);
    expect({ missed, isEnough: share >= 0.97 }).toMatchObject({ isEnough: true });
  });

  it('of kinds with a prefix of their own are found whatever touches them', () => {
    const random = randomFrom(seed + 3);
    const touching = ['_', 'TOKEN_', '=3D', '%3D', String.raw`\x20`, String.raw`\e[31m`, String.raw`\033[1;31m`].concat(
      ['\u001b[38;5;203m', '\u001b[K', String.raw`\u001b[0m`],
    );
    const own = packs.filter(({ rule }) => !rule.isGeneric && planOf(rule.pattern).facts.start !== 'word');
    const samples = own.flatMap(({ rule }) =>
      touching.map((before) => {
        const value = validFor(rule, random);
        return { text: `see ${before}${value} there`, value, label: `${rule.id} behind ${before}` };
      }),
    );
    const { share, missed } = shareFound(samples);

    expect(own.length).toBeGreaterThan(120);
    expect({ missed, isEnough: share >= 0.97 }).toMatchObject({ isEnough: true });
  });

  it('of private keys are found in any dress', () => {
    const random = randomFrom(seed + 4);
    const base64 = `${alnum}+/`;
    const samples = Object.entries(dresses).flatMap(([dress, wear]) =>
      [64, 70, 76].flatMap((width) => {
        const lines = Array.from({ length: 4 }, () => chars(base64, width, random));
        const kind = pick(['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY'], random);
        const text = wear([`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join('\n'));
        return lines.map((value) => ({ text, value, label: `${kind} of ${String(width)} in ${dress}` }));
      }),
    );

    expect(shareFound(samples).missed).toEqual([]);
  });

  it('of kinds that are told by their vendor are found in what people write', () => {
    const random = randomFrom(seed + 1);
    const wrap = [
      (text: string) => text,
      (text: string) => JSON.stringify({ content: text }),
      (text: string) => JSON.stringify(JSON.stringify({ content: text })),
      (text: string) => `     12\t${text}`,
      (text: string) => `+  ${text}`,
      (text: string) => `2026-11-21T10:00:00Z INFO ${text}`,
    ];
    const contextual = packs.filter(
      ({ rule }) => !rule.isGeneric && rule.severity !== 'info' && !/^(?:\\b)?\(\?<value>/.test(rule.pattern),
    );
    const results = contextual.flatMap(({ rule, examples }) =>
      examples.match.map((example) => {
        const text = pick(wrap, random)(fillExample(example, rule, random));
        return { label: `${rule.id}: ${example}`, isHit: matcher.scan(Buffer.from(text), 0, true).matches.length > 0 };
      }),
    );
    const missed = results.filter(({ isHit }) => !isHit).map(({ label }) => label);

    expect(results.length).toBeGreaterThan(150);
    expect({ missed, isEnough: missed.length <= 0.03 * results.length }).toMatchObject({ isEnough: true });
  });

  it('of any service are found by the name they are given', () => {
    const random = randomFrom(seed + 2);
    const words = ['acme', 'billing', 'orders', 'smtp', 'crm', 'partner', 'staging', 'vendor', 'ledger', 'mailer'];
    const things = ['password', 'passwd', 'api_key', 'secret', 'token', 'access_token', 'client_secret', 'auth_token'];
    const cases: readonly ((words: readonly string[]) => string)[] = [
      (parts) => parts.join('_'),
      (parts) => parts.join('_').toUpperCase(),
      (parts) => parts.join('-').replaceAll('_', '-'),
      (parts) => parts.join('_').replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    ];
    const values: readonly (() => string)[] = [
      () => chars(hex, pick([32, 40, 64], random), random),
      () => chars(alnum, pick([20, 24, 32, 43], random), random),
      () => chars(`${alnum}-_`, 36, random).replace(/^[-_]|[-_]$/g, 'k'),
      () =>
        `${chars(alnum, 9, random)}${chars(digits, 2, random)}${chars('!@#%^*+', 2, random)}${chars(lower, 2, random)}`,
      () => `${chars(`${alnum}+/`, 42, random)}4=`,
    ];
    const samples = syntaxes.flatMap(({ syntax, write }) =>
      Array.from({ length: 30 }, () => {
        const name = pick(cases, random)([pick(words, random), pick(things, random)]);
        const value = pick(values, random)();
        return { text: write(name, value), value, label: `${syntax}: ${name}` };
      }),
    );
    const { share, missed } = shareFound(samples);

    expect({ missed, isEnough: share >= 0.85 }).toMatchObject({ isEnough: true });
  });

  it('of people are found where a name says password', () => {
    const random = randomFrom(seed + 3);
    const nouns = ['velvet', 'lantern', 'orbit', 'canyon', 'maple', 'tundra', 'cobalt', 'ember', 'ferret', 'glacier'];
    const names = ['password', 'db_password', 'SMTP_PASSWORD', 'adminPassword', 'passwd', 'mail.password'];
    const kinds: Readonly<Record<string, () => string>> = {
      'words run together': () => `${pick(nouns, random)}${pick(nouns, random)}`,
      'a phrase': () => Array.from({ length: 4 }, () => pick(nouns, random)).join(' '),
      'a phrase with hyphens': () => Array.from({ length: 4 }, () => pick(nouns, random)).join('-'),
      'a word with a number': () => `${pick(nouns, random)}${chars('23456789', 3, random)}`,
      'a number': () => chars('3579', 9, random),
    };
    const missed = Object.entries(kinds).flatMap(([kind, make]) => {
      const samples = syntaxes.flatMap(({ syntax, write }) =>
        Array.from({ length: 8 }, () => {
          const value = make();
          return { text: write(pick(names, random), value), value, label: `${kind} in ${syntax}` };
        }),
      );
      // Of what is percent-encoded, the value stands nowhere as it is.
      const { share } = shareFound(samples.filter(({ text, value }) => text.includes(value)));
      return share >= 0.7 ? [] : [`${kind}: ${share.toFixed(2)}`];
    });

    expect(missed).toEqual([]);
  });
});
