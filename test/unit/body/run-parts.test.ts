import { describe, expect, it } from 'vitest';
import { partViews } from '../../../src/body/run-parts.ts';
import type { View } from '../../../src/body/views.ts';

const hidden = 'some hidden text here';

/** The texts in a run, with how they are encoded. */
function found(run: string): readonly (readonly [string, string])[] {
  const views: View[] = [];
  partViews(Buffer.from(run), { start: 0, end: run.length }, views);
  return views.map(({ encoding, text }) => [encoding, Buffer.from(text).toString()]);
}

describe('the parts of a run', () => {
  it.each([
    ['base64 behind a path', `some/path/of-it/${Buffer.from(hidden).toString('base64')}`, ['base64', hidden]],
    ['hex digits before other letters', `${Buffer.from(hidden).toString('hex')}xyz`, ['hex', hidden]],
    ['UTF-16 behind a path', `a/path/${Buffer.from(hidden, 'utf16le').toString('base64')}`, ['base64-utf16', hidden]],
  ])('are found: %s', (_what, run, expected) => {
    expect(found(run)).toContainEqual(expected);
  });

  it('are none where nothing is text', () => {
    expect(found(Buffer.alloc(90, 0xff).toString('base64'))).toEqual([]);
  });
});
