/** What a run brings with it: its project's layer, and the values to protect from its environment and dotenv files. */
import { readDotenvFiles } from '../config/dotenv-files.ts';
import { findProjectFile, readProject, type ProjectLayer } from '../config/layers.ts';
import type { Config } from '../config/schema.ts';
import { parseDotenv, type Variable } from '../detect/protected-dotenv.ts';
import { selectVariables, sortProtected, type ProtectedValues, type VariableSource } from '../detect/protected.ts';

export interface RunLayer {
  readonly project: ProjectLayer | undefined;
  readonly protectedValues: ProtectedValues;
  readonly warnings: readonly string[];
}

/** Picks the variables that `protect.env` of the configuration and of the project names. */
export function chosenVariables(
  environment: Readonly<Record<string, string | undefined>>,
  config: Config,
  project: ProjectLayer | undefined,
): readonly Variable[] {
  const patterns = [...config.protect.env, ...(project?.protect.env ?? [])];
  return selectVariables(environment, patterns, process.platform === 'win32');
}

/** The project's layer for a folder; none on a gateway, where folders are not projects. */
export function projectOf(cwd: string, config: Config): ProjectLayer | undefined {
  const file = config.profile === 'gateway' ? undefined : findProjectFile(cwd);
  return file === undefined ? undefined : readProject(file);
}

function dotenvSources(folder: string, patterns: readonly string[]): { sources: VariableSource[]; warnings: string[] } {
  const { files, warnings } = readDotenvFiles(folder, patterns);
  return {
    sources: files.map(({ name, text }) => ({ from: name, variables: parseDotenv(text) })),
    warnings: [...warnings],
  };
}

/**
 * Reads what belongs to a run from where it was called. Nothing in the folder is executed.
 * @param variables those of the run's environment that are to be protected, see {@link chosenVariables}
 * @throws AppError `ERR_CONFIG_INVALID` when the project's file is not valid: a run with half a layer is not started
 */
export function readRunLayer(cwd: string, config: Config, variables: readonly Variable[]): RunLayer {
  const project = projectOf(cwd, config);
  const own = dotenvSources(cwd, config.profile === 'gateway' ? [] : config.protect.dotenv);
  const ofProject = project === undefined ? undefined : dotenvSources(project.folder, project.protect.dotenv);
  const sources = [{ from: 'environment', variables }, ...own.sources, ...(ofProject?.sources ?? [])];
  return {
    project,
    protectedValues: sortProtected(sources),
    warnings: [...(project?.warnings ?? []), ...own.warnings, ...(ofProject?.warnings ?? [])],
  };
}
