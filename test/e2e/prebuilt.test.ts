/** The built program has its rules worked out: a start reads them in place of YAML. */
import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface RulesAt {
  readonly found: number;
  readonly packs: number;
  readonly rules: string;
}

/** How many packs are found prebuilt, and some rules as text, in a process of its own. */
function rulesAt(folder: string): RulesAt {
  const url = (name: string): string => JSON.stringify(new URL(`file://${folder}/dist/rules/${name}.js`).href);
  const script = `
    import { builtinTexts, loadRules } from ${url('load')};
    import { shippedPrebuilt } from ${url('prebuilt')};
    const packs = builtinTexts();
    const found = packs.filter(({ text, file }) => shippedPrebuilt()?.find(text, file) !== undefined).length;
    const rules = JSON.stringify(loadRules(['secrets/github', 'secrets/gitlab']));
    process.stdout.write(JSON.stringify({ found, packs: packs.length, rules }));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(stderr);
  const result: RulesAt = JSON.parse(stdout);
  return result;
}

/** A copy of the built program that can be changed. */
function copy(): string {
  const folder = temporaryFolder();
  for (const name of ['dist', 'rules', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

describe('the build', () => {
  it('has every pack that ships worked out', () => {
    const { found, packs } = rulesAt(root);

    expect(found).toBe(packs);
    expect(packs).toBeGreaterThan(200);
  });

  it.each([
    [
      'a pack has changed',
      1,
      (folder: string) => {
        const file = join(folder, 'rules/secrets/github.yaml');
        writeFileSync(file, `# changed\n${readFileSync(file, 'utf8')}`);
      },
    ],
    [
      'the code is other code',
      Infinity,
      (folder: string) => {
        const file = join(folder, 'dist/detect/anchors.js');
        writeFileSync(file, `${readFileSync(file, 'utf8')}\n// changed\n`);
      },
    ],
    [
      'the file is damaged',
      Infinity,
      (folder: string) => {
        const file = join(folder, 'dist/rules/prebuilt.bin');
        writeFileSync(
          file,
          readFileSync(file).map((byte, at) => (at === 5000 ? byte ^ 1 : byte)),
        );
      },
    ],
    ['the file is gone', Infinity, (folder: string) => rmSync(join(folder, 'dist/rules/prebuilt.bin'))],
    [
      'the file is another one',
      Infinity,
      (folder: string) => {
        renameSync(join(folder, 'package.json'), join(folder, 'dist/rules/prebuilt.bin'));
      },
    ],
  ])('reads YAML where %s, and has the same rules', (_, missing, change) => {
    const { rules } = rulesAt(root);
    const folder = copy();
    change(folder);

    const changed = rulesAt(folder);

    expect(changed.rules).toBe(rules);
    expect(changed.found).toBe(Math.max(0, changed.packs - missing));
  });
});

describe('commands that only ask', () => {
  it('load no rules and no detector', () => {
    const folder = copy();
    rmSync(join(folder, 'dist/detect'), { recursive: true });
    rmSync(join(folder, 'rules'), { recursive: true });
    const home = join(folder, 'home');

    const codes = ['log', 'env', 'status', 'stop'].map((command) => {
      const args = [join(folder, 'dist/cli/main.js'), command, '--home', home];
      const env = { ...process.env, HOME: folder };
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
      return [command, stderr.includes('ERR_MODULE_NOT_FOUND') ? stderr : status];
    });

    // No proxy runs for that home: what they say then, and not that a module is missing.
    expect(codes).toEqual([
      ['log', 0],
      ['env', 0],
      ['status', 1],
      ['stop', 69],
    ]);
  });
});
