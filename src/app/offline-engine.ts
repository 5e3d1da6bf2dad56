/** An engine for commands that work without a proxy: it creates nothing, and without a home its key is ephemeral. */
import { randomBytes } from 'node:crypto';
import type { LoadedConfig } from '../config/load.ts';
import { createEngine, createEngineState, type Engine } from './engine.ts';
import { homeAt, readIfThere, readOrMakeKey } from './home.ts';
import { rulesFor } from './rules-for.ts';

/** Where the key of a home is: `SLUICE_KEY_FILE`, else in the home. */
export function keyPath(home: string, env: Readonly<Record<string, string | undefined>>): string {
  const named = env['SLUICE_KEY_FILE'];
  return named === undefined || named === '' ? homeAt(home).installationKey : named;
}

/** The engine of a configuration with the key of a home, where there is one. */
export function offlineEngine(
  loaded: LoadedConfig,
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): Engine {
  const path = keyPath(home, env);
  const key = readIfThere(path) === undefined ? randomBytes(32) : readOrMakeKey(path);
  return createEngine(loaded, rulesFor(loaded), createEngineState(key));
}
