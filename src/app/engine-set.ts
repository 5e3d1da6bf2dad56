/** The engines of one process: one for everybody, one for each run, compiled from what was read. */
import type { ProjectLayer } from '../config/layers.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { ProtectedValues } from '../detect/protected.ts';
import type { Rule } from '../detect/rule.ts';
import type { Inspector, Peer } from '../inspect/exchange.ts';
import { createEngine, createEngineState, protectedSets, type Engine } from './engine.ts';

/** All that one engine is made of, as data: what is on the disk by now no longer counts. */
export interface EngineSource {
  readonly loaded: LoadedConfig;
  readonly rules: readonly Rule[];
  readonly protectedValues: ProtectedValues;
  readonly project?: ProjectLayer | undefined;
}

export interface EngineSources {
  readonly base: EngineSource;
  /** By the run's id. */
  readonly runs: ReadonlyMap<string, EngineSource>;
}

export interface EngineSet {
  readonly base: Engine;
  inspectorFor(peer: Peer): Inspector;
  /** @throws AppError `ERR_CONFIG_INVALID`, `ERR_RULES_INVALID`; then the run has no engine */
  addRun(id: string, source: EngineSource): void;
  dropRun(id: string): void;
  /** Compiles one to see that it can be. @throws as {@link EngineSet.addRun} does */
  check(source: EngineSource): void;
  /** Compiles everything anew; on any failure the old engines stay. @throws as {@link EngineSet.addRun} does */
  replace(sources: EngineSources): void;
  /** What the engines in force were made of. */
  sources(): EngineSources;
}

/** Engines of ended runs that are kept: connections that a run left open are still judged by its layer. */
const endedAtMost = 64;

/** @throws AppError `ERR_CONFIG_INVALID`, `ERR_RULES_INVALID` */
export function createEngineSet(first: EngineSources, installationKey: Uint8Array): EngineSet {
  const state = createEngineState(installationKey);
  const compile = (source: EngineSource): Engine =>
    createEngine(source.loaded, source.rules, state, {
      project: source.project,
      protectedValues: protectedSets(source.protectedValues),
    });
  const compileAll = ({ base, runs }: EngineSources) => ({
    base: { source: base, engine: compile(base) },
    runs: new Map([...runs].map(([id, source]) => [id, { source, engine: compile(source) }])),
  });

  let inForce = compileAll(first);
  const ended = new Map<string, Engine>();
  const keepEnded = (id: string, engine: Engine): void => {
    ended.set(id, engine);
    const [oldest] = ended.keys();
    if (ended.size > endedAtMost && oldest !== undefined) ended.delete(oldest);
  };
  const engineOf = (run: string): Engine => inForce.runs.get(run)?.engine ?? ended.get(run) ?? inForce.base.engine;
  return {
    get base() {
      return inForce.base.engine;
    },
    inspectorFor: ({ run }) => (run === undefined ? inForce.base.engine : engineOf(run)).inspector,
    addRun: (id, source) => void inForce.runs.set(id, { source, engine: compile(source) }),
    dropRun(id) {
      const run = inForce.runs.get(id);
      if (run !== undefined && inForce.runs.delete(id)) keepEnded(id, run.engine);
    },
    check: (source) => void compile(source),
    replace(sources) {
      inForce = compileAll(sources);
    },
    sources: () => ({
      base: inForce.base.source,
      runs: new Map([...inForce.runs].map(([id, { source }]) => [id, source])),
    }),
  };
}
