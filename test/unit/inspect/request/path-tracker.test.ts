import { describe, expect, it } from 'vitest';
import { noName, noNumber } from '../../../../src/body/json-document.ts';
import { PathTracker } from '../../../../src/inspect/request/path-tracker.ts';

/** Tells of a member and its value. */
function member(path: PathTracker, name: string, value: string): void {
  const bytes = Buffer.from(`"${value}"`);
  path.named(name, noNumber);
  path.nextString(bytes, 1, bytes.length - 1);
}

describe('path tracker', () => {
  it('knows where the text stands and what stood beside it', () => {
    const path = new PathTracker();

    path.enter(true);
    path.named('content', 7);
    path.enter(false);
    path.next();
    path.enter(true);
    member(path, 'type', 'image');
    path.named('data', 8);

    expect(path.path()).toEqual(['content', 1, 'data']);
    expect(path.valueName).toBe('data');
    expect(path.valueNumber).toBe(8);
    expect(path.around().sibling('type')).toBe('image');
    expect(path.around().sibling('type', 2)).toBeUndefined();
    path.leave();
    expect(path.path()).toEqual(['content', 2]);
    expect(path.valueName).toBe('content');
    expect(path.valueNumber).toBe(7);
    path.leave();
    path.leave();
    expect(path.valueName).toBeUndefined();
    expect(path.valueNumber).toBe(noName);
  });

  it('does not believe a name that stood twice, and forgets what is long', () => {
    const path = new PathTracker();
    path.enter(true);
    for (const [name, value] of [
      ['type', 'image'],
      ['type', 'text'],
      ['role', 'user'],
      ['role', 'user'],
      ['long', 'x'.repeat(200)],
    ] as const) {
      member(path, name, value);
    }

    expect(['type', 'role', 'long'].map((name) => path.around().sibling(name))).toEqual([undefined, 'user', undefined]);
  });
});
