/** Which rules a configuration and a project name. Apart from the engine: a worker is sent rules and reads none. */
import type { ProjectLayer } from '../config/layers.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Rule } from '../detect/rule.ts';
import { loadRules } from '../rules/load.ts';

/** Rules by their ids, the last of each. */
export function uniqueRules(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((rule) => [rule.id, rule])).values()];
}

/** Reads the rules of a configuration and of a project. @throws AppError as `loadRules` does */
export function rulesFor({ config }: LoadedConfig, project?: ProjectLayer): readonly Rule[] {
  return uniqueRules([
    ...loadRules(config.rules, { preset: config.preset }),
    ...(project === undefined ? [] : loadRules(project.rules, { baseDir: project.folder, preset: config.preset })),
  ]);
}
