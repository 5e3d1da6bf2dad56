/** The configuration that an invocation is about. */
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import type { Invocation } from './command.ts';

/** Loads it, with the invocation's flags; warnings go to stderr. */
export function loadedOf(
  { options, terminal, output }: Pick<Invocation<object>, 'options' | 'terminal' | 'output'>,
  flags: { readonly listen?: string | undefined; readonly admin?: string | undefined } = {},
): LoadedConfig {
  const { config, home } = options;
  const loaded = loadConfig({ env: terminal.env, cwd: terminal.cwd, flags: { config, home, ...flags } });
  for (const warning of loaded.warnings) output.warn(`sluice: ${warning}`);
  return loaded;
}
