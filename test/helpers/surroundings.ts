/** Surroundings of a string in a parsed body, for tests of what a string means. */
import type { JsonPath } from '../../src/body/json-path.ts';
import type { Meaning, Provider, Surroundings } from '../../src/providers/provider.ts';

/** Looks siblings up in a body, counting objects only; `isWhole: false` knows those that stand before the path. */
export function surroundingsOf(body: unknown, path: JsonPath, isWhole = true): Surroundings {
  const objects: Readonly<Record<string, unknown>>[] = [];
  let value: unknown = body;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) break;
    if (!Array.isArray(value)) {
      const entries: [string, unknown][] = Object.entries(value);
      const at = isWhole ? -1 : entries.findIndex(([name]) => name === step);
      objects.unshift(Object.fromEntries(at === -1 ? entries : entries.slice(0, at)));
    }
    value = Reflect.get(value, step);
  }
  return {
    isWhole,
    sibling(key, up = 1) {
      const found = objects[up - 1]?.[key];
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
