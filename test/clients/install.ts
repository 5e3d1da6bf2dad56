/** Installs the assistants, by exact version, into `.cache/clients` of the repository. */
import { join } from 'node:path';
import { installPackages, repository } from '../helpers/packages.ts';

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
