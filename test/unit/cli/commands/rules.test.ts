import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { registerRules } from '../../../../src/cli/commands/rules.ts';
import { runCommand } from '../../../helpers/command-line.ts';
import { sampleDecision, sampleFinding } from '../../../helpers/record-entries.ts';
import { newEntry } from '../../../../src/audit/chain.ts';
import { storeAt } from '../../../helpers/record-store.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

let home: string;

function run(...args: readonly string[]) {
  return runCommand(registerRules, ['rules', ...args, '--home', home], {}, home);
}

function recordFinding(id: string, rule: string, atMs: number): void {
  const findings = [{ ...sampleFinding(), rule }];
  storeAt(home).append([newEntry('decision', sampleDecision(id, { time: new Date(atMs).toISOString(), findings }))]);
}

beforeEach(() => {
  home = temporaryFolder();
});

describe('sluice rules show', () => {
  it('says what the rule found lately, and of no other rule', async () => {
    recordFinding('d1', 'github-pat', Date.now() - 3_600_000);
    recordFinding('d2', 'openai-key', Date.now() - 3_600_000);

    const { stdout } = await run('show', 'github-pat');
    expect(stdout).toMatch(/^github-pat /);
    expect(stdout).toMatch(/lately\n.*d1/);
    expect(stdout).not.toContain('d2');
  });

  it('leaves out what is older than a week', async () => {
    recordFinding('d1', 'github-pat', Date.now() - 8 * 86_400_000);

    expect((await run('show', 'github-pat')).stdout).toContain('lately    nothing');
    expect(JSON.parse((await run('show', 'github-pat', '--json')).stdout).lately).toEqual([]);
  });

  it('needs no record', async () => {
    expect((await run('show', 'github-pat')).stdout).toContain('lately    nothing');
  });
});

describe('sluice rules import', () => {
  const configuration = `[[rules]]\nid = "acme-token"\nregex = '''\\b(acme_[a-z0-9]{32})\\b'''\n\n[[rules]]\nid = "file"\npath = "x"\n`;

  beforeEach(() => {
    writeFileSync(join(home, 'acme.toml'), configuration);
  });

  it('prints the pack, and beside it what was left behind', async () => {
    const { code, stdout, stderr } = await run('import', 'acme.toml');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^pack: imported\/acme\nrules:\n {2}- id: acme-token\n/);
    expect(stderr).toMatch(/lost {4}file: it is about file names only/);
    expect(stderr).toContain('1 rules in imported/acme; 1 could not be carried over whole');
  });

  it('writes a pack that passes its own test, and never over a file that is there', async () => {
    const { stdout } = await run('import', 'acme.toml', '--pack', 'acme/leaks', '--output', 'pack.yaml');
    expect(stdout).toBe('');
    expect(existsSync(join(home, 'pack.yaml'))).toBe(true);
    expect((await run('test', join(home, 'pack.yaml'))).stdout).toBe('2 examples, 0 wrong\n');

    writeFileSync(join(home, 'pack.yaml'), 'edited');
    await expect(run('import', 'acme.toml', '--output', 'pack.yaml')).rejects.toMatchObject({
      code: 'ERR_CANNOT_CREATE',
    });
    expect(readFileSync(join(home, 'pack.yaml'), 'utf8')).toBe('edited');
  });

  it('refuses a configuration of which nothing can be carried over, and says why', async () => {
    writeFileSync(join(home, 'acme.toml'), '[[rules]]\nid = "file"\npath = "x"\n');
    await expect(run('import', 'acme.toml')).rejects.toMatchObject({
      code: 'ERR_INPUT_DATA',
      hint: expect.stringContaining('file: it is about file names only'),
    });
  });

  it('names a file that is not there', async () => {
    await expect(run('import', 'none.toml')).rejects.toMatchObject({ code: 'ERR_INPUT_MISSING' });
  });
});
