/** What is protected for a folder and an environment, in words, without any value. */
import type { Config } from '../config/schema.ts';
import type { ProtectedValues } from '../detect/protected.ts';
import { chosenVariables, projectOf, readRunLayer } from './run-layer.ts';

export interface Protection {
  readonly summary: string;
  /** One line for each weak or ignored variable, by name. */
  readonly details: readonly string[];
}

const names = (list: readonly { readonly name?: string }[]): string =>
  [...new Set(list.map(({ name }) => name ?? ''))].toSorted().join(', ');

/** Says how many values are protected and which are weak. */
export function describeProtection(values: ProtectedValues): Protection {
  const { strong, weak, ignored } = values;
  const parts = [`${strong.length} protected values`];
  if (weak.length > 0) parts.push(`${weak.length} weak (only as the value of their own variable): ${names(weak)}`);
  return {
    summary: parts.join('; '),
    details: ignored.map(({ name, from, reason }) => `${name} of ${from} is not protected: ${reason}`),
  };
}

/** Reads what a run from this folder would protect. @throws AppError `ERR_CONFIG_INVALID` for a bad project file */
export function protectionOf(
  cwd: string,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Protection {
  const variables = chosenVariables(env, config, projectOf(cwd, config));
  const { protectedValues, warnings } = readRunLayer(cwd, config, variables);
  const described = describeProtection(protectedValues);
  return { ...described, details: [...described.details, ...warnings] };
}
