import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngines, type Engines } from '../../../src/app/engines.ts';
import { openRuns } from '../../../src/app/runs.ts';
import { loadConfig, type LoadedConfig } from '../../../src/config/load.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const key = new Uint8Array(32).fill(7);
const blockAll = (category: string): string => `policy:\n  - when: { category: ${category} }\n    action: block\n`;

interface Setup {
  readonly engines: Engines;
  /** Loads a configuration without rules: to compile those that ship takes long. */
  readonly load: (config: string) => LoadedConfig;
  readonly writeProject: (index: number, text: string) => void;
  /** Whether the run of a project blocks by content. */
  readonly blocks: (index: number) => boolean;
  readonly secret: string;
}

/** Engines of an empty configuration with two runs, each with a project that blocks secrets and protects a value. */
function setUp(): Setup {
  const folder = temporaryFolder();
  const projects = [temporaryFolder(), temporaryFolder()];
  const secret = randomBytes(16).toString('hex');
  const write = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600 });
  const load = (text: string): LoadedConfig => {
    const config = join(folder, 'sluice.yaml');
    write(config, `rules: []\n${text}`);
    return loadConfig({ env: {}, cwd: folder, flags: { config }, organisationFile: join(folder, 'none.yaml') });
  };
  const writeProject = (index: number, text: string): void => write(join(projects[index] ?? '', '.sluice.yaml'), text);
  projects.forEach((project, index) => {
    writeProject(index, blockAll('secret'));
    write(join(project, '.env'), `SHOP_TOKEN=${secret}\n`);
  });
  const engines = createEngines(load(''), key, {}, openRuns(join(folder, 'runs.json')));
  projects.forEach((project, index) => engines.addRun(`run${index}`, project, []));
  const blocks = (index: number): boolean => {
    const source = engines.sources().runs.get(`run${index}`);
    return JSON.stringify(source?.project?.layer).includes('"block"');
  };
  return { engines, load, writeProject, blocks, secret };
}

const versionOf = (engines: Engines, id: string): string | undefined =>
  engines.sources().runs.get(id)?.loaded.config.mode;

describe('the engines of a configuration', () => {
  it('name the vendors that ship and those of its destinations', () => {
    const { engines, load } = setUp();
    expect([...engines.base.vendors]).toContain('anthropic');

    engines.reload(load('destinations: [{ hosts: [llm.corp.example], vendor: corp, action: inspect }]'));

    expect([engines.base.vendors.has('corp'), engines.base.vendors.has('anthropic')]).toEqual([true, true]);
  });
});

describe('the engines of live runs on a reload', () => {
  it('take what their projects say now', () => {
    const { engines, load, writeProject, blocks } = setUp();
    writeProject(0, '');

    engines.reload(load('mode: observe'));

    expect([blocks(0), blocks(1)]).toEqual([false, true]);
    expect(engines.staleRuns()).toEqual([]);
  });

  it.each([
    ['is no longer valid', 'policy: [{ when: { categry: secret }, action: block }]'],
    ['names a rule that no pack has', 'policy: [{ when: { rule: no-such-rule }, action: block }]'],
    ['names rules that are not there', 'rules: [./missing.yaml]'],
  ])('keep the last good layer where the project %s, and hold up nobody else', (_what, project) => {
    const { engines, load, writeProject, blocks, secret } = setUp();
    writeProject(0, project);
    rmSync(join(engines.sources().runs.get('run0')?.project?.folder ?? '', '.env'));

    engines.reload(load('mode: observe'));

    expect(engines.staleRuns().map(({ id }) => id)).toEqual(['run0']);
    expect(engines.staleRuns()[0]?.error.code).toMatch(/^ERR_(?:CONFIG|RULES)_INVALID$/);
    expect([blocks(0), blocks(1)]).toEqual([true, true]);
    const kept = engines
      .sources()
      .runs.get('run0')
      ?.protectedValues.strong.map(({ bytes }) => Buffer.from(bytes));
    expect(kept?.map(String)).toEqual([secret]);
    expect([engines.base.policy.mode, versionOf(engines, 'run0'), versionOf(engines, 'run1')]).toEqual([
      'observe',
      'observe',
      'observe',
    ]);
  });

  it('are read again once the project is valid again, and forgotten with their run', () => {
    const { engines, load, writeProject } = setUp();
    writeProject(0, 'policy: 1');
    writeProject(1, 'policy: 1');
    engines.reload(load(''));
    expect(engines.staleRuns()).toHaveLength(2);

    engines.dropRun('run1');
    expect(engines.staleRuns().map(({ id }) => id)).toEqual(['run0']);

    writeProject(0, '');
    engines.reload(load(''));
    expect(engines.staleRuns()).toEqual([]);
  });

  it('stay as they are, all of them, where the configuration itself is not valid', () => {
    const { engines, load, writeProject, blocks } = setUp();
    const before = engines.base.policy.version;
    writeProject(0, '');

    expect(() => engines.reload(load('policy: [{ when: { rule: no-such-rule }, action: block }]'))).toThrow(
      /no-such-rule/,
    );

    expect([engines.base.policy.version, blocks(0)]).toEqual([before, true]);
    expect(engines.staleRuns()).toEqual([]);
  });
});
