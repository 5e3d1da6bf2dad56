/** Packs that the build has worked out: the same rules as from YAML, or none at all. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../src/detect/matcher.ts';
import { planOf } from '../../../src/detect/plan.ts';
import type { Rule } from '../../../src/detect/rule.ts';
import { fillExample, randomFrom } from '../../../src/rules/examples.ts';
import { builtinRulesDir, builtinTexts, loadRules } from '../../../src/rules/load.ts';
import { parsePack } from '../../../src/rules/pack.ts';
import {
  codeDigest,
  decodePrebuilt,
  encodePrebuilt,
  type PackSource,
  type Prebuilt,
} from '../../../src/rules/prebuilt.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const code = codeDigest();
const textOf = (name: string): Buffer => readFileSync(join(builtinRulesDir, `${name}.yaml`));
const fileOf = (packs: readonly PackSource[]): Uint8Array => encodePrebuilt(packs, code);
const sourceOf = (name: string): PackSource => {
  const text = textOf(name);
  return { text, rules: parsePack(text.toString(), `rules/${name}.yaml`) };
};
const decoded = (file: Uint8Array): Prebuilt => {
  const prebuilt = decodePrebuilt(file, code);
  if (prebuilt === undefined) throw new Error('what was encoded is not read');
  return prebuilt;
};

describe('prebuilt packs', () => {
  it('hold the rules of all packs as YAML has them, with their plans, and find the same', () => {
    const packs = builtinTexts().map(({ text, file }) => ({ text, file, rules: parsePack(text.toString(), file) }));
    const fromYaml = packs.flatMap(({ rules }) => rules);
    const plansOf = (rules: readonly Rule[]): unknown =>
      rules.map(({ pattern }) => {
        const { facts, anchoring } = planOf(pattern);
        return { pattern, facts, anchoring: anchoring() };
      });
    const workedOut = plansOf(fromYaml.map(({ rule }) => rule));
    const random = randomFrom(7);
    const texts = fromYaml.flatMap(({ rule, examples }) =>
      [...examples.match, ...examples.ignore].map((text) => new TextEncoder().encode(fillExample(text, rule, random))),
    );
    const findingsOf = (rules: readonly Rule[]): readonly string[] => {
      const matcher = createMatcher(rules);
      return texts.map((text) =>
        JSON.stringify(matcher.scan(text, 0, true).matches.map((match) => ({ ...match, rule: match.rule.id }))),
      );
    };
    const found = findingsOf(fromYaml.map(({ rule }) => rule));

    const prebuilt = decoded(fileOf(packs));
    const loaded = loadRules(['regulated', 'secrets'], { prebuilt });

    // As text: digests over rules are the same too.
    expect(JSON.stringify(loaded)).toBe(JSON.stringify(fromYaml.map(({ rule }) => rule)));
    expect(plansOf(loaded)).toEqual(workedOut);
    expect(findingsOf(loaded)).toEqual(found);
    expect(packs.flatMap(({ text, file }) => prebuilt.find(text, file)?.map(({ place }) => place))).toEqual(
      fromYaml.map(({ place }) => place),
    );
  });

  it('are left aside for a pack that has changed since, and for no other', () => {
    const builtinDir = temporaryFolder();
    for (const name of ['github', 'gitlab']) {
      cpSync(join(builtinRulesDir, 'secrets', `${name}.yaml`), join(builtinDir, 'secrets', `${name}.yaml`));
    }
    const prebuilt = decoded(fileOf([sourceOf('secrets/github'), sourceOf('secrets/gitlab')]));
    const changed = join(builtinDir, 'secrets', 'github.yaml');
    const before = loadRules(['secrets'], { builtinDir, prebuilt });
    writeFileSync(changed, readFileSync(changed, 'utf8').replace('title: ', 'title: Changed '));

    const titles = loadRules(['secrets'], { builtinDir, prebuilt }).map(({ title }) => title);

    expect(titles.filter((title) => title.startsWith('Changed '))).toHaveLength(1);
    expect(titles).toHaveLength(before.length);
    expect(prebuilt.find(readFileSync(changed), 'x')).toBeUndefined();
    expect(prebuilt.find(textOf('secrets/gitlab'), 'x')).toBeDefined();
  });

  it('are not read by other code than that which made them', () => {
    expect(
      decodePrebuilt(
        fileOf([sourceOf('secrets/github')]),
        code.map((byte) => byte ^ 1),
      ),
    ).toBeUndefined();
  });

  it('are not read where a single byte is not as it was, or bytes are missing', () => {
    const file = fileOf([sourceOf('secrets/github')]);
    const places = [0, 23, 24, 55, 56, 87, 88, 91, 92, 200, file.length >> 1, file.length - 1];
    const flipped = places.map((at) => file.map((byte, index) => (index === at ? byte ^ 0x10 : byte)));
    const cut = [0, 10, 40, 90, 300, file.length - 1].map((length) => file.slice(0, length));

    expect([...flipped, ...cut].map((damaged) => decodePrebuilt(damaged, code))).toEqual(
      Array.from({ length: flipped.length + cut.length }, () => undefined),
    );
  });

  it('stand beside packs of one’s own, whose faults are still named by place', () => {
    const folder = temporaryFolder();
    const own = `pack: acme/x
rules:
  - id: acme-token
    title: A token
    category: secret
    severity: high
    pattern: '\\b(?<value>acmetok_[a-z]{8})\\b'
    kind: TOKEN
    action: mask
    examples: { match: ["{{valid}}"], ignore: ["acmetok_"] }
`;
    writeFileSync(join(folder, 'own.yaml'), own);
    writeFileSync(join(folder, 'broken.yaml'), own.replace('severity: high', 'severity: huge'));
    writeFileSync(join(folder, 'taken.yaml'), own.replace('acme-token', 'github-pat'));
    const options = { baseDir: folder, prebuilt: decoded(fileOf([sourceOf('secrets/github')])) };

    const rules = loadRules(['secrets/github', './own.yaml'], options);
    const [found] = createMatcher(rules).scan(new TextEncoder().encode('x acmetok_abcdefgh y'), 0, true).matches;

    expect(rules.map(({ id }) => id)).toEqual([
      ...sourceOf('secrets/github').rules.map(({ rule }) => rule.id),
      'acme-token',
    ]);
    expect(found?.rule.id).toBe('acme-token');
    expect(() => loadRules(['secrets/github', './broken.yaml'], options)).toThrow(/broken\.yaml:6:5: /);
    expect(() => loadRules(['secrets/github', './taken.yaml'], options)).toThrow(
      /taken\.yaml:3:5: the id github-pat is taken by rules\/secrets\/github\.yaml:\d+:5/,
    );
  });
});
