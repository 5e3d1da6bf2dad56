import { describe, expect, it } from 'vitest';
import { PathTracker } from '../../../../src/inspect/request/path-tracker.ts';

describe('path tracker', () => {
  it('knows where the text stands and what stood beside it', () => {
    const path = new PathTracker();

    path.enter(true);
    path.named('content');
    path.enter(false);
    path.next();
    path.enter(true);
    path.named('type');
    path.next(Buffer.from('image'));
    path.named('data');

    expect(path.path()).toEqual(['content', 1, 'data']);
    expect(path.memberName).toBe('data');
    expect(path.around().sibling('type')).toBe('image');
    expect(path.around().sibling('type', 2)).toBeUndefined();
    path.leave();
    expect(path.path()).toEqual(['content', 2]);
    expect(path.memberName).toBeUndefined();
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
      path.named(name);
      path.next(Buffer.from(value));
    }

    expect(['type', 'role', 'long'].map((name) => path.around().sibling(name))).toEqual([undefined, 'user', undefined]);
  });
});
