import { describe, expect, it } from 'vitest';
import { createPatchWriter } from '../../../src/mask/patch.ts';

const place = (text: string): number => text.indexOf('@');

describe('values of several lines in patches', () => {
  it.each([
    ['*** Begin Patch\n*** Update File: a\n@@\n', '+', 'KEY='],
    ['*** Begin Patch\n*** Add File: a\n', '+', ''],
    ['*** Begin Patch\n', '-', 'x '],
    ["apply_patch <<'EOF'\n*** Begin Patch\n", ' ', ''],
  ])('repeat the mark of their line: %j %j', (before, mark, start) => {
    const text = `${before.replace('@@', '..')}${mark}${start}@\n*** End Patch`;
    expect(createPatchWriter(text).valueAt(place(text), 'one\ntwo')).toBe(`one\n${mark}two`);
  });

  it.each(['+KEY=@', '*** Begin Patch\n*** End Patch\n+@', '*** Begin Patch\n*** Update File: @\n'])(
    'stay as they are in %j',
    (text) => {
      expect(createPatchWriter(text).valueAt(place(text), 'one\ntwo')).toBe('one\ntwo');
    },
  );

  const block = (line: string): string => `-----BEGIN TEST KEY-----\n${line}MIIB`;

  it.each([
    ['data:\n  v: |\n    @\n', '    '],
    ['\t\t@', '\t\t'],
    ['*** Begin Patch\n*** Add File: a\n+  @\n*** End Patch', '+  '],
    ['  v: @', ''],
  ])('get the blanks before the first line of a key block before each, in %j', (text, before) => {
    expect(createPatchWriter(text).valueAt(place(text), block(''))).toBe(block(before));
  });
});
