/** Appending to lists. */

/** Appends one by one: as arguments of `push`, some 120,000 items overflow the stack. */
export function append<T>(target: T[], items: Iterable<T>): void {
  for (const item of items) target.push(item);
}
