/** Reading parsed JSON whose shape is not known. */

/** A JSON object; its members are still unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = {};

/** The value as an object, or an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : nothing;
}

/** Whether the value is an object (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list, or an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The value as text, or an empty one. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The value as an index, or the one given. */
export function asIndex(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise;
}
