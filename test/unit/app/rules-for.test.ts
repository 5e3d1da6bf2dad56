import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rulesFor } from '../../../src/app/rules-for.ts';
import { readProject, type ProjectLayer } from '../../../src/config/layers.ts';
import { loadConfig, type LoadedConfig } from '../../../src/config/load.ts';
import { utf8 } from '../../../src/core/bytes.ts';
import { createMatcher } from '../../../src/detect/matcher.ts';
import type { Rule } from '../../../src/detect/rule.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A pack of one rule that only records. */
function pack(id: string, pattern: string): string {
  return `pack: acme/own
rules:
  - id: ${id}
    title: a rule of a project
    category: environment
    severity: info
    pattern: '${pattern}'
    kind: HARMLESS
    action: forward
    examples: { match: ['{{valid}}'], ignore: ['nothing to be found'] }
`;
}

function write(path: string, text: string): string {
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function configured(rules: string): LoadedConfig {
  const folder = temporaryFolder();
  const config = write(join(folder, 'sluice.yaml'), `rules: ${rules}\n`);
  return loadConfig({ env: {}, cwd: folder, flags: { config }, organisationFile: join(folder, 'none.yaml') });
}

function projectWith(rules: string, own: string): ProjectLayer {
  const folder = temporaryFolder();
  write(join(folder, 'own.yaml'), own);
  const project = readProject(write(join(folder, '.sluice.yaml'), `rules: ${rules}\n`));
  if (project === undefined) throw new Error('no project');
  return project;
}

const found = (rules: readonly Rule[], text: string): readonly string[] =>
  createMatcher(rules)
    .scan(utf8(text), 0, true)
    .matches.map(({ rule }) => rule.id);

describe("a project's rules", () => {
  const ofUser = (): LoadedConfig => configured('[secrets/github, secrets/generic]');

  it('add to those of the configuration, packs by name too', () => {
    const added = rulesFor(
      ofUser(),
      projectWith('[secrets/github, secrets/npm, ./own.yaml]', pack('acme', 'acme_[a-z]{9}')),
    );

    expect(added.map(({ id }) => id)).toEqual([...new Set(added.map(({ id }) => id))]);
    expect(added.map(({ id }) => id)).toEqual(expect.arrayContaining(['github-pat', 'assigned-secret', 'acme']));
    expect(added.find(({ id }) => id === 'github-pat')?.isGeneric).toBe(false);
    expect(found(added, 'see acme_abcdefghi')).toEqual(['acme']);
  });

  it('takes nothing from the rules of the configuration by an id of theirs', () => {
    const project = projectWith('[./own.yaml]', pack('github-pat', 'never_[a-z]{9}'));

    expect(() => rulesFor(ofUser(), project)).toThrowError(
      expect.objectContaining({ code: 'ERR_RULES_INVALID', message: expect.stringContaining('github-pat is taken') }),
    );
  });

  it('takes nothing from the rules of the configuration by a pattern that covers what they find', () => {
    const value = ['Xk9', 'v7Qm2Lr8Tz4w'].join('');
    const text = `password = "${value}"\n`;
    expect(found(rulesFor(ofUser()), text)).toEqual(['assigned-secret']);

    const project = projectWith('[./own.yaml]', pack('acme', 'Xk9[A-Za-z0-9]{12}'));

    expect(found(rulesFor(ofUser(), project), text)).toEqual(expect.arrayContaining(['assigned-secret', 'acme']));
  });

  it('are those of the configuration where that names the same file', () => {
    const project = projectWith('[./own.yaml]', pack('acme', 'acme_[a-z]{9}'));
    const both = configured(JSON.stringify(project.rules));

    expect(rulesFor(both, project)).toEqual(rulesFor(both));
  });
});
