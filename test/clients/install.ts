/** Installs the assistants, by exact version, into `.cache/clients` of the repository. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

const machine = `${process.platform}-${process.arch}`;

/**
 * Alias → exact specifier. Claude Code and Codex are platform packages that hold the binary itself: their install
 * scripts are not run, and on older Node versions npm would silently choose an older release of the wrapper.
 */
const packages: Readonly<Record<string, string>> = {
  'claude-code': `npm:@anthropic-ai/claude-code-${machine}@2.1.329`,
  codex: `npm:@openai/codex@0.169.0-${machine}`,
  'gemini-cli': 'npm:@google/gemini-cli@0.61.0',
  pi: 'npm:@mariozechner/pi-coding-agent@0.73.1',
};

const rustTargets: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
};

/** How to start each assistant: what stands before its own arguments. */
export interface Installed {
  readonly claude: readonly string[];
  readonly codex: readonly string[];
  readonly gemini: readonly string[];
  readonly pi: readonly string[];
}

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

/** Installs the assistants where they are not yet. */
export function installClients(): void {
  if (rustTargets[machine] === undefined) throw new Error(`no assistants are pinned for ${machine}`);
  installPackages('clients', packages);
}

/** Where the assistants start from. */
export function installedClients(): Installed {
  const modules = join(repository, '.cache/clients/node_modules');
  const rustTarget = rustTargets[machine] ?? '';
  return {
    claude: [join(modules, 'claude-code/claude')],
    codex: [join(modules, 'codex/vendor', rustTarget, 'bin/codex')],
    gemini: [process.execPath, join(modules, 'gemini-cli/bundle/gemini.js')],
    pi: [process.execPath, join(modules, 'pi/dist/cli.js')],
  };
}
