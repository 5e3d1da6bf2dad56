/** The engines in force, read from the configuration, the environment and the folders of the runs. */
import type { LoadedConfig } from '../config/load.ts';
import type { Variable } from '../detect/protected-dotenv.ts';
import { sortProtected } from '../detect/protected.ts';
import type { Inspector, Peer } from '../inspect/exchange.ts';
import { rulesFor, type Engine } from './engine.ts';
import { createEngineSet, type EngineSource, type EngineSources } from './engine-set.ts';
import { chosenVariables, readRunLayer, type RunLayer } from './run-layer.ts';
import type { Runs } from './runs.ts';

export interface Engines {
  readonly base: Engine;
  inspectorFor(peer: Peer): Inspector;
  /** Reads a run's layer and compiles its engine. @throws AppError `ERR_CONFIG_INVALID`, `ERR_RULES_INVALID` */
  addRun(id: string, cwd: string, variables: readonly Variable[]): RunLayer;
  dropRun(id: string): void;
  /** Reads and compiles everything anew; on any failure the old engines stay. */
  reload(loaded: LoadedConfig): void;
  /** What the engines in force are made of: with it another process has the same ones. */
  sources(): EngineSources;
}

/** What a run brought that is not read again on a reload. */
interface RunPlace {
  readonly cwd: string;
  readonly variables: readonly Variable[];
}

function readBase(loaded: LoadedConfig, env: Readonly<Record<string, string | undefined>>): EngineSource {
  const variables = chosenVariables(env, loaded.config, undefined);
  return { loaded, rules: rulesFor(loaded), protectedValues: sortProtected([{ from: 'environment', variables }]) };
}

function readRun(loaded: LoadedConfig, { cwd, variables }: RunPlace): { layer: RunLayer; source: EngineSource } {
  const layer = readRunLayer(cwd, loaded.config, variables);
  const { project, protectedValues } = layer;
  return { layer, source: { loaded, rules: rulesFor(loaded, project), protectedValues, project } };
}

/**
 * Compiles the engines of a configuration, with those of the runs that are still registered: the variables that they
 * protected were never written anywhere and count again from the next run on; their files are read again.
 */
export function createEngines(
  loaded: LoadedConfig,
  installationKey: Uint8Array,
  env: Readonly<Record<string, string | undefined>>,
  runs: Runs,
): Engines {
  const engines = createEngineSet({ base: readBase(loaded, env), runs: new Map() }, installationKey);
  const places = new Map<string, RunPlace>();
  const addRun = (id: string, place: RunPlace): RunLayer => {
    const { layer, source } = readRun(engines.base.loaded, place);
    engines.addRun(id, source);
    places.set(id, place);
    return layer;
  };
  for (const { id, cwd } of runs.live()) {
    try {
      addRun(id, { cwd, variables: [] });
    } catch {
      // Its layer cannot be read any more: its credential ends, because without the layer it would be let through more.
      runs.end(id);
    }
  }
  return {
    get base() {
      return engines.base;
    },
    inspectorFor: (peer) => engines.inspectorFor(peer),
    addRun: (id, cwd, variables) => addRun(id, { cwd, variables }),
    dropRun(id) {
      places.delete(id);
      engines.dropRun(id);
    },
    reload(next) {
      const read = new Map([...places].map(([id, place]) => [id, readRun(next, place).source]));
      engines.replace({ base: readBase(next, env), runs: read });
    },
    sources: () => engines.sources(),
  };
}
