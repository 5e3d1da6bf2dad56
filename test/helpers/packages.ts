/** Installs packages that only some suites need, by exact version, into `.cache` of the repository. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
}

/** Installs packages under their aliases unless just these are there already; returns the folder. */
export function installPackages(folderName: string, wanted: Readonly<Record<string, string>>): string {
  const folder = join(repository, '.cache', folderName);
  const stamp = join(folder, 'installed.json');
  const text = JSON.stringify(wanted);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === text) return folder;
  mkdirSync(folder, { recursive: true });
  const manifest = { name: `sluice-${folderName}`, private: true, dependencies: wanted };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], folder);
  writeFileSync(stamp, text);
  return folder;
}
