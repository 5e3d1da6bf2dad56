/** The configuration and home that an invocation is about. */
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import type { Invocation } from './command.ts';
import { homeOf } from './home-option.ts';

export interface LoadedPlace {
  readonly loaded: LoadedConfig;
  readonly home: string;
  /** Loads it again as it is then, for a reload. */
  readonly load: () => LoadedConfig;
}

/** Loads the configuration with the invocation's flags; warnings go to stderr. */
export function loadedPlace(
  { options, terminal, output }: Pick<Invocation<object>, 'options' | 'terminal' | 'output'>,
  addresses: { readonly listen?: string | undefined; readonly admin?: string | undefined } = {},
): LoadedPlace {
  const { config, home } = options;
  const load = (): LoadedConfig =>
    loadConfig({ env: terminal.env, cwd: terminal.cwd, flags: { config, home, ...addresses } });
  const loaded = load();
  for (const warning of loaded.warnings) output.warn(`sluice: ${warning}`);
  return { loaded, load, home: loaded.config.home ?? homeOf({ options, terminal }) };
}
