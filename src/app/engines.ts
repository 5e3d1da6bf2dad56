/** The engines in force: one for everybody, one for each run with a layer of its own; all replaced on reload. */
import type { LoadedConfig } from '../config/load.ts';
import type { Variable } from '../detect/protected-dotenv.ts';
import { sortProtected } from '../detect/protected.ts';
import type { Inspector, Peer } from '../inspect/exchange.ts';
import { createEngine, createEngineState, protectedSets, type Engine } from './engine.ts';
import { chosenVariables, readRunLayer, type RunLayer } from './run-layer.ts';
import type { Runs } from './runs.ts';

export interface Engines {
  readonly base: Engine;
  inspectorFor(peer: Peer): Inspector;
  /** Reads a run's layer and compiles its engine. @throws AppError `ERR_CONFIG_INVALID`, `ERR_RULES_INVALID` */
  addRun(id: string, cwd: string, variables: readonly Variable[]): RunLayer;
  dropRun(id: string): void;
  /** Compiles everything anew; on any failure the old engines stay. */
  reload(loaded: LoadedConfig): void;
}

interface RunEngine {
  readonly cwd: string;
  readonly variables: readonly Variable[];
  readonly layer: RunLayer;
  readonly engine: Engine;
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
  const state = createEngineState(installationKey);
  const compileBase = (from: LoadedConfig): Engine => {
    const variables = chosenVariables(env, from.config, undefined);
    return createEngine(from, state, {
      protectedValues: protectedSets(sortProtected([{ from: 'environment', variables }])),
    });
  };
  const compileRun = (from: LoadedConfig, cwd: string, variables: readonly Variable[]): RunEngine => {
    const layer = readRunLayer(cwd, from.config, variables);
    const protectedValues = protectedSets(layer.protectedValues);
    return { cwd, variables, layer, engine: createEngine(from, state, { project: layer.project, protectedValues }) };
  };

  let base = compileBase(loaded);
  let inForce = loaded;
  let byRun = new Map<string, RunEngine>();
  for (const { id, cwd } of runs.live()) {
    try {
      byRun.set(id, compileRun(loaded, cwd, []));
    } catch {
      // Its layer cannot be read any more: its credential ends, because without the layer it would be let through more.
      runs.end(id);
    }
  }
  return {
    get base() {
      return base;
    },
    inspectorFor: ({ run }) => (run === undefined ? base : (byRun.get(run)?.engine ?? base)).inspector,
    addRun(id, cwd, variables) {
      const compiled = compileRun(inForce, cwd, variables);
      byRun.set(id, compiled);
      return compiled.layer;
    },
    dropRun: (id) => void byRun.delete(id),
    reload(next) {
      const nextBase = compileBase(next);
      const nextRuns = new Map([...byRun].map(([id, { cwd, variables }]) => [id, compileRun(next, cwd, variables)]));
      base = nextBase;
      byRun = nextRuns;
      inForce = next;
    },
  };
}
