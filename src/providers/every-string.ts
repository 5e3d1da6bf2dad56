/** Every string of a reply as prose, whole in itself: the reading where nothing better is known. */
import type { JsonPath } from '../body/json-path.ts';
import type { ReplyPart } from './provider.ts';

/** Lists the strings of a JSON value with their paths. Iterative, so that depth costs no stack. */
export function everyString(json: unknown, at: JsonPath = []): ReplyPart[] {
  const parts: ReplyPart[] = [];
  const open: { value: unknown; path: JsonPath }[] = [{ value: json, path: at }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') parts.push({ path, grammar: 'text' });
    else if (Array.isArray(value)) value.forEach((item: unknown, i) => open.push({ value: item, path: [...path, i] }));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) open.push({ value: item, path: [...path, key] });
    }
  }
  return parts;
}
