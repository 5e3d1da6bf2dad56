/** Remembers what was found of a value last: several rules judge it one after another, and several checks of each ask the same. */

/** Such a function, which does not work out again what it was asked last. */
export function remembered<R>(judge: (value: string) => R): (value: string) => R {
  let last: { readonly value: string; readonly result: R } | undefined;
  return (value) => {
    if (last?.value !== value) last = { value, result: judge(value) };
    return last.result;
  };
}
