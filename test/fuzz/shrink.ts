/** Cuts a failing input down: stretches are taken out, largest first, for as long as the failure stays. */

/**
 * Returns a smaller input that still fails.
 * @param fails whether an input breaks the same law
 * @param budgetMs how long to look
 */
export function shrink(input: Uint8Array, fails: (input: Uint8Array) => boolean, budgetMs: number): Uint8Array {
  const until = performance.now() + budgetMs;
  let least = input;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let at = 0;
    while (at < least.length && performance.now() < until) {
      const shorter = Buffer.concat([least.subarray(0, at), least.subarray(at + size)]);
      if (fails(shorter)) least = shorter;
      else at += size;
    }
  }
  return least;
}
