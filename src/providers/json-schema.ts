/** What the strings of a JSON Schema (of a tool or an output format) are. */
import type { JsonPath } from '../body/json-path.ts';
import type { Meaning } from './provider.ts';

/** Members of a schema that people wrote to be read; every other string decides what is valid. */
const readMembers: ReadonlySet<string> = new Set([
  'description',
  'title',
  'default',
  'example',
  'examples',
  '$comment',
  'markdownDescription',
]);

/** Members whose own members are named by the author: a property called `description` is not a description. */
const namedMembers: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions']);

/** What the string at `path` is, in a schema that begins at `path[from]`. */
export function schemaMeaning(path: JsonPath, from: number): Meaning {
  for (let i = from; i < path.length; i++) {
    const step = path[i];
    if (typeof step === 'string' && readMembers.has(step) && !namedMembers.has(String(path[i - 1]))) return 'prose';
  }
  return 'structural';
}
