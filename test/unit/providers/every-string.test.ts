import { expect, it } from 'vitest';
import { everyString } from '../../../src/providers/every-string.ts';

it('lists every string with its path, however deep', () => {
  const paths = everyString({ a: ['x', { b: 'y' }], c: 1, d: null }).map(({ path }) => path.join('/'));
  expect(paths.sort()).toEqual(['a/0', 'a/1/b']);

  let deep: unknown = 'x';
  for (let i = 0; i < 20_000; i++) deep = [deep];
  expect(everyString(deep)).toHaveLength(1);
});
