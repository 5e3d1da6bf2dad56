import { describe, expect, it } from 'vitest';
import { importGitleaks } from '../../../../src/rules/import/gitleaks.ts';
import { lintRules } from '../../../../src/rules/lint.ts';
import { parsePack } from '../../../../src/rules/pack.ts';
import { runExamples } from '../../../../src/rules/run.ts';

/** In the shapes that such configurations use: a name before, a closing quote behind, entropy, allow-lists. */
const configuration = String.raw`
title = "acme"

[extend]
useDefault = true

[allowlist]
paths = ['''vendor/''']

[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''\b(acme_[a-z0-9]{32})(?:[\x60'"\s;]|\\[nr]|$)'''
entropy = 2
keywords = ["acme_"]

[[rules]]
id = "Acme Cloud_Key"
regex = '''(?i)[\w.-]{0,50}?(?:acmecloud)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z0-9]{40})(?:[\x60'"\s;]|\\[nr]|$)'''
keywords = ["acmecloud"]
path = '''\.env$'''
[[rules.allowlists]]
stopwords = ["example"]

[[rules]]
id = "acme-either"
regex = '''acmeold-([0-9]{12})|acmenew-([0-9]{16})'''

[[rules]]
id = "acme-any"
regex = '''[a-z0-9]{32}'''

[[rules]]
id = "acme-twice"
regex = '''(?P<q>['"])acme[0-9]{8}\k<q>'''

[[rules]]
id = "acme-file"
path = '''id_acme$'''

[[rules]]
id = "acme-part"
regex = '''acmepart'''
skipReport = true
`;

const imported = importGitleaks(configuration, 'acme.toml', 'imported/acme', new Set(['acme-token']));
const rules = parsePack(imported.yaml ?? '', 'acme.yaml');
const notesOf = (id: string, outcome: string) =>
  imported.notes.filter((note) => note.rule === id && note.outcome === outcome).map(({ reason }) => reason);

describe('an imported configuration', () => {
  it('is a pack whose rules find their examples and give the linter nothing to say', () => {
    expect(rules.map(({ rule }) => rule.id)).toEqual([
      'acme-acme-token',
      'acme-cloud-key',
      'acme-either',
      'acme-either-2',
    ]);
    expect(imported.count).toBe(4);
    expect(runExamples(rules, 7).failures).toEqual([]);
    expect(lintRules(rules)).toEqual([]);
  });

  it('carries over what a rule says', () => {
    expect(rules[0]?.rule).toMatchObject({
      title: 'Acme token',
      kind: 'ACME_TOKEN',
      entropy: 2,
      category: 'secret',
      action: 'mask',
    });
  });

  it.each([
    ['acme-any', 'lost', /cannot be anchored/],
    ['acme-twice', 'lost', /back-reference|escape/],
    ['acme-file', 'lost', /file names/],
    ['acme-part', 'lost', /part of other rules/],
    ['Acme Cloud_Key', 'changed', /path: it is looked for in every text/],
    ['Acme Cloud_Key', 'changed', /allowlists: what it lets pass is found/],
    ['acme-token', 'changed', /ends of a line/],
    ['*', 'changed', /extend: what it names is not read/],
    ['*', 'changed', /allowlist: .*sluice allow/],
  ])('says of %s what was %s', (id, outcome, reason) => {
    expect(notesOf(id, outcome)).toContainEqual(expect.stringMatching(reason));
  });

  it('holds no value that looks like a secret: its examples are filled when they run', () => {
    for (const { examples } of rules) expect(examples.match.join()).toContain('{{valid}}');
  });

  it.each([
    ['title = ', /^acme\.toml:1:\d+: not TOML$/],
    ['rules = 3', /^acme\.toml: rules: /],
    ['[[rules]]\nregex = "a"', /^acme\.toml: rules\.0\.id: /],
  ])('names the place in %j', (source, message) => {
    expect(() => importGitleaks(source, 'acme.toml', 'imported/acme', new Set())).toThrow(
      expect.objectContaining({ code: 'ERR_INPUT_DATA', message: expect.stringMatching(message) }),
    );
  });

  it('gives no pack where nothing could be carried over', () => {
    const { yaml, count } = importGitleaks('[[rules]]\nid = "a"\npath = "b"', 'a.toml', 'imported/a', new Set());
    expect({ yaml, count }).toEqual({ yaml: undefined, count: 0 });
  });
});
