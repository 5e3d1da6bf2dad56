import { describe, expect, it } from 'vitest';
import { createRemembered } from '../../../src/inspect/remembered.ts';

/** A function that counts its calls. */
function counted(): { readonly make: (text: string) => string; readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    make: (text) => {
      calls.push(text);
      return text.toUpperCase();
    },
  };
}

describe('what is remembered', () => {
  it('is worked out once for each text', () => {
    const { make, calls } = counted();
    const remembered = createRemembered<string>();

    expect(['a', 'b', 'a'].map((text) => remembered.of(text, make))).toEqual(['A', 'B', 'A']);
    expect(calls).toEqual(['a', 'b']);
  });

  it('does not hold long texts', () => {
    const { make, calls } = counted();
    const remembered = createRemembered<string>();
    const long = 'x'.repeat(257);

    expect([remembered.of(long, make), remembered.of(long, make)]).toEqual([long.toUpperCase(), long.toUpperCase()]);
    expect(calls).toHaveLength(2);
  });

  it('begins anew after a thousand', () => {
    const { make, calls } = counted();
    const remembered = createRemembered<string>();
    for (let n = 0; n <= 1000; n += 1) remembered.of(`t${n}`, make);
    remembered.of('t1000', make);
    expect(calls).toHaveLength(1001);

    remembered.of('t0', make);
    expect(calls).toHaveLength(1002);
  });
});
