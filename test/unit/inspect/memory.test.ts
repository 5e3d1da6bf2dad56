import { describe, expect, it } from 'vitest';
import type { KnownValue, KnownValues } from '../../../src/detect/match.ts';
import { utf8 } from '../../../src/core/bytes.ts';
import { createMemory } from '../../../src/inspect/memory.ts';

const hour = 60 * 60 * 1000;

/** A set that only tells what it holds. */
class Listed implements KnownValues {
  readonly held: string[] = [];
  readonly longest = 0;
  get size(): number {
    return this.held.length;
  }
  add(value: KnownValue): void {
    this.held.push(Buffer.from(value.bytes).toString());
  }
  scan(): { matches: []; resume: number } {
    return { matches: [], resume: 0 };
  }
}

const memory = () => createMemory(() => new Listed());
const value = (text: string): KnownValue => ({ bytes: utf8(text), rule: 'r', isProtected: false });
const held = (known: KnownValues) => (known instanceof Listed ? known.held.toSorted() : []);

describe('memory', () => {
  it('keeps the values of each identity apart', () => {
    const seen = memory();
    seen.remember('ada', value('one'), 0);
    seen.remember('bob', value('two'), 0);

    expect(held(seen.of('ada', 1))).toEqual(['one']);
    expect(held(seen.of('bob', 1))).toEqual(['two']);
    expect(held(seen.of('eve', 1))).toEqual([]);
  });

  it('forgets a value a day after it was last seen', () => {
    const seen = memory();
    seen.remember('ada', value('old'), 0);
    seen.remember('ada', value('kept'), 0);
    seen.remember('ada', value('kept'), 20 * hour);

    expect(held(seen.of('ada', 23 * hour))).toEqual(['kept', 'old']);
    expect(held(seen.of('ada', 25 * hour))).toEqual(['kept']);
    expect(held(seen.of('ada', 45 * hour))).toEqual([]);
  });

  it('grows the set that is already in use', () => {
    const seen = memory();
    const known = seen.of('ada', 0);
    seen.remember('ada', value('late'), 1);

    expect(held(known)).toEqual(['late']);
  });

  it('forgets the identity used longest ago when there are too many', () => {
    const seen = memory();
    seen.remember('first', value('one'), 0);
    for (let n = 0; n < 1000; n++) seen.remember(`user-${n}`, value('x'), 1);

    expect(held(seen.of('first', 2))).toEqual([]);
    expect(held(seen.of('user-999', 2))).toEqual(['x']);
  });
});
