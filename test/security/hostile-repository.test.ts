/** A cloned repository is hostile until shown otherwise: what its `.sluice.yaml` and `.env` may try, and what comes of it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDotenvFiles } from '../../src/config/dotenv-files.ts';
import { findProjectFile, readProject } from '../../src/config/layers.ts';
import { parseDotenv } from '../../src/detect/protected-dotenv.ts';
import { sortProtected } from '../../src/detect/protected.ts';
import { createPolicy } from '../../src/policy/create-policy.ts';

let root: string;
let repository: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-hostile-'));
  repository = join(root, 'repository');
  mkdirSync(repository);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(name: string, text: string): string {
  const path = join(repository, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
const project = (text: string) => readProject(put('.sluice.yaml', text));
const invalid = { code: 'ERR_CONFIG_INVALID' };
const unsafe = { code: 'ERR_CONFIG_UNSAFE' };

/** What reading throws. */
function failure(read: () => unknown): unknown {
  try {
    read();
  } catch (error: unknown) {
    return error;
  }
  return undefined;
}

describe('a hostile .sluice.yaml', () => {
  it.each([
    ['redirects', 'upstream: { proxy: "http://evil.test:1" }', 'upstream'],
    ['redirects by connect', 'upstream: { connect: { "api.anthropic.com:443": "evil.test:443" } }', 'upstream'],
    ['names hosts', 'destinations: [{ hosts: ["*"], action: tunnel }]', 'destinations'],
    ['opens unknown hosts', 'unknownHosts: tunnel', 'unknownHosts'],
    ['makes exceptions', 'allow: [{ rule: "*", reason: trust me }]', 'allow'],
    ['only observes', 'mode: observe', 'mode'],
    ['forwards what cannot be read', 'onUnreadable: forward', 'onUnreadable'],
    ['trusts its own authority', 'upstream: { ca: [./evil.pem] }', 'upstream'],
    ['publishes the authority', 'ca: { publish: ./out }', 'ca'],
    ['is shown what others write', 'detector: { url: "http://127.0.0.1:1/x" }', 'detector'],
    ['starts a program', 'detector: { command: [./evil] }', 'detector'],
    ['moves the home', 'home: ./home', 'home'],
    ['answers for the vendor', 'routes: [{ hosts: ["*"], paths: ["/**"], action: answer }]', 'routes'],
    ['widens restoring', 'restore: { network: true }', 'restore'],
    ['changes limits', 'limits: { bodyBytes: 1099511627776 }', 'limits'],
    ['changes authentication', 'auth: { mode: "off" }', 'auth'],
    ['changes placeholders', 'placeholders: { prefix: EVIL }', 'placeholders'],
    ['reaches into objects', '__proto__: { mode: observe }', '__proto__'],
    ['reaches into objects deeper', 'protect: { constructor: { prototype: 1 } }', 'constructor'],
  ])('that %s is an error that names the key', (_, text, key) => {
    expect(failure(() => project(text))).toMatchObject({ ...invalid, message: expect.stringContaining(`"${key}"`) });
  });

  it('cannot lower what the user says', () => {
    const layer = project(
      'policy:\n  - { when: {}, action: forward }\npaths:\n  - { globs: ["**"], action: forward }\n',
    );
    const policy = createPolicy({
      user: { name: 'user', policy: [], unknownHosts: 'block' },
      project: layer === undefined ? [] : [layer.layer],
      ruleIds: ['some-key'],
    });
    const finding = {
      rule: 'some-key',
      category: 'secret',
      severity: 'high',
      regimes: [],
      confidence: 'certain',
      ruleAction: 'mask',
      fingerprint: 'hmac:k:x',
      where: 'body',
    } as const;
    const exchange = { host: 'x.test', path: '/', vendor: 'x', jurisdiction: 'US', client: 'c', nowMs: 0 };

    expect(policy.judge(finding, exchange)).toMatchObject({ action: 'mask', by: 'rule' });
    expect(policy.destination('x.test', 443).action).toBe('block');
  });

  it('cannot execute anything', () => {
    const canary = join(root, 'executed');
    const tags = [
      `protect: !!js/function "function(){require('fs').writeFileSync('${canary}','')}"`,
      `protect: !!python/object/apply:os.system ["touch ${canary}"]`,
      `rules: [ "$(touch ${canary})" ]`,
      `protect: { env: ["\`touch ${canary}\`"] }`,
    ];

    for (const text of tags) failure(() => project(text));

    expect(existsSync(canary)).toBe(false);
  });

  it('cannot exhaust us by aliases, size, nesting or keys', () => {
    const bomb = ['a: &a ["x"]', ...Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [*a, *a]`)].join('\n');

    expect(failure(() => project(bomb))).toMatchObject({ message: expect.stringContaining('aliases are not allowed') });
    expect(failure(() => project(`# ${'x'.repeat(65 * 1024)}`))).toMatchObject(invalid);
    expect(failure(() => project(`rules: ${'['.repeat(20_000)}`))).toMatchObject(invalid);
    expect(failure(() => project(`rules:\n${'- '.repeat(5_000)}x`))).toMatchObject(invalid);
    expect(
      failure(() => project(Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'))),
    ).toMatchObject(invalid);
  });

  it('cannot hold us up by its globs', () => {
    const glob = `${'*a'.repeat(60)}*b`;
    const layer = project(`paths: [{ globs: ["${glob}"] }]\npolicy: [{ when: { source: "${glob}" }, action: mask }]`);
    const policy = createPolicy({
      user: { name: 'user' },
      project: layer === undefined ? [] : [layer.layer],
      ruleIds: [],
    });

    expect(policy.pathRule('/'.padEnd(4000, 'a'))).toBeUndefined();
  });

  it.each([
    ['an absolute path', '/etc/passwd.yaml'],
    ['a way out', '../outside.yaml'],
    ['a way out in the middle', 'rules/../../outside.yaml'],
    ["the user's folder", '~/rules.yaml'],
    ['a link out', './link.yaml'],
    ['a link to a folder outside', './folder/outside.yaml'],
    ['a file that is not YAML', './run.js'],
    ['a file that is not there', './gone.yaml'],
    ['a folder', './sub.yaml'],
  ])('cannot name %s as a rule file', (_, entry) => {
    writeFileSync(join(root, 'outside.yaml'), 'pack: x', { mode: 0o600 });
    put('run.js', 'process.exit(1)');
    symlinkSync(join(root, 'outside.yaml'), join(repository, 'link.yaml'));
    symlinkSync(root, join(repository, 'folder'));
    mkdirSync(join(repository, 'sub.yaml'));

    expect(failure(() => project(`rules: ["${entry}"]`))).toMatchObject({
      code: expect.stringMatching(/^ERR_CONFIG_(INVALID|UNSAFE)$/),
    });
  });

  it('cannot have more rules compiled than 64 KB of them', () => {
    const names = Array.from({ length: 5 }, (_, index) => `rules-${index}.yaml`);
    for (const name of names) put(name, `pack: own\n# ${'x'.repeat(15 * 1024)}`);

    expect(project(`rules: [${names.slice(1).join(', ')}]`)?.rules).toHaveLength(4);
    expect(failure(() => project(`rules: [${names.join(', ')}]`))).toMatchObject({
      ...invalid,
      message: expect.stringContaining('too large together'),
    });
  });

  it('is told where it relies on what is not enforced', () => {
    expect(project('paths: [{ globs: ["**"] }]')?.warnings).toEqual([expect.stringContaining('paths: is checked but')]);
    expect(project('rules: [secrets]')?.warnings).toEqual([]);
  });

  it('may name a rule file and patterns inside the project', () => {
    put('own.yaml', 'pack: own');

    expect(project('rules: [secrets, ./own.yaml]\nprotect: { env: ["*_KEY"], dotenv: [config/.env] }')).toMatchObject({
      rules: ['secrets', join(repository, 'own.yaml')],
      protect: { env: ['*_KEY'], dotenv: ['config/.env'] },
    });
  });

  it.each(['../.env', '/etc/shadow', '~/.ssh/*', 'a/../../b', 'C:/x', '..\\\\x'])('cannot have %s read', (pattern) => {
    expect(failure(() => project(`protect: { dotenv: ["${pattern}"] }`))).toMatchObject(invalid);
  });

  it.skipIf(process.platform === 'win32')(
    'is not read through a link, from a pipe, or when anybody can write it',
    () => {
      const elsewhere = join(root, 'elsewhere.yaml');
      writeFileSync(elsewhere, 'rules: [secrets]', { mode: 0o600 });
      const link = join(repository, '.sluice.yaml');
      symlinkSync(elsewhere, link);
      expect(failure(() => readProject(link))).toMatchObject(unsafe);
      rmSync(link);

      execFileSync('mkfifo', [link]);
      expect(failure(() => readProject(link))).toMatchObject(unsafe);
      rmSync(link);

      writeFileSync(link, 'rules: [secrets]', { mode: 0o600 });
      execFileSync('chmod', ['666', link]);
      expect(failure(() => readProject(link))).toMatchObject(unsafe);
    },
  );

  it('is the nearest one upwards', () => {
    const inner = join(repository, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    const outer = put('.sluice.yaml', 'rules: [secrets]');

    expect(findProjectFile(inner)).toBe(outer);
    writeFileSync(join(inner, '.sluice.yaml'), '', { mode: 0o600 });
    expect(findProjectFile(inner)).toBe(join(inner, '.sluice.yaml'));
    expect(readProject(join(repository, 'gone.yaml'))).toBeUndefined();
  });
});

describe('a hostile .env', () => {
  const names = (patterns: readonly string[]) => readDotenvFiles(repository, patterns).files.map(({ name }) => name);

  it('is read as data: nothing is expanded or executed', () => {
    const canary = join(root, 'executed');
    put('.env', `A=$(touch ${canary})\nB=\`touch ${canary}\`\nC="$HOME"\n`);

    const { files } = readDotenvFiles(repository, ['.env']);
    const variables = files.flatMap(({ text }) => parseDotenv(text));

    expect(existsSync(canary)).toBe(false);
    expect(variables.map(({ value }) => value)).toEqual([`$(touch ${canary})`, `touch ${canary}`, '$HOME']);
  });

  it('cannot have everyday words masked everywhere, and so break code', () => {
    const words = [
      'const',
      'function',
      'return',
      'import',
      'localhost',
      '127.0.0.1',
      'https://github.com/a/b',
      '10000000',
    ];
    const { strong } = sortProtected([
      { from: '.env', variables: words.map((value, index) => ({ name: `API_SECRET_${index}`, value })) },
    ]);

    expect(strong).toEqual([]);
  });

  it('is not read when it leads out of the project, is no file, or is too large', () => {
    writeFileSync(join(root, 'outside'), 'A=1', { mode: 0o600 });
    symlinkSync(join(root, 'outside'), join(repository, '.env'));
    symlinkSync('/dev/zero', join(repository, '.env.zero'));
    mkdirSync(join(repository, '.env.folder'));
    put('.env.big', 'A=1\n'.repeat(300_000));
    put('.env.local', 'A=1');

    const { files, warnings } = readDotenvFiles(repository, ['.env', '.env.*']);

    expect(files).toEqual([{ name: '.env.local', text: 'A=1' }]);
    expect(warnings).toHaveLength(4);
  });

  it('is found by name, but examples are left out', () => {
    for (const name of ['.env', '.env.prod', '.env.example', '.env.sample', '.env.template', 'env']) put(name, 'A=1');
    mkdirSync(join(repository, 'config'));
    put('config/.env', 'A=1');

    expect(names(['.env', '.env.*'])).toEqual(['.env', '.env.prod']);
    expect(names(['./config/.env'])).toEqual(['config/.env']);
    expect(names(['gone/.env'])).toEqual([]);
    expect(names([])).toEqual([]);
  });
});
