/** The engines in force, read from the configuration, the environment and the folders of the runs. */
import type { LoadedConfig } from '../config/load.ts';
import { AppError } from '../core/errors.ts';
import type { Variable } from '../detect/protected-dotenv.ts';
import { sortProtected } from '../detect/protected.ts';
import type { Inspector, Peer } from '../inspect/exchange.ts';
import type { Engine } from './engine.ts';
import { createEngineSet, type EngineSource, type EngineSources } from './engine-set.ts';
import { chosenVariables, readRunLayer, type RunLayer } from './run-layer.ts';
import { rulesFor, uniqueRules } from './rules-for.ts';
import type { Runs } from './runs.ts';

export interface Engines {
  readonly base: Engine;
  inspectorFor(peer: Peer): Inspector;
  /** Reads a run's layer and compiles its engine. @throws AppError `ERR_CONFIG_INVALID`, `ERR_RULES_INVALID` */
  addRun(id: string, cwd: string, variables: readonly Variable[]): RunLayer;
  dropRun(id: string): void;
  /**
   * Reads and compiles everything anew; on any failure the old engines stay. A run whose project can no longer be read
   * keeps the layer that it had, and holds up nobody else: see {@link Engines.staleRuns}.
   */
  reload(loaded: LoadedConfig): void;
  /** Runs that kept an earlier layer at the last reload. */
  staleRuns(): readonly StaleRun[];
  /** What the engines in force are made of: with it another process has the same ones. */
  sources(): EngineSources;
}

/** A run whose project's layer is the last one that could be read. */
interface StaleRun {
  readonly id: string;
  /** Why its layer could not be read anew. */
  readonly error: AppError;
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
 * The source of a run whose project cannot be read any more: the new configuration below the layer that it had, or,
 * where the two do not fit, what it had.
 */
function keptSource(base: EngineSource, old: EngineSource, check: (source: EngineSource) => void): EngineSource {
  const kept = { ...old, loaded: base.loaded, rules: uniqueRules([...old.rules, ...base.rules]) };
  try {
    check(kept);
    return kept;
  } catch {
    // It compiled before, and nothing of it has changed.
    return old;
  }
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
  let stale: readonly StaleRun[] = [];
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
      stale = stale.filter((run) => run.id !== id);
      engines.dropRun(id);
    },
    reload(next) {
      const base = readBase(next, env);
      const check = (source: EngineSource): void => engines.check(source);
      check(base);
      const old = engines.sources().runs;
      const read = new Map<string, EngineSource>();
      const kept: StaleRun[] = [];
      for (const [id, place] of places) {
        try {
          const { source } = readRun(next, place);
          check(source);
          read.set(id, source);
        } catch (error: unknown) {
          const last = old.get(id);
          if (last === undefined || !(error instanceof AppError)) throw error;
          read.set(id, keptSource(base, last, check));
          kept.push({ id, error });
        }
      }
      engines.replace({ base, runs: read });
      stale = kept;
    },
    staleRuns: () => stale,
    sources: () => engines.sources(),
  };
}
