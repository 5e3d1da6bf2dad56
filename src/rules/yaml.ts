/** The YAML parser, loaded with the first text that it is to read: packs that ship are prebuilt, and many have no file. */
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

const load = createRequire(import.meta.url);
let loaded: typeof Yaml | undefined;

export function yaml(): typeof Yaml {
  loaded ??= loadYaml();
  return loaded;
}

function loadYaml(): typeof Yaml {
  const module: typeof Yaml = load('yaml');
  return module;
}
