/** Plain nested data: reading, setting and walking it by path, and freezing it. */

export type PlainObject = Readonly<Record<string, unknown>>;

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a copy of `base` with `value` at a path; objects on the way are copied or made. */
export function withValue(base: PlainObject, path: readonly string[], value: unknown): PlainObject {
  const [key, ...rest] = path;
  if (key === undefined) return base;
  const child = base[key];
  return { ...base, [key]: rest.length === 0 ? value : withValue(isPlainObject(child) ? child : {}, rest, value) };
}

/** Returns the value at a path, if it is there. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (!isPlainObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Lists every setting with its path: scalars, lists, and whole objects below `wholes` (their keys are data). */
export function settings(
  root: PlainObject,
  wholes: ReadonlySet<string>,
  path: readonly string[] = [],
): readonly (readonly [readonly string[], unknown])[] {
  return Object.entries(root).flatMap(([key, value]) => {
    const at = [...path, key];
    if (value === undefined) return [];
    return isPlainObject(value) && !wholes.has(at.join('.')) ? settings(value, wholes, at) : [[at, value] as const];
  });
}

/** Freezes a value and all that it holds. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}
