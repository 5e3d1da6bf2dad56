/** Where a value stands in a JSON text. */

/** Member names and array indices from the root. */
export type JsonPath = readonly (string | number)[];

/** Formats a path as a JSON pointer (RFC 6901). */
export function toPointer(path: JsonPath): string {
  return path.map((step) => '/' + String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('');
}
