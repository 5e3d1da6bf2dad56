/** The commands that need no proxy: scan, unmask, rules, config, completion, help, as a shell sees them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { items, member } from '../../src/app/stand-in/json.ts';
import { leaks, plantedFile } from '../helpers/planted.ts';
import { runProgram, sluice, type Ended } from '../helpers/product.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const planted = plantedFile();
const token = planted.values[0]?.value ?? '';
let folder: string;
let home: string;
beforeEach(() => {
  folder = temporaryFolder();
  home = join(folder, 'home');
  writeFileSync(join(folder, 'secret.txt'), planted.text);
  writeFileSync(join(folder, 'clean.txt'), 'nothing here\n');
});
const at = (args: readonly string[], input = ''): Promise<Ended> =>
  sluice([...args, '--home', home], { cwd: folder, env: { HOME: folder }, input });

describe('scan', () => {
  it('answers with its exit code, and creates nothing where there is no home', async () => {
    const [found, clean, missing, stdin] = await Promise.all([
      at(['scan', 'secret.txt', '--json']),
      at(['scan', 'clean.txt', '--json']),
      at(['scan', 'gone.txt']),
      at(['scan', '-', '--json'], `GITHUB_TOKEN=${token}`),
    ]);

    expect([found.code, clean.code, missing.code, stdin.code]).toEqual([1, 0, 66, 1]);
    expect(items(member(JSON.parse(found.stdout), 'findings')).length).toBeGreaterThan(4);
    expect(JSON.parse(clean.stdout)).toEqual({ schemaVersion: 1, findings: [] });
    expect(member(items(member(JSON.parse(stdin.stdout), 'findings'))[0], 'rule')).toBe('github-pat');
    expect(found.stdout).not.toContain(token);
    expect(existsSync(home)).toBe(false);
  });

  it('answers lines in their order, in one process', async () => {
    const texts = ['none', `GITHUB_TOKEN=${token}`, 'none', planted.text];
    const ended = await at(['scan', '--jsonl'], texts.map((text, id) => `${JSON.stringify({ id, text })}\n`).join(''));
    const lines = ended.stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));

    expect(ended.code).toBe(1);
    expect(lines.map((line) => member(line, 'id'))).toEqual([0, 1, 2, 3]);
    expect(lines.map((line) => items(member(line, 'findings')).length > 0)).toEqual([false, true, false, true]);
  });

  it('scans the text files of a folder, and names each', async () => {
    mkdirSync(join(folder, 'tree', '.git'), { recursive: true });
    mkdirSync(join(folder, 'tree', 'deep'));
    writeFileSync(join(folder, 'tree', 'deep', 'one.txt'), `GITHUB_TOKEN=${token}`);
    writeFileSync(join(folder, 'tree', '.git', 'config'), `GITHUB_TOKEN=${token}`);
    writeFileSync(join(folder, 'tree', 'image.bin'), `\0GITHUB_TOKEN=${token}`);
    const [found, masked] = [await at(['scan', 'tree', '--json']), await at(['scan', '--mask', 'tree'])];
    const findings = items(member(JSON.parse(found.stdout), 'findings'));

    expect(found).toMatchObject({ code: 1, stderr: expect.stringContaining('binary files left out: 1') });
    expect(findings.map((finding) => member(finding, 'file'))).toEqual([join('tree', 'deep', 'one.txt')]);
    expect(masked.code).toBe(2);
  });

  it('takes lines from standard input only', async () => {
    expect(await at(['scan', '--jsonl', 'secret.txt'])).toMatchObject({ code: 2 });
  });

  it('names the line that is not JSON', async () => {
    const ended = await at(['scan', '--jsonl'], '{"id":1,"text":""}\n{broken\n');

    expect(ended).toMatchObject({ code: 65, stderr: expect.stringContaining('line 2') });
  });

  it('masks, and unmask puts the values back from the file that has them', async () => {
    await at(['ca', 'init']);
    await at(['scan', 'secret.txt']);
    writeFileSync(join(home, 'installation.key'), `${Buffer.alloc(32, 7).toString('base64url')}\n`, { mode: 0o600 });
    const masked = await at(['scan', '--mask', 'secret.txt']);
    writeFileSync(join(folder, 'masked.txt'), masked.stdout);
    const dry = await at(['unmask', 'masked.txt', '--dry-run', '--from', 'secret.txt']);
    const untouched = readFileSync(join(folder, 'masked.txt'), 'utf8');
    const ended = await at(['unmask', 'masked.txt', '--json', '--from', 'secret.txt']);

    expect(masked.code).toBe(1);
    expect(
      leaks([{ method: 'POST', target: '/', headers: [], body: Buffer.from(masked.stdout) }], planted.values),
    ).toEqual([]);
    expect([dry.code, untouched]).toEqual([0, masked.stdout]);
    expect(ended.code).toBe(0);
    expect(readFileSync(join(folder, 'masked.txt'), 'utf8')).toBe(planted.text);
  });

  it('writes SARIF that names file and line', async () => {
    const ended = await at(['scan', '--sarif', 'secret.txt']);
    const run: unknown = items(member(JSON.parse(ended.stdout), 'runs'))[0];
    const place = member(
      member(items(member(items(member(run, 'results'))[0], 'locations'))[0], 'physicalLocation'),
      'region',
    );

    expect(member(JSON.parse(ended.stdout), 'version')).toBe('2.1.0');
    expect(member(place, 'startLine')).toBe(3);
    expect(ended.stdout).not.toContain(token);
  });
});

describe('rules, config and completion', () => {
  it('prove and lint the packs that ship', async () => {
    const [test, lint, show] = await Promise.all([
      at(['rules', 'test', '--json']),
      at(['rules', 'lint', '--json']),
      at(['rules', 'show', 'github-pat', '--json']),
    ]);

    expect(test).toMatchObject({ code: 0, stdout: '{"schemaVersion":1,"checks":[]}\n' });
    expect(lint).toMatchObject({ code: 0, stdout: '{"schemaVersion":1,"checks":[]}\n' });
    expect(member(items(member(JSON.parse(show.stdout), 'rules'))[0], 'id')).toBe('github-pat');
  });

  it('say where a value came from: flag over environment over file over profile', async () => {
    const config = join(folder, 'config.yaml');
    writeFileSync(config, 'mode: observe\nlisten: 127.0.0.1:1\npreset: strict\n', { mode: 0o600 });
    const env = { HOME: folder, SLUICE_LISTEN: '127.0.0.1:2', SLUICE_LIMITS_BODY_BYTES: '2048' };
    const ended = await sluice(['config', 'show', '--origin', '--json', '--config', config, '--home', home], {
      env,
      cwd: folder,
    });
    const document: unknown = JSON.parse(ended.stdout);
    const origin = member(document, 'origin');

    expect(member(document, 'config')).toMatchObject({
      mode: 'observe',
      listen: '127.0.0.1:2',
      limits: { bodyBytes: 2048 },
    });
    expect(member(origin, 'home')).toBe('flag --home');
    expect(member(origin, 'listen')).toBe('env SLUICE_LISTEN');
    expect(member(origin, 'preset')).toContain('config.yaml:3');
    expect(member(origin, 'onUnreadable')).toContain('workstation');
  });

  it('give a JSON Schema, a users line without the password, and a check', async () => {
    const [schema, user, check] = await Promise.all([
      at(['config', 'schema']),
      at(['config', 'user', 'ada'], 'a long password\n'),
      at(['config', 'check', '--json']),
    ]);

    expect(member(member(JSON.parse(schema.stdout), 'properties'), 'unknownHosts')).toBeDefined();
    expect(user.stdout).toMatch(/^ada:scrypt\$\d+\$\d+\$\d+\$\S+\$\S+\n$/);
    expect(user.stdout).not.toContain('long password');
    expect(items(member(JSON.parse(check.stdout), 'checks')).length).toBeGreaterThan(0);
  });

  it('complete in bash', async () => {
    const { stdout, code } = await at(['completion', 'bash']);
    const script = join(folder, 'completion.bash');
    writeFileSync(script, stdout);
    const loaded = await runProgram(['bash', '-c', `set -eu; source ${script}; complete -p sluice`]);

    expect(code).toBe(0);
    expect(loaded).toMatchObject({ code: 0, stdout: expect.stringMatching(/^complete .*sluice$/m) });
  });
});

describe('help', () => {
  const commands = [
    'start',
    'run',
    'env',
    'status',
    'stop',
    'ca',
    'config',
    'allow',
    'scan',
    'unmask',
    'rules',
    'log',
    'doctor',
    'demo',
    'completion',
  ];

  it('of every command starts with examples', async () => {
    const firstLines: string[] = [];
    for (const command of commands) firstLines.push((await at([command, '--help'])).stdout.split('\n')[0] ?? '');

    expect(firstLines).toEqual(commands.map(() => 'Examples:'));
  });

  it('is pointed at by usage errors', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '../../dist/cli/main.js'), 'scan', '--no-such'],
      { encoding: 'utf8' },
    );

    expect(status).toBe(2);
    expect(stderr).toContain('--help');
  });
});
