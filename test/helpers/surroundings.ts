/** Surroundings of a string in a parsed body, for tests of what a string means. */
import type { JsonPath } from '../../src/body/json-path.ts';
import type { Meaning, Provider, Surroundings } from '../../src/providers/provider.ts';

/** Looks siblings up in the whole body, counting objects only; `isWhole: false` knows none of them. */
export function surroundingsOf(body: unknown, path: JsonPath, isWhole = true): Surroundings {
  const objects: object[] = [];
  let value: unknown = body;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) break;
    if (!Array.isArray(value)) objects.unshift(value);
    value = Reflect.get(value, step);
  }
  return {
    isWhole,
    sibling(key, up = 1) {
      const holder = objects[up - 1];
      const found: unknown = isWhole && holder !== undefined ? Reflect.get(holder, key) : undefined;
      return typeof found === 'string' ? found : undefined;
    },
  };
}

/** What every string of a body means, by JSON pointer. */
export function meaningsOf(provider: Provider, body: unknown): Record<string, Meaning> {
  const meanings: Record<string, Meaning> = {};
  const walk = (value: unknown, path: JsonPath): void => {
    if (typeof value === 'string') {
      meanings['/' + path.join('/')] = provider.meaning(path, surroundingsOf(body, path));
    } else if (Array.isArray(value)) value.forEach((item, i) => walk(item, [...path, i]));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
    }
  };
  walk(body, []);
  return meanings;
}
