/** `SLUICE_*`: a variable for every scalar of the configuration, derived from its schema. */
import { AppError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { scalars, toSchemaNode, type SchemaNode } from './json-schema.ts';
import { withValue, type PlainObject } from './plain.ts';
import { fileSchema } from './schema.ts';

/** A variable and the setting it stands for. */
export interface EnvVariable {
  readonly name: string;
  readonly path: readonly string[];
  readonly description: string;
  readonly node: SchemaNode;
}

/** Variables that are not settings. */
const otherVariables = {
  SLUICE_CONFIG: 'the configuration file, where `--config` names none',
  SLUICE_POLICY: "a policy file that adds to the organisation's",
  SLUICE_KEY_FILE: 'the installation key, where it is not in the home folder',
} as const;

/** Settings that may hold a credential: `<name>_FILE` names a file with the value instead. */
const fromFile: ReadonlySet<string> = new Set(['upstream.proxy']);

/** `limits.bodyBytes` is `SLUICE_LIMITS_BODY_BYTES`. */
function variableName(path: readonly string[]): string {
  return ['sluice', ...path].map((step) => step.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()).join('_');
}

/** Every variable, in the schema's order. */
export const envTable: readonly EnvVariable[] = scalars(toSchemaNode(fileSchema)).map(([path, node]) => ({
  name: variableName(path),
  path,
  description: node.description ?? '',
  node,
}));

/** What the environment says. */
export interface EnvSettings {
  /** In the shape of a configuration file. */
  readonly raw: PlainObject;
  /** For each dotted path, the variable that set it. */
  readonly origin: ReadonlyMap<string, string>;
  /** Variables that name a file with the value, by dotted path. */
  readonly files: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Reads a variable's text as the type its setting has; undefined when it is not of that type. */
function parseScalar(text: string, node: SchemaNode): unknown {
  const choices = node.anyOf ?? [node];
  for (const choice of choices) {
    if (choice.type === 'boolean') {
      if (/^(true|1|yes|on)$/i.test(text)) return true;
      if (/^(false|0|no|off)$/i.test(text)) return false;
    } else if (choice.type === 'integer' || choice.type === 'number') {
      const isWritten = choice.type === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,15})?$/;
      if (isWritten.test(text)) return Number(text);
    } else return text;
  }
  return undefined;
}

function expected(node: SchemaNode): string {
  return (node.anyOf ?? [node])
    .map((choice) => (choice.type === 'integer' ? 'a whole number' : choice.type))
    .join(' or ');
}

/**
 * Reads `SLUICE_*`. An empty variable counts as not set; one that nothing knows is reported with the nearest known one.
 * @throws AppError `ERR_CONFIG_INVALID` when a value is not of its setting's type (the value is not shown).
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): EnvSettings {
  const byName = new Map(envTable.map((variable) => [variable.name, variable]));
  const fileNames = new Map(
    envTable.filter(({ path }) => fromFile.has(path.join('.'))).map((variable) => [`${variable.name}_FILE`, variable]),
  );
  const known = [...byName.keys(), ...fileNames.keys(), ...Object.keys(otherVariables)];
  let raw: PlainObject = {};
  const origin = new Map<string, string>();
  const files = new Map<string, string>();
  const warnings: string[] = [];

  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('SLUICE_') || text === undefined || text === '') continue;
    const variable = byName.get(name);
    const ofFile = fileNames.get(name);
    if (ofFile !== undefined) files.set(ofFile.path.join('.'), text);
    else if (variable !== undefined) {
      const value = parseScalar(text, variable.node);
      if (value === undefined) {
        throw new AppError('ERR_CONFIG_INVALID', `the variable ${name} must be ${expected(variable.node)}`);
      }
      raw = withValue(raw, variable.path, value);
      origin.set(variable.path.join('.'), `env ${name}`);
    } else if (!known.includes(name)) {
      const near = nearest(name, known);
      warnings.push(`unknown variable ${name.slice(0, 80)}${near === undefined ? '' : `; did you mean ${near}?`}`);
    }
  }
  return { raw, origin, files, warnings };
}
