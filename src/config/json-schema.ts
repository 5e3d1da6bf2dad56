/** The schemas as JSON Schema: for editors, for the environment table, and to name what is known at a place. */
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { fileSchema } from './schema.ts';

/** The parts of JSON Schema that zod writes for our schemas. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
}

function isSchemaNode(value: object): value is SchemaNode {
  return '$schema' in value;
}

/** Turns a zod schema into the JSON Schema of what it takes. */
export function toSchemaNode(schema: z.ZodType): SchemaNode {
  const node = z.toJSONSchema(schema, { io: 'input' });
  if (!isSchemaNode(node)) throw new AppError('ERR_INTERNAL', 'a schema has no JSON Schema');
  return node;
}

/** The JSON Schema of a configuration file, as `config schema` prints it. */
export function configJsonSchema(): object {
  return { title: 'Sluice configuration', ...toSchemaNode(fileSchema) };
}

/** Whether a node takes a single value: text, number, boolean. */
function isScalar(node: SchemaNode): boolean {
  if (node.anyOf !== undefined) return node.anyOf.every(isScalar);
  if (node.const !== undefined || node.enum !== undefined) return true;
  return node.type !== undefined && ['string', 'integer', 'number', 'boolean'].includes(node.type);
}

/** Lists every scalar of the configuration with its path, in the schema's order. */
export function scalars(node: SchemaNode, path: readonly string[] = []): readonly (readonly [string[], SchemaNode])[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const at = [...path, key];
    return isScalar(child) ? [[at, child] as const] : scalars(child, at);
  });
}

/** The nodes that may describe the value at a path (several where the schema has alternatives). */
function nodesAt(node: SchemaNode, path: readonly PropertyKey[]): readonly SchemaNode[] {
  if (node.anyOf !== undefined) return node.anyOf.flatMap((choice) => nodesAt(choice, path));
  const [step, ...rest] = path;
  if (step === undefined) return [node];
  const child = typeof step === 'number' ? node.items : node.properties?.[String(step)];
  return child === undefined ? [] : nodesAt(child, rest);
}

/** The keys that an object at a path may have. */
export function knownKeys(root: SchemaNode, path: readonly PropertyKey[]): readonly string[] {
  return nodesAt(root, path).flatMap((node) => Object.keys(node.properties ?? {}));
}
