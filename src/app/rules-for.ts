/** Which rules a configuration and a project name. Apart from the engine: a worker is sent rules and reads none. */
import type { ProjectLayer } from '../config/layers.ts';
import type { LoadedConfig } from '../config/load.ts';
import { isRuleFile } from '../config/relative.ts';
import { AppError } from '../core/errors.ts';
import type { Rule } from '../detect/rule.ts';
import { loadRules } from '../rules/load.ts';

/** Rules by their ids, the last of each. */
export function uniqueRules(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((rule) => [rule.id, rule])).values()];
}

/**
 * Reads the rules of a configuration and of a project. What a project wrote stands beside the others: it has no id of
 * theirs, and is generic, so that nothing gives way to it.
 * @throws AppError as `loadRules` does, and `ERR_RULES_INVALID` for an id of a project's that is taken
 */
export function rulesFor({ config }: LoadedConfig, project?: ProjectLayer): readonly Rule[] {
  const { preset } = config;
  const named = loadRules(config.rules, { preset });
  if (project === undefined) return named;
  const packs = project.rules.filter((entry) => !isRuleFile(entry));
  const files = project.rules.filter((entry) => isRuleFile(entry) && !config.rules.includes(entry));
  const trusted = uniqueRules([...named, ...loadRules(packs, { preset })]);
  const taken = new Map(trusted.map(({ id, pack }) => [id, pack]));
  const written = loadRules(files, { baseDir: project.folder, preset }).map((rule): Rule => {
    // SECURITY: a cloned repository takes no rule's place and hides nothing from one. Guarded by rules-for.test.ts,
    // "takes nothing from the rules of the configuration".
    const pack = taken.get(rule.id);
    if (pack === undefined) return { ...rule, isGeneric: true };
    throw new AppError('ERR_RULES_INVALID', `${project.file}: the id ${rule.id} is taken by the pack ${pack}`, {
      hint: 'ids are unique over all packs: choose another',
    });
  });
  return [...trusted, ...written];
}
